import { useEffect } from 'react';
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import { Contrast, Save } from 'lucide-react';
import { tellOrigin } from '../../charts/figureSvg.ts';
import { bytes, num } from '../../charts/format.ts';
import { en } from '../messages/en.ts';
import { resolved } from '../messages/language.ts';
import { Btn, Chip, Progress } from '../controls/Basics.tsx';
import { Pick } from '../controls/Pick.tsx';
import { CopyLink } from '../share/CopyLink.tsx';
import { shareDone, type JobState, type RunState } from '../state/runSlice.ts';
import { currentAsset } from '../state/select.ts';
import { engineChoice } from '../state/setupSlice.ts';
import type { AppState } from '../state/store.ts';
import { valueOf } from '../state/types.ts';
import { useApp, useAppStore } from '../state/useApp.ts';
import type { Language } from '../state/kinds.ts';
import { SWITCH } from './useLanguage.ts';
import { isDark } from './useTheme.ts';

/** Where a picture that is saved now comes from. */
function originOf(state: AppState): string {
  const run = valueOf(state.current);
  const parts = [
    valueOf(state.dataset)?.name,
    currentAsset(state)?.name,
    run && en.runName(run.name),
    run && `${en.engine.seed} ${run.job.seed}`,
  ];
  return en.share.origin(parts.filter((part): part is string => typeof part === 'string' && part !== ''));
}

export function TopBar({ onChooseFile }: { readonly onChooseFile: () => void }) {
  const store = useAppStore();
  useEffect(() => tellOrigin(() => originOf(store.getState())), [store]);
  return (
    <header className="top">
      <h1 className="brand">
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
          <circle cx="7" cy="7" r="6.2" fill="none" stroke="var(--ink)" strokeWidth="1.4" />
          <circle cx="7" cy="7" r="3" fill="var(--event)" />
        </svg>
        {en.name}
      </h1>
      <DatasetMenu onChooseFile={onChooseFile} />
      <AssetPick />
      <EngineMenu />
      <RunPart />
      <span className="grow" />
      <Facts />
    </header>
  );
}

function DatasetMenu({ onChooseFile }: { readonly onChooseFile: () => void }) {
  const dataset = useApp((s) => valueOf(s.dataset));
  const datasets = useApp((s) => s.datasets);
  const bundled = useApp((s) => valueOf(s.catalogue)?.bundled);
  const opening = useApp((s) => (s.page === 'data' ? s.plan?.name : undefined));
  const store = useAppStore();
  const { chooseDataset, chooseBundled } = store.getState();
  const own = datasets.filter((entry) => entry.origin === 'file');
  const shown = opening ?? dataset?.name ?? en.top.noDataset;
  return (
    <MenuTrigger>
      <Button className="pick" aria-label={`${en.top.dataset}: ${shown}`} data-tour="data">
        <span>{shown}</span>
      </Button>
      <Popover placement="bottom start">
        <Menu
          className="menu"
          onAction={(key) => {
            const [kind, id] = String(key).split(/:(.*)/s);
            if (kind === 'open') onChooseFile();
            else if (kind === 'bundled') void chooseBundled(id ?? '');
            else void chooseDataset(id ?? '');
          }}
        >
          <MenuSection className="menu-section">
            <MenuItem id="open:" className="menu-item" textValue={en.top.open}>
              <span className="label">{en.top.open}</span>
            </MenuItem>
          </MenuSection>
          {own.length > 0 && (
            <MenuSection className="menu-section">
              <Header className="menu-head">{en.top.yours}</Header>
              {own.map((entry) => (
                <MenuItem key={entry.id} id={`own:${entry.id}`} className="menu-item" textValue={entry.name}>
                  <span className="label">{entry.name}</span>
                </MenuItem>
              ))}
            </MenuSection>
          )}
          <MenuSection className="menu-section">
            <Header className="menu-head">{en.top.examples}</Header>
            {(bundled ?? []).map((entry) => (
              <MenuItem key={entry.id} id={`bundled:${entry.id}`} className="menu-item" textValue={entry.title}>
                <span className="label">{entry.title}</span>
                <span className="note">{en.engineText(entry.about)}</span>
              </MenuItem>
            ))}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** Only where a data set holds several assets. */
function AssetPick() {
  const assets = useApp((s) => valueOf(s.dataset)?.assets);
  const assetName = useApp((s) => s.assetName);
  const { chooseAsset } = useAppStore().getState();
  if (!assets || assets.length < 2) return null;
  return (
    <Pick
      label={en.top.asset}
      options={assets.map((asset) => ({ id: asset.name, label: asset.name }))}
      value={assetName}
      onPick={(name) => void chooseAsset(name)}
    />
  );
}

function EngineMenu() {
  const engines = useApp((s) => valueOf(s.catalogue)?.engines);
  const choice = useApp(engineChoice);
  const preset = useApp((s) => s.preset);
  const changed = useApp((s) => Object.keys(s.changed).length);
  const { chooseEngine, choosePreset } = useAppStore().getState();
  const title = choice ? en.engineText(choice.title) : en.steps.none;
  const settings = `${preset}${changed > 0 ? '*' : ''}`;
  return (
    <MenuTrigger>
      <Button
        className="pick"
        aria-label={`${en.top.engine}: ${title} ${settings}`}
        isDisabled={!engines}
        data-tour="engine"
      >
        <span>{title}</span>
        <span className="hint fixed">{settings}</span>
      </Button>
      <Popover placement="bottom start">
        <Menu
          className="menu"
          onAction={(key) => {
            const [id, wanted] = String(key).split(/:(.*)/s);
            if (id === undefined || wanted === undefined) return;
            chooseEngine(id);
            choosePreset(wanted);
          }}
        >
          {(engines ?? []).map((engine) => (
            <MenuSection key={engine.id} className="menu-section">
              <Header className="menu-head">{en.engineText(engine.title)}</Header>
              {Object.keys(engine.presets).map((name) => (
                <MenuItem key={name} id={`${engine.id}:${name}`} className="menu-item" textValue={name}>
                  <span className="label">{name}</span>
                  {engine.id === choice?.id && name === preset && <span className="hint">✓</span>}
                </MenuItem>
              ))}
            </MenuSection>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function RunPart() {
  const run = useApp((s) => s.run);
  const canRun = useApp((s) => s.dataset.is === 'ready' && s.engineId !== null && !(s.page === 'data' && s.plan));
  const { startRun } = useAppStore().getState();
  const isBusy = run.is === 'running';
  return (
    <>
      <Btn
        look="primary"
        kbd="R"
        data-tour="run"
        isDisabled={!canRun || isBusy}
        onPress={() => void startRun()}
        {...(!canRun && { tip: en.top.noRun })}
      >
        {en.top.run}
      </Btn>
      {isBusy && <RunProgress run={run} />}
    </>
  );
}

/** The loss that stands for the others: the one called loss, else the first. */
function mainLoss(job: JobState): number | null {
  const last = job.losses.at(-1);
  if (!last) return null;
  return last['loss'] ?? Object.values(last)[0] ?? null;
}

function RunProgress({ run }: { readonly run: Extract<RunState, { is: 'running' }> }) {
  const { pauseRun, resumeRun, cancelRun, goTo } = useAppStore().getState();
  const loss = mainLoss(run);
  const phase = run.phase === 'training' && run.epochs > 0 ? en.top.epoch(run.epoch, run.epochs) : en.phases[run.phase];
  return (
    <>
      <div className="progress">
        <Button className="btn quiet small" onPress={() => goTo('run')}>
          {phase}
        </Button>
        <Progress share={shareDone(run)} label={phase} />
        {loss !== null && (
          <span>
            {en.top.loss} {num(loss)}
          </span>
        )}
        {run.paused ? (
          <span className="hint">{en.top.paused}</span>
        ) : (
          run.secondsLeft !== null && <span className="hint only-wide">{en.top.left(run.secondsLeft)}</span>
        )}
        <span className="visually-hidden" role="status">
          {phase}
        </span>
      </div>
      {run.paused ? (
        <Btn look="quiet" small onPress={() => void resumeRun()}>
          {en.top.resume}
        </Btn>
      ) : (
        <Btn look="quiet" small className="only-wide" onPress={() => void pauseRun()}>
          {en.top.pause}
        </Btn>
      )}
      <Btn look="quiet" small isDisabled={run.cancelling} onPress={cancelRun}>
        {run.cancelling ? en.top.cancelling : en.top.cancel}
      </Btn>
    </>
  );
}

function Facts() {
  const device = useApp((s) => s.device);
  const foreign = useApp((s) => s.foreignRequests);
  const isSaved = useApp((s) => s.dataset.is === 'ready');
  const { setView } = useAppStore().getState();
  return (
    <>
      {device.is === 'ready' ? (
        <Chip
          text={
            <>
              {en.top.device[device.value.backend]}{' '}
              {device.value.bytes > 0 && <span className="hint only-wide">{bytes(device.value.bytes)}</span>}
            </>
          }
          tip={`${device.value.reason}. ${device.value.detail}`}
        />
      ) : (
        <Chip
          text={device.is === 'failed' ? en.top.deviceNone : en.top.deviceAsking}
          tip={device.is === 'failed' ? device.error.message : en.top.deviceAsking}
        />
      )}
      <Chip className="only-wide" text={en.top.requests(foreign)} tip={en.top.requestsTip} />
      {isSaved && <StorageButton />}
      <CopyLink />
      <LanguageSwitch />
      <Btn look="quiet" icon aria-label={en.top.theme} onPress={() => setView({ theme: isDark() ? 'light' : 'dark' })}>
        <Contrast size={14} aria-hidden="true" />
      </Btn>
    </>
  );
}

/** That work is kept, and how much of it no file holds; opens storage and project files. */
function StorageButton() {
  const behind = useApp((s) => (s.safety ? s.safety.acts + s.safety.runs : 0));
  const { openStorage } = useAppStore().getState();
  return (
    <Btn
      look="quiet"
      small
      className="storage-button"
      aria-label={en.project.open}
      tip={behind > 0 ? `${en.project.keptTip} ${en.project.behind(behind)}.` : en.project.keptTip}
      onPress={() => void openStorage()}
    >
      <Save size={14} aria-hidden="true" />
      <span className="only-wide">{en.project.kept}</span>
    </Btn>
  );
}

/** Says the other language by its own name, so that whoever cannot read this one finds it. */
function LanguageSwitch() {
  const now = useApp((s) => resolved(s.language));
  const { setView } = useAppStore().getState();
  const other: Language = now === 'en' ? 'zh' : 'en';
  return (
    <Btn look="quiet" icon className={SWITCH} aria-label={en.top.language} onPress={() => setView({ language: other })}>
      <span aria-hidden="true">{en.top.languageMark}</span>
    </Btn>
  );
}
