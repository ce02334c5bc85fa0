import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { billOfMaterials, licencesText } from './materials.ts';
import { installed, isPermissive, packageOf, withNeeds } from './packages.ts';
import type { Package } from './packages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const made = (name: string, license: string, text: string): Package => ({
  ...{ name, version: '1.2.3', license, text, dependencies: {} },
});

describe('licences', () => {
  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['MIT AND ISC', true],
    ['MIT AND GPL-3.0', false],
    ['GPL-3.0', false],
    ['', false],
    ['Apache-2.0 WITH LLVM-exception', false],
  ])('%s is permissive: %s', (expression, expected) => {
    expect(isPermissive(expression)).toBe(expected);
  });

  it('finds the package of a module past folders that only name a kind of module', () => {
    const path = `${root}node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm`;
    expect(existsSync(path)).toBe(true);
    expect(packageOf(`${path}?url`)).toMatchObject({ name: '@tensorflow/tfjs-backend-wasm', license: 'Apache-2.0' });
    expect(packageOf(`${root}src/ui/main.tsx`)).toBeNull();
    expect(packageOf('\0rolldown/runtime.js')).toBeNull();
  });

  it('follows what a package needs', () => {
    const names = withNeeds(root, 'workbox-precaching').map(({ name }) => name);
    expect(names).toContain('workbox-core');
    expect(() => installed(root, 'no-such-package')).toThrow('no-such-package is not installed');
  });

  it('prints a text once, under all packages that it is of', () => {
    const text = licencesText([made('a', 'MIT', 'the text'), made('b', 'MIT', 'the text'), made('c', 'ISC', '')]);
    expect(text.split('the text')).toHaveLength(2);
    expect(text).toContain('a 1.2.3 (MIT)\nb 1.2.3 (MIT)\n\nthe text');
    expect(text).toContain('c 1.2.3 (ISC)\n\nThe package names its licence');
  });
});

describe('bill of materials', () => {
  const packages = [made('@scope/own', 'MIT', ''), made('plain', '(MIT OR Apache-2.0)', '')];

  it('is CycloneDX 1.6 and the same bytes each time', () => {
    const text = billOfMaterials('0.1.0', packages);
    expect(billOfMaterials('0.1.0', packages)).toBe(text);
    const bom = JSON.parse(text);
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 });
    expect(bom.metadata.component).toMatchObject({ type: 'application', name: 'telltale', version: '0.1.0' });
    expect(bom.components).toMatchObject([
      {
        type: 'library',
        group: '@scope',
        name: 'own',
        purl: 'pkg:npm/%40scope/own@1.2.3',
        licenses: [{ license: { id: 'MIT' } }],
      },
      { name: 'plain', purl: 'pkg:npm/plain@1.2.3', licenses: [{ expression: '(MIT OR Apache-2.0)' }] },
    ]);
    const { dependencies } = bom as { dependencies: { ref: string; dependsOn?: string[] }[] };
    expect(dependencies.find(({ ref }) => ref === 'telltale@0.1.0')?.dependsOn).toHaveLength(2);
  });
});
