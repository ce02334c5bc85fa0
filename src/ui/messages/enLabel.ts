/** The strings of the Label page and of everything that labels elsewhere; part of `en`. */
import { count, duration, num } from '../../charts/format.ts';
import type { Reason } from '../../engine/query/types.ts';
import type { Verdict } from '../../engine/labels/types.ts';
import { many } from './words.ts';

const signed = (value: number, digits = 3) =>
  `${value > 0 ? '+' : value < 0 ? '−' : '±'}${Math.abs(value).toFixed(digits)}`;

/** Why a window is asked about, in one sentence. */
function reason(why: Reason, score: number, by: 'error' | 'run'): string {
  const [at, what] = [num(score), by === 'run' ? 'score' : 'mean error'];
  switch (why.kind) {
    case 'top':
      return `Its ${what} ${at} ranks ${count(why.rank)} of ${count(why.of)} windows not asked yet.`;
    case 'interval':
      return `Drawn at random from interval ${why.bin} of ${why.of} by ${what}, ${num(why.low)} to ${num(why.high)}; its own is ${at}.`;
    case 'uncertain':
      return `Its ${what} ${at} is ${num(why.distance)} from the threshold ${num(why.threshold)}: one answer decides most here.`;
    case 'diverse':
      return Number.isFinite(why.distance)
        ? `Least like what was asked: ${num(why.distance)} standard deviations from the nearest; its ${what} is ${at}.`
        : `The first of windows chosen to be unlike each other; its ${what} is ${at}.`;
    case 'random':
      return `Drawn at random from ${count(why.of)} windows; its ${what} is ${at}.`;
  }
}

function reasonChip(why: Reason): string {
  switch (why.kind) {
    case 'top':
      return `top ${why.rank} of ${count(why.of)}`;
    case 'interval':
      return `interval ${why.bin} of ${why.of}`;
    case 'uncertain':
      return 'near the threshold';
    case 'diverse':
      return 'unlike the others';
    case 'random':
      return 'at random';
  }
}

const verdicts: Readonly<Record<Verdict, string>> = { anomalous: 'anomalous', normal: 'normal', unsure: 'unsure' };

export const labelEn = {
  label: {
    title: 'Label',
    progress: (done: number, of: number) => `${count(done)} of ${count(of)}`,
    verdicts,
    letters: { anomalous: 'A', normal: 'N', unsure: 'U' } as Readonly<Record<Verdict, string>>,
    page: {
      noData: 'No data set is open',
      noDataText: 'Labels belong to a data set. Open one first.',
      noRun: 'No run to ask questions from',
      noRunText:
        'Run an engine first: it proposes the windows that are worth a look. Ranges can be labelled on Review without one.',
      toReview: 'To Review',
      reading: 'Reading your labels',
      panel: 'Panel',
      closePanel: 'Close the panel',
      tabs: { round: 'Round', labels: 'Labels', people: 'People', settings: 'Settings' },
      aside: 'Labelling',
    },
    start: {
      title: (n: number) => (n === 1 ? 'Teach the engine' : `Round ${n}`),
      text: (left: number, windowLength: string, where: string) =>
        `The engine proposes up to ${many(left, 'window')} of ${windowLength} (asked about: ${where}). You say whether each is anomalous, then it learns from your answers.`,
      ask: 'Ask me',
      settings: 'Change how it asks',
      asking: 'Choosing windows',
      spent: 'The budget is spent',
      spentText: (budget: number) =>
        `All ${many(budget, 'window')} are answered. Raise the budget under Settings to go on, or export the labels.`,
      none: 'No window is left to ask about',
      noneText:
        'Every window of the pool carries a label. Widen the pool or shorten the windows under Settings, or take labels back, and ask again.',
      again: 'Ask again',
    },
    question: {
      number: (n: number) => `Question ${count(n)}`,
      of: (budget: number, round: number) => `of ${count(budget)}, round ${round}`,
      reason,
      span: (from: string, to: string) => `${from} to ${to}`,
      chip: reasonChip,
      ask: 'Is this window anomalous?',
      carried: (parts: string) => `Carried by ${parts}.`,
      part: (name: string, share: string) => `${name} ${share}`,
      event: (number: number, steps: string, window: string) => `Event ${number} covers ${steps} of its ${window}.`,
      noEvent: 'No event touches it.',
      context: 'window in context',
      yours: 'Your label',
      paintHint: 'drag to paint',
      lanes: 'The window in its context',
      answered: (verdict: Verdict, about: string) =>
        `Answered: ${verdicts[verdict]}${about === '' ? '' : `, about ${about} alone`}. Another key changes it.`,
      draft: 'Painted, not said yet: press A.',
      draftScope: 'Other sensors chosen, not said yet: press A, N or U.',
      about: 'About',
      painted: (length: string) => `${length} painted, the rest normal`,
      whole: 'whole window',
      notUsed: 'not used to learn',
      edge: (side: 'start' | 'end', at: string) => `${side === 'start' ? 'Start' : 'End'} at ${at} moves`,
      attention: 'What it attends to',
      similar: 'Windows like this',
      overview: 'Whole series',
      score: (threshold: string) => `threshold ${threshold}`,
    },
    hints: {
      paint: 'paint',
      drag: 'drag',
      erase: 'erase',
      nudge: 'move the edge',
      edge: 'other edge',
      flagged: 'paint what is flagged',
      scope: 'which sensors',
      undo: 'undo, no limit',
      move: 'next, previous',
    },
    done: {
      title: (round: number) => `Round ${round} is answered`,
      text: (answers: number, anomalous: number) =>
        `${many(answers, 'window')}, ${count(anomalous)} anomalous. Every answer can still be changed.`,
    },
    round: {
      budget: 'Budget',
      budgetOf: (budget: number, length: string) => `${many(budget, 'window')} of ${length}`,
      answered: (n: number) => `${count(n)} answered`,
      left: (n: number) => `${count(n)} left`,
      pace: (left: number, ms: number, each: number) =>
        `${count(left)} left, about ${duration(ms)} at your pace (${duration(each)} each)`,
      rounds: 'Rounds',
      one: (n: number) => `Round ${n}`,
      states: { open: '', taught: 'to decide', kept: 'kept', 'rolled-back': 'rolled back' },
      counted: (done: number, of: number) => `${done} of ${of}`,
      byHand: 'labels by hand',
      goTo: (n: number, of: string) => `Question ${n}, ${of}`,
      noAnswer: 'no answer yet',
      yours: 'Your answers',
      painted: (length: string) => `${length} anomalous`,
      bin: 'Interval',
      binTip: 'Interval 1 holds the highest scores.',
      scores: { error: 'mean error', run: 'mean score' },
      range: (low: number, high: number) => `${num(low, 2)} to ${num(high, 2)}`,
      answers: 'answers',
      all: 'all',
      fall: 'Where the questions fall',
      windows: (n: number, by: string, log: boolean) => `${many(n, 'window')} by ${by}${log ? ', log' : ''}`,
      histogram: (n: number, by: string) => `${many(n, 'window')} by ${by}, with the asked ones marked`,
      curve: 'Over the rounds',
      curveHead: { round: 'Round', answers: 'answers', changed: 'changed', perAnswer: 'per answer' },
      curveMetric: (title: string) => title,
      stop: 'Another round?',
      stopGo: (per: string) => `The last round changed ${per} events an answer: more answers still teach.`,
      stopFlat: (per: string, first: string) =>
        `The last round changed ${per} events an answer, the first ${first}: the gain is flattening, you may stop here.`,
      stopUnknown: 'After two rounds this says whether another one is worth your time.',
      before: 'Before you learn again',
      beforeText: (normal: string, anomalous: string, epochs: number) =>
        `Fine-tuning learns to expect ${normal} normal better and ${anomalous} anomalous worse, in ${many(epochs, 'epoch')}. Unsure teaches nothing. The run it starts from stays as it is.`,
      beforeSettle: (normal: string, anomalous: string) =>
        `The members of the council are weighed so that ${anomalous} anomalous stand out from ${normal} normal; what each has learned stays. Both kinds are needed. The run it starts from stays as it is.`,
      unteachable: (engine: string) =>
        `${engine} has nothing that labels could change. They are kept and judge its events; to learn from them, run an engine that rebuilds its windows, such as M2AD or the Transformer, or the council.`,
      nothing: 'Nothing to learn from yet: answer some questions or label ranges first.',
      fineTune: 'Fine-tune',
      fineTuneNow: 'Fine-tune now',
      busy: 'Another run is under way.',
      stopHere: 'Stop here',
      next: 'Next round',
    },
    teaching: {
      title: (round: number) => `Round ${round}: learning from your answers`,
      go: 'You can look around and label on Review meanwhile; that counts in the next round.',
      cancel: 'Cancel',
    },
    compare: {
      title: (round: number) => `Round ${round} applied`,
      loading: 'Comparing the two runs',
      summary: (stayed: number, vanished: number, appeared: number, moved: number) =>
        `${many(stayed, 'event')} stayed, ${count(vanished)} vanished, ${count(appeared)} appeared${moved > 0 ? `, ${count(moved)} moved` : ''}`,
      keep: 'Keep it',
      rollBack: 'Roll back',
      both: 'Score, both runs',
      before: 'before',
      after: 'after',
      over: (name: string, threshold: string) => `${name}, over ${threshold}`,
      file: 'file label',
      change: 'Change',
      event: 'Event',
      length: 'Length',
      shift: 'Moved by',
      kinds: { appeared: 'appeared', vanished: 'vanished', moved: 'moved', stayed: 'stayed' },
      noChange: 'No event changed.',
      nothingTaken: 'This round changed nothing.',
      nothingTakenText: (epochs: number, times: string) =>
        `After each of its ${many(epochs, 'epoch')} training windows were rebuilt worse than the bound allows, at best ${times} times it, so the model stayed as it was. Roll back, then under Settings, Learning raise the bound on the training error, lower the learning rate or take fewer epochs, and fine-tune again: your answers stay.`,
      partTaken: (taken: number, epochs: number) =>
        `Epoch ${taken} of ${epochs} was taken: after it training windows were rebuilt worse than the bound allows.`,
      metric: 'Metric',
      delta: 'change',
      signed,
      where: (from: string, steps: string) =>
        `on the evaluation part alone: from ${from}, ${steps} that no question was asked about`,
      noMetrics: 'The file has no labels, so there are no metrics: judge by the events.',
      oracle: 'uses file labels',
      fold: 'Fold',
      unfold: 'Show',
    },
    list: {
      none: 'No labels yet',
      noneText: 'Answer questions, or on Review draw a range in the lanes and press A, N or U.',
      head: { verdict: 'Verdict', start: 'Start', length: 'Length', by: 'By', origin: 'From', note: 'Note' },
      origins: {
        query: 'question',
        lane: 'lanes',
        event: 'event',
        similar: 'alike',
        import: 'file',
        synthetic: 'synthetic',
      },
      remove: 'Remove this label',
      note: 'Note',
      keptBefore: 'Kept in this browser:',
      keptAfter: 'acts, each of which can be undone.',
      undo: 'Undo',
      redo: 'Redo',
      export: 'Export',
      import: 'Import',
      imported: (n: number, file: string, format: string) => `${many(n, 'label')} from ${file}, read as ${format}.`,
      problems: (n: number) => many(n, 'line was', 'lines were') + ' left out:',
      counts: (a: number, n: number, u: number) => `${count(a)} anomalous, ${count(n)} normal, ${count(u)} unsure`,
      show: 'Show in the lanes',
      scope: 'Which sensors it is about',
      scopeAll: 'all sensors',
      scopeSystem: 'system',
      scopeSensors: (n: number) => many(n, 'sensor'),
    },
    people: {
      you: 'You',
      name: 'Your name',
      nameHelp: 'Stands on every label you make and names your layer.',
      layers: 'Layers',
      layersText: 'Every annotator is a layer; so is every imported file.',
      merge: 'Add a layer from a file',
      head: { layer: 'Layer', labels: 'labels', anomalous: 'anomalous', normal: 'normal' },
      agreement: 'Agreement',
      pair: 'Pair',
      kappa: 'Cohen’s κ',
      kappaTip: 'Agreement on the steps that both labelled, beyond what chance would give: 1 is full, 0 is chance.',
      f1: 'event F1',
      f1Tip: 'Anomalous ranges that meet one of the other layer, counted both ways.',
      both: 'steps both',
      one: 'With a second layer you see here how far you agree, and where not.',
      comparing: 'Comparing the layers',
      adjudicate: 'To be decided',
      decide: (n: number) => `${many(n, 'range')} on which layers differ`,
      allAgree: 'The layers agree wherever they speak of the same steps.',
      says: (layer: string, verdict: Verdict) => `${layer}: ${verdicts[verdict]}`,
    },
    settings: {
      asking: 'Asking',
      strategy: 'Strategy',
      score: 'Rank by',
      scores: { error: 'mean error', run: 'score of the run' },
      scoreHelp: 'Mean error is the paper’s choice: the mean of |observed − expected| over sensors and steps.',
      window: 'Window',
      windowHelp: 'Steps of a question. The paper asks about windows of 50 that do not overlap.',
      budget: 'Budget',
      budgetHelp: 'Windows you are willing to answer, over all rounds.',
      pool: 'Ask about',
      poolPart: (ratio: string) => `first ${ratio} of the judged part`,
      poolWhole: 'all of the judged part',
      poolAll: 'all of the series',
      poolAuto: 'automatic',
      poolHelp:
        'What is not asked about stays for evaluation. Automatic: the first 40 % where the file has labels to evaluate on, all of the judged part where it has none.',
      seed: 'Seed',
      seedHelp: 'The same seed asks the same questions and hides the same steps.',
      feedback: 'Learning',
      preset: 'Preset',
      presets: { gentle: 'Gentle (default)', paper: 'Paper' } as Readonly<Record<string, string>>,
      presetHelp:
        'Gentle keeps what the model knows of normal operation; the paper’s own settings hide steps, learn a hundred times faster and set no bound, which can make scores worse.',
      presetNone: 'changed by hand',
      steps: 'steps',
      windows: 'windows',
    },
    alike: {
      title: 'Windows like this',
      finding: 'Looking for windows like this',
      text: 'Untick what is different, then say all of the rest at once.',
      none: 'Nothing like it was found outside your labels.',
      distance: (share: string) => `${share} alike`,
      accept: (n: number) => `Label ${many(n, 'window')}`,
      close: 'Close',
      take: (start: string) => `Take ${start} along`,
      show: 'Show',
    },
    unsaved: {
      title: (acts: number) => `${many(acts, 'act')} on your labels ${acts === 1 ? 'is' : 'are'} not saved`,
      text: 'They are safe in this tab while it stays open, and are tried again with the next one.',
      download: 'Download all labels now',
      retry: 'Save again',
    },
    review: {
      label: 'Label',
      yours: 'Label this range',
      confirm: 'Confirm',
      reject: 'Reject',
      asAnomalous: 'Anomalous',
      asNormal: 'Normal',
      asUnsure: 'Unsure',
      similar: 'Find alike',
      clear: 'Remove labels',
      said: (verdict: Verdict) => `you said ${verdicts[verdict]}`,
    },
    keys: {
      anomalous: 'Anomalous',
      normal: 'Normal',
      unsure: 'Unsure',
      next: 'Next question',
      previous: 'Previous question',
      nudgeLeft: 'Move the edge earlier',
      nudgeRight: 'Move the edge later',
      edge: 'Other edge',
      scope: 'Choose the sensors it is about',
      flagged: 'Paint what is flagged',
      erase: 'Erase what is painted',
      similar: 'Windows like this',
      undo: 'Undo a label',
      redo: 'Redo a label',
      fineTune: 'Fine-tune',
      ask: 'Ask the next questions',
      keep: 'Keep the new run',
      rollBack: 'Roll back to the run before',
      clear: 'Remove labels in the range',
    },
  },
};
