/**
 * Compiles the AssemblyScript kernels (src/engine/tensor/kernels/assembly) to WebAssembly, once with plain SIMD and
 * once with relaxed SIMD, and writes both as base64 to ../binary.ts, which is committed: a bare clone needs no compiler
 * to run, and kernels.test.ts checks that building again gives the same bytes.
 *
 *   node tools/kernels.mjs           writes binary.ts
 *   node tools/kernels.mjs --check   exits 1 if binary.ts is not what the sources give
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = 'src/engine/tensor/kernels/assembly';
const target = join(root, 'src/engine/tensor/kernels/binary.ts');

const VARIANTS = { PLAIN: 'simd', RELAXED: 'simd,relaxed-simd' };

async function compile(features) {
  let binary = null;
  const { error, stderr } = await asc.main(
    [
      `${folder}/index.ts`,
      ...['-O3', '--noAssert', '--importMemory', '--runtime', 'stub', '--disableWarning', '112'],
      ...['--enable', features, '--outFile', 'kernels.wasm'],
    ],
    {
      readFile: (name, base) => {
        try {
          return readFileSync(join(base === '.' ? root : base, name), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (name, contents) => {
        if (name === 'kernels.wasm') binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || binary === null) throw new Error(`The kernels do not compile.\n${stderr.toString()}`);
  return binary;
}

/** The text of binary.ts for the sources as they are. */
export async function generate() {
  const lines = [
    '/** Compiled from assembly/ by `node tools/kernels.mjs`: do not edit. Each is a WebAssembly module in base64. */',
  ];
  for (const [name, features] of Object.entries(VARIANTS)) {
    const text = Buffer.from(await compile(features)).toString('base64');
    lines.push(`export const ${name} =`, `  '${text}';`);
  }
  return `${lines.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await generate();
  if (process.argv.includes('--check')) {
    const same = readFileSync(target, 'utf8') === text;
    console.log(same ? 'binary.ts is what the sources give.' : 'binary.ts is stale: run node tools/kernels.mjs');
    process.exitCode = same ? 0 : 1;
  } else {
    writeFileSync(target, text);
    console.log(`${target}: ${text.length} characters`);
  }
}
