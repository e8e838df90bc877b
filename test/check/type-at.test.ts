import { describe, expect, test } from 'vitest';
import { check } from '../../src/check.js';
import { createMemoryHost } from '../../src/memory-host.js';

/** The description of what is at the first `|` in a text, which is taken out. */
function typeAtMark(marked: string, others: Readonly<Record<string, string>> = {}): string | undefined {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  return check('main.arch', createMemoryHost({ 'main.arch': text, ...others })).typeAt(offset)?.description;
}

const body = (lines: string) => `layer A(D: int, deep = true)(x: Tensor[N, T], mask: Tensor<bool>[N]?) -> Tensor[N, D] {\n${lines}\n}\n`;

const block = (lines: string, model = 'return x -> fc: Linear(8)') =>
  `model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n  ${model}\n}\ntrain T for M {\n  input x2: Tensor[K, 8]\n${lines}\n}\n`;

describe('what is at an offset', () => {
  test.each([
    ['a variable', body('  y = x + 1\n  return |y -> Linear(D)'), 'a tensor [N, T]'],
    ['a name that is assigned', body('  (|y, z) = (x @ x.T, x)\n  return y @ z -> Linear(D)'), 'a tensor [N, N]'],
    ['a stage', body('  return x -> Lin|ear(D)'), 'the layer `Linear`'],
    ['a pipeline', body('  return x -> Linear(D) |-> relu'), 'a tensor [N, D]'],
    ['a hyperparameter', body('  return x -> Linear(|D)'), 'the size `D`'],
    ['an operator', body('  return (x * 2) |@ (x.T) -> Linear(D)'), 'a tensor [N, N]'],
    ['an interpolation', body('  return x -> "fc{|D}": Linear(D)'), 'the size `D`'],
    ['a branch that is not taken', body('  if deep { |x = x * 2 } else { x = x }\n  return x -> Linear(D)'), 'a tensor [N, T]'],
    ['a size', body('  let k = 2 * |T\n  return x -> Linear(k) -> Linear(D)'), 'the size `T`'],
    ['an optional input', body('  h = if mask? { where(|mask[:, .., none], x, 0) } else { x }\n  return h -> Linear(D)'), undefined],
    ['a constant of the file', 'let width = 3 * |4\n', 'the integer 4'],
    [
      'a compile-time function',
      `let twice(v) = 2 * |v\nfn f(x: Tensor[N, K]) -> Tensor[N, K] { let k = twice(K)\n  return x * k }\n`,
      'the size `K`',
    ],
    ['a comment', '# |nothing\nlet a = 1\n', undefined],
    ['a variable of a train block', block('  other = model(x2)\n  loss = mean(|other)\n  optimizer sgd(lr = 0.1)'), 'a tensor [K, 8]'],
    ['a value that is tapped', block('  loss = mean(tap("f*") |- y)\n  optimizer sgd(lr = 0.1)'), 'a tensor [1, N, 8]'],
    ['a train block without an optimizer', block('  teacher = frozen M\n  loss = mean(|teacher(x2))'), 'the layer `M`'],
    ['a train block whose model has mistakes', block('  loss = mean(|y)\n  metric m = z', 'return x -> fc: Linear(7)'), 'a tensor [N, 8]'],
    ['the library', body('  return x -> |relu -> Linear(D)'), 'the function `relu`'],
  ])('%s', (_, text, wanted) => {
    expect(typeAtMark(text)).toBe(wanted);
  });

  test('a tensor has its element type and its sizes', () => {
    const text = 'model M(ids: Tensor<i64>[N, T]) -> (y: Tensor[N, T, 8]) { return ids -> Embedding(100, 8) }\n';
    const at = check('main.arch', createMemoryHost({ 'main.arch': text })).typeAt(text.indexOf('->', text.indexOf('{')));
    expect(at?.tensor).toEqual({ dtype: 'f32', shape: ['N', 'T', 8] });
    expect(text.slice(at?.span.start, at?.span.end)).toBe('ids -> Embedding(100, 8)');
  });
});

describe('where a name is declared', () => {
  const config = 'config Sizes { |width = 8, head: int? = none } where width % 2 == 0\n';
  const head = 'layer A(D: int, s: float, c: Sizes, f: fn, act: fn = gelu, of: layer, k: int? = none)';
  const inputs = '(x: Tensor[*B, T, K], m: Tensor<bool>[T]?, s2: Tensor[c.width, 2 * K])';
  const layer = `${head}${inputs} -> (out: Tensor[*B, T, D], also: Tensor[2 * K, New])\n  where T % 2 == 0\n{\n  return out\n}\n`;
  const sizes = config.replace('|', '');

  /** A text with the mark before a part of it. */
  const marked = (text: string, part: string, from = '') => {
    const at = text.indexOf(part, text.indexOf(from));
    return `${text.slice(0, at)}|${text.slice(at)}`;
  };

  test.each([
    ['a field of a record', config, 'the size `width`'],
    ['an integer', marked(sizes + layer, 'D: int'), 'the size `D`'],
    ['a float', marked(sizes + layer, 's: float'), 'a number'],
    ['a record', marked(sizes + layer, 'c: Sizes'), 'a record `Sizes`'],
    ['a function', marked(sizes + layer, 'f: fn'), 'a function'],
    ['a function with a default', marked(sizes + layer, 'act: fn'), 'the function `gelu`'],
    ['a layer', marked(sizes + layer, 'of: layer'), 'a layer'],
    ['what may be `none`', marked(sizes + layer, 'k: int?'), 'the size `k`, or `none`'],
    ['an input', marked(sizes + layer, 'x: Tensor'), 'a tensor [B0, B1, T, K]'],
    ['an optional input', marked(sizes + layer, 'm: Tensor'), 'a tensor bool[T], or `none`'],
    ['a size of an input', marked(sizes + layer, 'K]', 's2'), 'the size `K`'],
    ['a formula in an input', marked(sizes + layer, '* K]'), 'the size `2*K`'],
    ['a field in an input', marked(sizes + layer, 'width, 2'), 'the size `c.width`'],
    ['a size of a result', marked(sizes + layer, 'D], also'), 'the size `D`'],
    ['a formula in a result', marked(sizes + layer, '* K, New'), 'the size `2*K`'],
    ['an output', marked(sizes + layer, 'out: Tensor'), 'a tensor [B0, B1, T, D]'],
    ['a hyperparameter of a model', 'model M(|D = 8)(x: Tensor[N, 4]) -> (y: Tensor[N, D]) { return x -> Linear(D) }\n', 'the size `D`'],
    ['an output of a model', 'model M(x: Tensor[N, 4]) -> (|y: Tensor[N, R]) { return x -> Linear(8) }\n', 'a tensor [N, 8]'],
    ['a size that the result decides', 'fn f(x: Tensor[N, 4]) -> Tensor[N, |R] { return concat(x, x, axis = 1) }\n', 'the integer 8'],
    ['an option of a function', 'fn f(x: Tensor[N], |by = 2.0) -> Tensor[N] { return x * by }\n', 'a number'],
    ['an input of an entry', 'model M(d = 4) { entry e(|x: Tensor[N, d]) -> (y: Tensor[N, d]) { return x } }\n', 'a tensor [N, d]'],
    ['a size of an entry', 'model M(d = 4) { entry e(x: Tensor[N, d]) -> (y: Tensor[N, |d]) { return x } }\n', 'the size `d`'],
    ['a parameter', body('  param |w: Tensor[D, T] = zeros\n  return x @ w.T'), 'a tensor [D, T]'],
    [
      'a state',
      'model M(x: Tensor[N]) -> (y: Tensor[N]) {\n  state |h: Tensor[N] = zeros\n  next h = h + x\n  return h\n}\n',
      'a tensor [N]',
    ],
    ['a constant of a body', body('  let |k = 2 * D\n  return x -> Linear(k) -> Linear(D)'), 'the size `2*D`'],
    ['a constant of a file', 'let |width = 3 * 4\n', 'the integer 12'],
    ['constants of a file', 'let (a, |b) = (1, 2.5)\n', 'the number 2.5'],
    [
      'a parameter of a compile-time function',
      'let twice(|v) = 2 * v\nfn f(x: Tensor[N, K]) -> Tensor[N, K] { return x * twice(K) }\n',
      'the size `K`',
    ],
    [
      'what a scan carries',
      `fn f(x: Tensor[N, T]) -> Tensor[N] {
  scan a over x axis 1 carry |h: Tensor[N] = zeros { next h = h + a }
  return h
}
`,
      'a tensor [N]',
    ],
  ])('%s', (_, text, wanted) => {
    expect(typeAtMark(text)).toBe(wanted);
  });

  test('the place is the name', () => {
    const text = 'model M(D = 8)(x: Tensor[N, 4]?) -> (y: Tensor[N, D]) { return zeros([N, D]) }\n';
    const file = check('main.arch', createMemoryHost({ 'main.arch': text }));
    const at = (part: string) => {
      const found = file.typeAt(text.indexOf(part));
      return found && [text.slice(found.span.start, found.span.end), found.tensor?.shape];
    };
    expect(at('D = 8')).toEqual(['D', undefined]);
    expect(at('x: T')).toEqual(['x', ['N', 4]]);
    expect(at('Tensor')).toBe(undefined);
  });

  test('nothing else is said about a declaration that was looked at', () => {
    const text = sizes + layer;
    const file = check('main.arch', createMemoryHost({ 'main.arch': text }));
    file.typeAt(text.indexOf('D: int'));
    const fresh = check('main.arch', createMemoryHost({ 'main.arch': `${text} ` })).diagnostics;
    expect(file.next(`${text} `).diagnostics).toEqual(fresh);
  });
});

describe('with mistakes', () => {
  test('in the same declaration, what does not depend on them has a type', () => {
    expect(typeAtMark(body('  y = x + nothing\n  z = |x * 2\n  return z -> Linear(D)'))).toBe('a tensor [N, T]');
    expect(typeAtMark(body('  y = x + nothing\n  return |y'))).toBe(undefined);
  });

  test('of the syntax, too', () => {
    expect(typeAtMark(body('  y = x -> softmax(axis = )\n  z = x -> Linear(4)\n  return |z'))).toBe('a tensor [N, 4]');
  });

  test('in an `as`, the shape is that of the tensor, also in what follows', () => {
    for (const as of ['[N, 4]', '[N]', 'Tensor<i64>[N, T]']) {
      expect(typeAtMark(body(`  y = x -> relu as |${as}\n  return y -> Linear(D)`))).toBe('a tensor [N, T]');
      expect(typeAtMark(body(`  y = x -> relu as ${as}\n  return |y -> Linear(D)`))).toBe('a tensor [N, T]');
    }
  });

  test('in another declaration, its signature says what it gives', () => {
    const user = 'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 5]) {\n  h = x -> A(5)\n  return |h\n}\n';
    expect(typeAtMark(`${user}${body('  return x -> Lin')}`)).toBe('a tensor [N, 5]');
    expect(typeAtMark(`${user}${body('  return x -> (')}`)).toBe('a tensor [N, 5]');
  });

  test('a use of a layer with a syntax error in its body is still checked', () => {
    const text = `layer L(x: Tensor[N, 8]) -> Tensor[N, 8] {\n  h = x ->\n  return h\n}\nmodel P(x: Tensor[N, 8]) -> (y: Tensor[N, 9]) {\n  q = x -> L\n  return q\n}\n`;
    const codes = check('main.arch', createMemoryHost({ 'main.arch': text })).diagnostics.map((d) => d.code);
    expect(codes).toHaveLength(2);
    expect(codes[1]).toBe('result-mismatch');
  });

  test('and nothing that was looked at is reported by a later check, or missing from it', () => {
    const text = body('  y = x + nothing\n  return y -> Linear(D)');
    const first = check('main.arch', createMemoryHost({ 'main.arch': text }));
    for (let offset = 0; offset < text.length; offset++) first.typeAt(offset);
    const second = first.next(`\n${text}`);
    expect(second.diagnostics.map((d) => d.code)).toEqual(['unknown-name']);
    expect(second.next(text.replace('nothing', '1')).diagnostics.map((d) => d.code)).toEqual(['unused-hyperparameter']);
  });
});

test('the types of an earlier text cannot be asked for', () => {
  const first = check('main.arch', createMemoryHost({ 'main.arch': 'let a = 1\n' }));
  first.next('let a = 2\n');
  expect(() => first.typeAt(8)).toThrow('another text of this file was given to `next`');
});

test('after an error of the host, the next text must be checked first', () => {
  const memory = createMemoryHost({ 'main.arch': 'import { w } from "./b.arch"\nlet v = w\n', 'b.arch': 'let w = 4\n' });
  let isBroken = false;
  const read = (path: string) => {
    if (isBroken && path === 'b.arch') throw new Error('the disk is gone');
    return memory.read(path);
  };
  const text = memory.read('main.arch') ?? '';
  const first = check('main.arch', { ...memory, read });
  isBroken = true;
  expect(() => first.next(text)).toThrow('the disk is gone');
  expect(() => first.typeAt(text.length - 2)).toThrow('`next` threw an error');
  isBroken = false;
  const second = first.next(text);
  expect(second.typeAt(text.length - 2)?.description).toBe('the integer 4');
  expect(() => first.typeAt(0)).toThrow('another text of this file was given to `next`');
});

test('the file of an import has types, too', () => {
  const files = { 'main.arch': 'import { w } from "./b.arch"\nlet v = w\n', 'b.arch': 'let w = 4\n' };
  expect(check('main.arch', createMemoryHost(files)).typeAt(8, 'b.arch')?.description).toBe('the integer 4');
});
