import { expect, test } from 'vitest';
import type { File } from '../../src/1-syntax/ast.js';
import { defaultLimits } from '../../src/1-syntax/limits.js';
import { type ParsedFile, parseAgain } from '../../src/1-syntax/parse-again.js';
import { Report } from '../../src/diagnostics/report.js';
import { randomEdits } from '../kit/random-edits.js';
import { examples, type Parsed, read, samples } from './corpus.js';

function readAgain({ file, diagnostics }: Parsed, text: string): Parsed {
  const before: ParsedFile = { file, mistakes: diagnostics.map(({ span }) => span) };
  const report = new Report();
  return { file: parseAgain(before, text, report, defaultLimits), diagnostics: report.diagnostics };
}

const two = `let a = 1

## The second.
fn second(x: Tensor[N]) -> Tensor[N] { return x + "k{a}" }

let c = 3 # the last
`;

function itemsKept(before: File, after: File): number {
  return after.items.filter((item) => before.items.includes(item)).length;
}

test('a declaration whose text is the same keeps its tree, with spans that are right in the next text', () => {
  const before = read(two);
  const items = [...before.file.items];
  const text = two.replace('let a = 1', 'let a = 1_000 # more');
  const after = readAgain(before, text);
  expect(after.file.items.slice(1)).toEqual(items.slice(1));
  expect(after.file.items[1]).toBe(items[1]);
  expect(after.file.items[2]).toBe(items[2]);
  for (const { span } of after.file.items) expect(text.slice(span.start, span.end)).toMatch(/^(?:let|fn)\b.*[}0-9]$/);
});

test('so does one next to a mistake', () => {
  const before = read(two);
  const [, second] = before.file.items;
  const broken = readAgain(before, two.replace('let a = 1', 'let a = ('));
  expect(broken.diagnostics).toHaveLength(1);
  expect(broken.file.items[1]).toBe(second);
  const mended = readAgain(broken, two);
  expect(mended.diagnostics).toEqual([]);
  expect(mended.file.items[1]).toBe(second);
});

test('another comment above a declaration makes it a different one', () => {
  const before = read(two);
  const [first, second] = before.file.items;
  const after = readAgain(before, two.replace('The second', 'The third'));
  expect(after.file.items[0]).toBe(first);
  expect(after.file.items[1]).not.toBe(second);
  expect(after.file.items[1]).toMatchObject({ doc: 'The third.' });
});

test.each([...examples, ...samples])('$name read again after random edits is what a first reading gives', ({ text }) => {
  const edits = randomEdits(
    text,
    samples.map((sample) => sample.text),
    text.length,
  );
  let now = read(text);
  let kept = 0;
  for (let i = 0; i < 60; i++) {
    const edit = edits.next().value;
    const before = now.file;
    now = readAgain(now, edit.text);
    const fresh = read(edit.text);
    expect(JSON.stringify(now), edit.what).toBe(JSON.stringify(fresh));
    kept += itemsKept(before, now.file);
  }
  expect(kept).toBeGreaterThan(0);
});
