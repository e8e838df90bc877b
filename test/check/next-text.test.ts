import { expect, test } from 'vitest';
import { type CheckedFile, check } from '../../src/check.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { checkedAgain } from '../kit/checked-again.js';

test('80 random edits of files with models give what new checks give', () => {
  expect(checkedAgain(80, 7)).toMatchObject({ edits: 80 });
}, 300_000);

test('a change of one declaration leaves alone what does not depend on it', () => {
  const text = `layer A()(x: Tensor[N]) -> Tensor[N] { return x + 1 }
layer B()(x: Tensor[N]) -> Tensor[N] { return x -> A }
layer C()(x: Tensor[N]) -> Tensor[N] { return x * 2 }
model M(x: Tensor[N]) -> (y: Tensor[N]) { return x -> B -> C }
`;
  let now = check('main.arch', createMemoryHost({ 'main.arch': text }));
  expect(now.checkedAgain).toBe(undefined);
  now = now.next(text.replace('x * 2', 'x * 3'));
  expect(now.checkedAgain).toEqual(['C', 'M']);
  now = now.next(`# more\n\n${text.replace('x * 2', 'x * 3')}`);
  expect(now.checkedAgain).toEqual([]);
  now = now.next(text.replace('x + 1', 'x + )'));
  expect(now.checkedAgain).toEqual(['A', 'B', 'C', 'M']);
  expect(now.diagnostics.map((d) => d.code)).toEqual(['unmatched-bracket']);
});

test('the result of an earlier text stays what it was', () => {
  const text = 'fn f(x: Tensor[N]) -> Tensor[M] { return x }\n';
  const first = check('main.arch', createMemoryHost({ 'main.arch': text }));
  const before = JSON.stringify(first.diagnostics);
  first.next(`\n\n${text}`);
  expect(JSON.stringify(first.diagnostics)).toBe(before);
});

test('files that are imported are read again', () => {
  const files = { 'main.arch': 'import { w } from "./b.arch"\nfn f(x: Tensor[4]) -> Tensor[w] { return x }\n', 'b.arch': 'let w = 4\n' };
  const host = createMemoryHost(files);
  const first = check('main.arch', { ...host, read: (path) => (path in files ? files[path as keyof typeof files] : undefined) });
  expect(first.diagnostics).toEqual([]);
  files['b.arch'] = 'let w = 5\n';
  const second = first.next(files['main.arch']);
  expect(second.diagnostics.map((d) => d.code)).toEqual(['result-mismatch']);
  files['b.arch'] = 'let w = 4\n';
  expect(second.next(files['main.arch']).diagnostics).toEqual([]);
});

test('what a body leaves open is known in later uses, even if its first use was a trial', () => {
  const text = `let keep(c, a, b) = if c { a } else { b }
config C { D = 384, frames = 1500, depth = 2, heads = 6 } where D % heads == 0
layer Inner(c: C)(x: Tensor[N, S, c.D]) -> Tensor[N, S, c.D] { return x -> _: Linear(c.D) }
layer Outer(c: C)(x: Tensor[N, c.D, c.frames]) -> Tensor[N, c.frames, c.D] {
  for i in 0..c.depth { x = x -> layers[i]: Inner(c) }
  return x -> rearrange([N, D, T] => [N, T, D])
}
model M(c: C)(x: Tensor[N, c.D, c.frames]) -> (y: Tensor[N, c.frames, c.D]) { return x -> Outer(c) }
`;
  const fresh = (now: string) => check('main.arch', createMemoryHost({ 'main.arch': now })).diagnostics;
  let now = check('main.arch', createMemoryHost({ 'main.arch': text }));
  for (const next of [`${text}let unused = 1\n`, text.replace('layers[i]', 'layer[i]'), text]) {
    now = now.next(next);
    expect(now.diagnostics).toEqual(fresh(next));
  }
});

test('the sources are those of a new check, in the same order', () => {
  const using = 'import { w } from "./b.arch"\nmodel M(x: Tensor[N, T]) -> (y: Tensor[N, w]) { return x -> Linear(w) }\n';
  const host = createMemoryHost({ 'main.arch': using, 'b.arch': 'let w = 4\n' });
  const first = check('main.arch', host);
  expect([...first.sources.keys()]).toEqual(['main.arch', 'b.arch']);
  const second = first.next('let a = 4\n');
  expect([...second.sources.keys()]).toEqual(['main.arch']);
  expect([...second.next(using).sources.keys()]).toEqual(['main.arch', 'b.arch']);
});

test('a name that a misspelled import may have meant is reported once the import is gone', () => {
  const model = 'model M(x: Tensor[N]) -> (y: Tensor[N]) { return x -> Residual }\n';
  const host = createMemoryHost({ 'main.arch': model, 'b.arch': 'layer Residual(x: Tensor[*S]) -> Tensor[*S] { return x }\n' });
  const codes = (file: CheckedFile) => file.diagnostics.map((d) => d.code);
  const wrong = `import { Residul } from "./b.arch"\n${model}`;
  const first = check('main.arch', host).next(wrong);
  expect(codes(first)).toEqual(['unknown-import']);
  const second = first.next(model);
  expect(codes(second)).toEqual(['unknown-name']);
  const third = second.next(wrong);
  expect(codes(third)).toEqual(['unknown-import']);
  expect(codes(third.next(wrong.replace('Residul', 'Residual')))).toEqual([]);
});
