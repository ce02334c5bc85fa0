/** Every error that the engine and the worker can give has its message and cure in Chinese, read off their sources. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { engineText } from './zhEngine.ts';
import { ERRORS } from './zhErrors.ts';

const sources = import.meta.glob<string>(
  ['../../engine/**/*.ts', '../../workers/*.ts', '!../../**/*.{test,testkit,check}.ts'],
  { eager: true, query: '?raw', import: 'default' },
);

/** Every text that an expression may come to, with {} for what is filled in; null where it cannot be read off. */
function textsOf(node: ts.Node, named: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isIdentifier(node)) return named.get(node.text) ?? null;
  if (ts.isParenthesizedExpression(node)) return textsOf(node.expression, named);
  if (ts.isTemplateExpression(node))
    return [node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join('')];
  const both = ts.isConditionalExpression(node)
    ? ([node.whenTrue, node.whenFalse] as const)
    : ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken
      ? ([node.left, node.right] as const)
      : null;
  const [one, other] = both?.map((part) => textsOf(part, named)) ?? [null, null];
  if (!one || !other) return null;
  return ts.isConditionalExpression(node) ? [...one, ...other] : one.flatMap((a) => other.map((b) => a + b));
}

/** Helpers that make errors of what they are given: which of their arguments is the message, and which the cure. */
const HELPERS: Readonly<Partial<Record<string, (texts: readonly string[]) => readonly string[]>>> = {
  'npy.ts refuse': ([, , why, cure]) => [`{} ${why}.`, cure],
  'lines.ts bad': ([message, cure]) => [message, cure],
  'weights.ts refuse': ([message]) => [message],
  'liveSource.ts refused': ([message]) => [message],
  'zip.ts corrupt': ([, why]) => [why],
};

type Found = { readonly place: string; readonly texts: readonly string[] };

function errorsIn(path: string, source: string): Found[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const short = path.split('/').at(-1) ?? '';
  const named = new Map<string, readonly string[]>();
  const found: Found[] = [];
  const argument = (node: ts.Expression | undefined): readonly string[] => (node && textsOf(node, named)) ?? [''];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
      const texts = textsOf(node.initializer, named);
      if (texts) named.set(node.name.text, texts);
    }
    const place = `${short}:${file.getLineAndCharacterOfPosition(node.pos).line + 1}`;
    if (ts.isNewExpression(node) && node.expression.getText() === 'EngineError') {
      const said: readonly (ts.Expression | undefined)[] = node.arguments ?? [];
      const [code, , message, cure] = said;
      // What only a bug can show is for those who mend it.
      if (code?.getText() !== "'bug'") found.push({ place, texts: [...argument(message), ...argument(cure)] });
    }
    if (ts.isCallExpression(node)) {
      const told = HELPERS[`${short} ${node.expression.getText()}`];
      if (told) found.push({ place, texts: told(node.arguments.map((one) => argument(one)[0] ?? '')) });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const errors = Object.entries(sources).flatMap(([path, source]) => errorsIn(path, source));
const MARKS = ['①', '②', '③', '④', '⑤', '⑥'];
const marked = (text: string): string => MARKS.reduce((said, mark) => said.replace('{}', mark), text);

describe('errors', () => {
  it('are found in the sources', () => {
    expect(errors.length).toBeGreaterThan(150);
  });

  it('have message and cure in Chinese, with everything that is filled in', () => {
    const untold = errors.flatMap(({ place, texts }) =>
      texts
        .map(marked)
        .filter((text) => /[a-z]{3}/i.test(text))
        .filter((text) => {
          const said = engineText(text);
          return !/[\u4e00-\u9fff]/.test(said) || MARKS.some((mark) => text.includes(mark) && !said.includes(mark));
        })
        .map((text) => `${place} ${text}`),
    );
    expect(untold).toEqual([]);
  });

  it('fill only places that there are', () => {
    for (const [text, said] of Object.entries(ERRORS)) {
      const places = text.split('{}').length - 1;
      const used = [...said.matchAll(/\{(\d)\}/g)].map(([, n]) => Number(n));
      expect(Math.max(-1, ...used), text).toBeLessThan(places);
    }
  });

  it('come with their own numbers and names', () => {
    expect(engineText('pump has 12 training rows; one window needs 100')).toBe(
      'pump 有 12 个训练行；一个窗口需要 100 行',
    );
    expect(engineText('the run file is damaged: arrays/z_TS.npy is missing')).toBe(
      '运行文件已损坏：缺少 arrays/z_TS.npy',
    );
    expect(engineText('parameter "window" is 3; allowed is 10 to 200')).toBe('参数“window”为 3；允许 10 至 200');
    expect(engineText('nothing that is known')).toBe('nothing that is known');
  });
});
