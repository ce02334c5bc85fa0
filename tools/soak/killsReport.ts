/** The record of kills (KILL_RECORD of e2e/kill.spec.ts) in words and as a table. */

export type Kill = {
  readonly seed: number;
  readonly journey: string;
  readonly way: string;
  readonly acts: number;
  readonly runs: number;
  readonly datasets: number;
};

export function killsTold(kills: readonly Kill[]): string {
  const each = (of: (kill: Kill) => string): string[] => [...new Set(kills.map(of))];
  const ways = each(({ way }) => way);
  const many = (journey: string, way?: string): number =>
    kills.filter((kill) => kill.journey === journey && (way === undefined || kill.way === way)).length;
  const seeds = each(({ seed }) => String(seed));
  // What had been acknowledged in each browser when its last kill was over.
  const last = seeds.flatMap((seed) => kills.filter((kill) => String(kill.seed) === seed).slice(-1));
  const sum = (of: (kill: Kill) => number): number => last.reduce((all, kill) => all + of(kill), 0);
  return [
    `**${kills.length} kills, nothing acknowledged lost, nothing half written shown** (seeds ${seeds.join(', ')}). When the last kill of each browser was over, they held ${sum(({ acts }) => acts)} acknowledged acts on labels, ${sum(({ runs }) => runs)} runs and ${sum(({ datasets }) => datasets)} data sets of their own.`,
    '',
    `| journey | ${ways.join(' | ')} | all |`,
    `| --- |${' --: |'.repeat(ways.length + 1)}`,
    ...each(({ journey }) => journey).map(
      (journey) => `| ${journey} | ${ways.map((way) => many(journey, way)).join(' | ')} | ${many(journey)} |`,
    ),
  ].join('\n');
}
