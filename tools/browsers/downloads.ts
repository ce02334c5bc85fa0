/** A folder of its own that a browser saves into. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SOON_MS = 30_000;

export class Downloads {
  readonly folder = mkdtempSync(join(tmpdir(), 'telltale-downloads-'));

  /** Text of the file whose name matches, once it is there. */
  async text(name: RegExp): Promise<string> {
    for (const from = Date.now(); Date.now() - from < SOON_MS;) {
      const file = readdirSync(this.folder).find((entry) => name.test(entry));
      const text = file === undefined ? '' : readFileSync(join(this.folder, file), 'utf8');
      if (text !== '') return text;
      await new Promise((wake) => setTimeout(wake, 100));
    }
    throw new Error(`no file like ${name.source} was saved; there: ${readdirSync(this.folder).join(', ')}`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
