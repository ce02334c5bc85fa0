/** A project to the parts of a file: a zip of JSON, NumPy arrays and run files, the same bytes for the same project. */
import * as v from 'valibot';
import { zipParts } from '../bundle/archive.ts';
import { hexDigest } from '../bundle/digest.ts';
import { jsonBytes } from '../bundle/json.ts';
import { journal as journalShape } from '../bundle/shapes.ts';
import { writeBundle } from '../bundle/write.ts';
import { WRITER } from '../bundle/writer.ts';
import { checkManifest, FORMAT, MANIFEST, memberOf, VERSION } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import type { ProjectDraft } from './project.ts';
import { seriesFiles } from './series.ts';
import { generatorFiles, setFiles } from './studio.ts';

const isRun = (name: string): boolean => name.startsWith('runs/');

/**
 * The file in parts, in order. Calls `checkpoint` often enough to be cancelled within a moment. Throws
 * EngineError('bad-input', 'project-content' or 'bundle-content') for what could not be read back.
 */
export async function writeProject(project: ProjectDraft, checkpoint: () => Promise<void>): Promise<Uint8Array[]> {
  const { data, series, journals, generators, sets, settings, savedAtMs } = project;
  const files: [string, Uint8Array][] = [[memberOf.settings, jsonBytes(settings)]];
  const runs: Manifest['runs'] = [];
  for (const [n, { asset, changedAtMs, bundle }] of project.runs.entries()) {
    await checkpoint();
    const made = await bundle();
    runs.push({ id: made.facts.run.id, asset, changedAtMs });
    files.push([memberOf.run(n), await writeBundle(made, checkpoint)]);
  }
  journals.forEach((entries, n) => {
    // Fields in the order of the schema, so that what was read is written as the same bytes.
    if (entries.length > 0) files.push([memberOf.labels(n), jsonBytes(v.parse(journalShape, entries))]);
  });
  generators.forEach((generator, n) => files.push(...generatorFiles(n, generator)));
  sets.forEach((set, n) => files.push(...setFiles(n, set)));
  series?.forEach((one, n) => files.push(...seriesFiles(n, one)));
  const members: Manifest['members'] = {};
  for (const [name, bytes] of files) {
    await checkpoint();
    members[name] = { bytes: bytes.length, sha256: await hexDigest([bytes]) };
  }
  const manifest = checkManifest({
    ...{ format: FORMAT, version: VERSION, writer: WRITER, savedAt: new Date(savedAtMs).toISOString() },
    data: { ...data, copied: series !== null },
    ...{ runs, generators: generators.length, sets: sets.length, members },
  });
  return zipParts(new Map([[MANIFEST, jsonBytes(manifest)], ...files]), checkpoint, isRun);
}
