import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKERS } from './golden/checkers.ts';

const repository = join(import.meta.dirname, '..');
const goldens = join(repository, 'src/engine/eval/goldens');
const golden = (folder: string) => {
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', 'tools/golden.ts', folder], {
    cwd: repository,
    encoding: 'utf8',
  });
  return { status, lines: stdout.trim().split('\n') };
};

describe('npm run golden', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'golden-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('passes what is right, below any folder and under any name', () => {
    cpSync(join(goldens, '14-twelve-points.json'), join(folder, 'deep/other-name.json'), { recursive: true });
    writeFileSync(join(folder, 'notes.json'), '{"hello": 1}');
    expect(golden(folder)).toEqual({
      status: 0,
      lines: ['passed  deep/other-name.json (17 checks)', '1 passed, 0 failed, 0 skipped'],
    });
  });
  it('fails what is wrong or broken, skips what it does not know, and says so by its exit code', () => {
    const wrong = readFileSync(join(goldens, '14-twelve-points.json'), 'utf8').replace(
      /"averagePrecision": ?0\.6/,
      '"averagePrecision": 0.5',
    );
    writeFileSync(join(folder, 'deep/other-name.json'), wrong);
    writeFileSync(join(folder, 'broken.json'), '{"schema": ');
    writeFileSync(join(folder, 'later.json'), '{"schema": "golden-later/1"}');
    const { status, lines } = golden(folder);
    expect(status).toBe(1);
    expect(lines[0]).toMatch(/^failed {2}broken\.json \(not JSON/);
    expect(lines[1]).toMatch(/^failed {2}deep\/other-name\.json \(1 of 17: averagePrecision: .*want 0\.54/);
    expect(lines[2]).toMatch(/^skipped later\.json/);
    expect(lines[3]).toBe('0 passed, 2 failed, 1 skipped');
  });
  it('says when there is no such folder', () => {
    expect(golden(join(folder, 'nowhere')).status).toBe(2);
  });
});

describe('model files', () => {
  const titleOf = (json: unknown) => CHECKERS.find(({ reads }) => reads(json))?.title;
  it.each([
    [{ name: 'amsl_cosine', expected: {} }, 'AMSL'],
    [{ name: 'transformer_wide', expected: {} }, 'Transformer backbone'],
    [{ name: 'anomaly_transformer', expected: {} }, 'Anomaly Transformer'],
    [{ name: 'second', spec: { section: 'USAD' }, expected: {} }, 'USAD'],
    [{ name: 'usad' }, undefined],
  ])('%j', (json, title) => {
    expect(titleOf(json)).toBe(title);
  });
});
