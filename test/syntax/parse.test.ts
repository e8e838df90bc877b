import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { examples, read, samples } from './corpus.js';
import { treeText } from './tree-text.js';

test.each([...examples, ...samples])('$name parses to its tree', async ({ name, text }) => {
  const { file, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  await expect(treeText(file.items, text)).toMatchFileSnapshot(resolve(import.meta.dirname, 'trees', `${name.replace('.arch', '')}.txt`));
});

test('spans cover what they name', () => {
  const text = '\uFEFFlet a = (1 + 2) * b.c[0]\r\n## d\r\nmodel M(x: Tensor[N]) -> Tensor[N] {\r\n  return x -> "p{a}q": F(1)\r\n}\r\n';
  const { file, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { kind, span } = node as { kind?: string; span?: { start: number; end: number } };
    if (kind !== undefined && span !== undefined) found.push(`${kind}: ${text.slice(span.start, span.end).replaceAll('\r\n', '/')}`);
    for (const [key, value] of Object.entries(node)) if (!/span$/i.test(key)) visit(value);
  };
  visit(file.items);
  expect(found).toEqual([
    'let: let a = (1 + 2) * b.c[0]',
    'binary: (1 + 2) * b.c[0]',
    'binary: 1 + 2',
    'number: 1',
    'number: 2',
    'index: b.c[0]',
    'member: b.c',
    'name: b',
    'at: 0',
    'number: 0',
    'model: model M(x: Tensor[N]) -> Tensor[N] {/  return x -> "p{a}q": F(1)/}',
    'return: return x -> "p{a}q": F(1)',
    'pipe: x -> "p{a}q": F(1)',
    'name: x',
    'label: "p{a}q": F(1)',
    'string: "p{a}q"',
    'name: a',
    'call: F(1)',
    'name: F',
    'number: 1',
    'tensor-type: Tensor[N]',
    'size: N',
    'name: N',
    'tensor-type: Tensor[N]',
    'size: N',
    'name: N',
  ]);
  expect(file.items[1]).toMatchObject({ doc: 'd' });
});

test('documentation belongs to the next declaration, everything else is a comment', () => {
  const { file } = read('## not for an import\nimport { a } from "b"\n## one\n# two\n##three\nlet a = 1  ## behind\n## dangling\n');
  expect(file.items[1]).toMatchObject({ kind: 'let', doc: 'one\nthree' });
  expect(file.comments.map(({ text, ownLine }) => [text, ownLine])).toEqual([
    ['## not for an import', true],
    ['# two', true],
    ['## behind', false],
    ['## dangling', true],
  ]);
});

test('soft keywords are names wherever they are not keywords', () => {
  const words =
    'state next scan over carry emit named on with entry input axis by train freeze lora optimizer loss metric assert where config cond reverse empty'.split(
      ' ',
    );
  for (const word of words) {
    const text = `layer L(${word} = 1)(x: Tensor[${word}]) -> Tensor[N] {\n  ${word} = f(${word}, ${word} = 2) -> ${word}: G\n  y = x[${word}] + ${word}.${word}\n  return ${word}\n}\n`;
    expect([word, read(text).diagnostics.map((d) => d.message)]).toEqual([word, []]);
  }
});

test('a bracket continues an expression only on its own line', () => {
  const { file, diagnostics } = read('fn f(x: Tensor[N]) -> Tensor[N] {\n  a = x\n  (b, c) = g(a)\n  [1]\n  return a\n}');
  expect(diagnostics).toEqual([]);
  expect(file.items[0]).toMatchObject({
    body: { statements: [{ kind: 'assign' }, { kind: 'assign' }, { kind: 'expr-stmt' }, { kind: 'return' }] },
  });
});

test('every declaration of a file full of mistakes is there', () => {
  const text = `let a = )
layer One(x Tensor[N]) -> Tensor[N] { return x + }
layer Two(x: Tensor[N] -> Tensor[N] {
  y = f(x
  return y
}
fn three(x: Tensor[N]) -> Tensor[N] {
  for in x { y = 1 }
  return x
model Four(x: Tensor[N]) -> Tensor[N] {
  let = 3
  if x = 2 { z = 1 ]
  return @
}}
train Five for Four { loss cross_entropy() freeze }
let six = 6
`;
  const { file, diagnostics } = read(text);
  const names = file.items.map((item) => ('name' in item ? item.name.text : item.kind));
  expect(names).toEqual(['error-item', 'One', 'Two', 'three', 'Four', 'Five', 'six']);
  expect(diagnostics.length).toBeGreaterThanOrEqual(9);
});
