/** Archives that name the sums of their members, changed past those sums. */
import { createHash } from 'node:crypto';
import { bytesOfText, mutateContent, mutatePath } from '../mutate.ts';
import { hostileZip, zipped } from '../pack.ts';
import type { Random } from '../random.ts';
import type { FuzzFile, Input } from '../types.ts';

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The manifest with sizes and sums of the members as they are now. */
function summed(files: readonly FuzzFile[]): FuzzFile[] {
  const members = Object.fromEntries(
    files
      .filter(({ path }) => path !== 'manifest.json')
      .map(({ path, bytes }) => [path, { bytes: bytes.length, sha256: sha(bytes) }]),
  );
  return files.map((file) => {
    if (file.path !== 'manifest.json') return file;
    try {
      const manifest = JSON.parse(Buffer.from(file.bytes).toString('utf8')) as object;
      return { ...file, bytes: bytesOfText(JSON.stringify({ ...manifest, members })) };
    } catch {
      return file;
    }
  });
}

/** Members changed one by one, sums mended, packed again: past the checks of the archive. */
export function hostileMembers(seeds: readonly Input[], r: Random, path: string): Input {
  let files = [...mutatedMember(r.pick(seeds), r)];
  if (r.chance(0.1)) files.push({ path: mutatePath('x.json', r), bytes: bytesOfText('{}') });
  if (r.chance(0.05)) files.splice(r.int(files.length), 1);
  files = r.chance(0.95) ? summed(files) : files;
  return [{ path, bytes: r.chance(0.95) ? zipped(files) : hostileZip(files, r) }];
}

/** JSON members are where most of what can be wrong lies. */
function mutatedMember(files: Input, r: Random): Input {
  const all = [...files];
  for (let n = r.pick([1, 1, 1, 2, 3]); n > 0; n--) {
    const json = all.flatMap(({ path }, at) => (path.endsWith('.json') ? [at] : []));
    const at = r.chance(0.8) ? r.pick(json) : r.int(all.length);
    all[at] = { ...all[at], bytes: mutateContent(all[at].bytes, r, r.pick(all).bytes) };
  }
  return all;
}
