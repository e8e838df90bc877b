import { describe, expect, test } from 'vitest';
import { tokenize } from '../../grammar/scanner.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { isLong } from '../kit/samples.js';
import { examples, read } from './corpus.js';

const head = 'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n';
/** A body in a model whose other lines are sound. */
const inBody = (lines: string) => `${head}  ${lines}\n  return x\n}\n`;

function apply(text: string, d: Diagnostic): string {
  const edits = [...(d.fixes[0]?.edits ?? [])].sort((a, b) => b.span.start - a.span.start);
  return edits.reduce((all, { span, text: by }) => all.slice(0, span.start) + by + all.slice(span.end), text);
}

/** Name, text, code, marked text, and the text after the fix; null if there is no fix. */
type Case = readonly [name: string, text: string, code: string, marked: string, fixed: string | null];

const cases: readonly Case[] = [
  ['a `)` left out', inBody('a = f(x'), 'unclosed-bracket', '(', inBody('a = f(x)')],
  [
    'a `)` left out before a stage',
    `${head}  return x\n    -> a: A(1, b = 2\n    -> c\n}\n`,
    'unclosed-bracket',
    '(',
    `${head}  return x\n    -> a: A(1, b = 2)\n    -> c\n}\n`,
  ],
  ['a `]` left out', inBody('a = x[0'), 'unclosed-bracket', '[', inBody('a = x[0]')],
  ['a `)` left out before a body', 'layer A(n: int {\n}\n', 'unclosed-bracket', '(', null],
  ['a `}` left out', `${head}  return x\nlet a = 1\n`, 'unclosed-bracket', '{', `${head}  return x\n}\nlet a = 1\n`],
  ['a `}` left out inside', `${head}  if a {\n    b = 1\n  return x\n}\n`, 'unclosed-bracket', '{', null],
  ['a `}` too many', `${head}  return x\n}\n}\nlet a = 1\n`, 'unmatched-bracket', '}', `${head}  return x\n}\n\nlet a = 1\n`],
  ['a `)` too many', inBody('a = f(x))'), 'unmatched-bracket', ')', inBody('a = f(x)')],
  ['the wrong bracket', inBody('a = f(x]'), 'mismatched-bracket', ']', inBody('a = f(x)')],
  ['`=` in a condition', inBody('if n = 2 { a = 1 }'), 'assignment-in-condition', '=', inBody('if n == 2 { a = 1 }')],
  [
    '`=` in a fact',
    'fn f(x: Tensor[N]) -> Tensor[N] where N = 2 { return x }',
    'assignment-in-condition',
    '=',
    'fn f(x: Tensor[N]) -> Tensor[N] where N == 2 { return x }',
  ],
  ['`:=`', inBody('a := 1'), 'colon-equals', ':=', inBody('a = 1')],
  ['`;`', inBody('a = 1; b = 2;'), 'semicolon', ';', inBody('a = 1\n b = 2')],
  ['`//` on a line', inBody('// a note'), 'slash-comment', '//', inBody('# a note')],
  ['`//` on lines', inBody("// it's a note\n  // and (another one"), 'slash-comment', '//', inBody("# it's a note\n  # and (another one")],
  ['`//` after code', inBody('a = 1  // the first number'), 'slash-comment', '//', inBody('a = 1  # the first number')],
  ['`/* */`', inBody('/* a note */'), 'block-comment', '/*', inBody('# a note')],
  ['`/* */` on lines', inBody('/**\n   * one\n   * two\n   */'), 'block-comment', '/*', inBody('\n  # one\n  # two').replace('  \n', '')],
  ['`def`', 'def f(x):\n  return x\n', 'foreign-keyword', 'def', null],
  [
    '`class`',
    'class A(n: int)(x: Tensor[N]) -> Tensor[N] {\n  return x\n}',
    'foreign-keyword',
    'class',
    'layer A(n: int)(x: Tensor[N]) -> Tensor[N] {\n  return x\n}',
  ],
  [
    '`function`',
    'function f(x: Tensor[N]) -> Tensor[N] {\n  return x\n}',
    'foreign-keyword',
    'function',
    'fn f(x: Tensor[N]) -> Tensor[N] {\n  return x\n}',
  ],
  ['`const`', 'const a = 1', 'foreign-keyword', 'const', 'let a = 1'],
  ['`var` in a body', inBody('var a = 1'), 'foreign-keyword', 'var', null],
  ['`export`', 'export let a = 1', 'foreign-keyword', 'export', 'let a = 1'],
  ['`while`', inBody('while a < 3 { b = 1 }'), 'foreign-keyword', 'while', null],
  ['an import of Python', 'import torch.nn as nn\nlet a = 1', 'foreign-import', 'import', null],
  ['another import of Python', 'from torch import nn\nlet a = 1', 'foreign-import', 'from', null],
  ['`return` alone', `${head}  return\n}`, 'return-without-value', 'return', null],
  ['`elif`', inBody('if a { b = 1 } elif c { b = 2 }'), 'else-if', 'elif', inBody('if a { b = 1 } else if c { b = 2 }')],
  ['`and`', inBody('a = b and c'), 'word-operator', 'and', inBody('a = b && c')],
  ['`or`', inBody('if b or c { a = 1 }'), 'word-operator', 'or', inBody('if b || c { a = 1 }')],
  ['`not`', inBody('if not b { a = 1 }'), 'word-operator', 'not', inBody('if !b { a = 1 }')],
  ['`not` of a comparison', inBody('a = not x[0] > f(1)'), 'word-operator', 'not', inBody('a = !(x[0] > f(1))')],
  ['`is not None`', inBody('if m is not None { a = 1 }'), 'word-operator', 'is not None', inBody('if m? { a = 1 }')],
  ['`is None`', inBody('if m is None && b { a = 1 }'), 'word-operator', 'is None', inBody('if !m? && b { a = 1 }')],
  ['`!= None`', inBody('a = c.d != None'), 'word-operator', '!= None', inBody('a = c.d?')],
  ['`== none` of a field', inBody('a = c.d == none'), 'word-operator', '== none', null],
  ['a number without its first digit', inBody('a = x * .5 + f(x)'), 'foreign-literal', '.5', inBody('a = x * 0.5 + f(x)')],
  ['a number that ends with a dot', inBody('a = f(x, 2.)'), 'foreign-literal', '2.', inBody('a = f(x, 2.0)')],
  [
    'a conditional',
    inBody('a = f(x) + 1 if n > 2 else g(x, 1)'),
    'python-conditional',
    'if n > 2 else g(x, 1)',
    inBody('a = if n > 2 { f(x) + 1 } else { g(x, 1) }'),
  ],
  [
    'a conditional in an argument',
    inBody('a = f(k = 1 if n else 2, m = 3)'),
    'python-conditional',
    'if n else 2',
    inBody('a = f(k = if n { 1 } else { 2 }, m = 3)'),
  ],
  ['a conditional stage', inBody('a = x -> relu if n else gelu'), 'python-conditional', 'if n else gelu', null],
  ['names without brackets', inBody('a, (b, _) = f(x)'), 'bare-tuple', 'a, (b, _)', inBody('(a, (b, _)) = f(x)')],
  ['names of a loop without brackets', inBody('for i, c in xs { a = c }'), 'bare-tuple', 'i, c', inBody('for (i, c) in xs { a = c }')],
  ['results without brackets', `${head}  return f(x, 1), y\n}\n`, 'bare-tuple', 'f(x, 1), y', `${head}  return (f(x, 1), y)\n}\n`],
  ['a lambda', inBody('f = lambda a, b: a + b'), 'foreign-keyword', 'lambda', inBody('let f(a, b) = a + b')],
  ['`new`', inBody('a = new A(1)'), 'foreign-keyword', 'new', inBody('a = A(1)')],
  ['`with`', inBody('with torch.no_grad():\n    a = 1'), 'foreign-keyword', 'with', null],
  ['`pass`', inBody('pass'), 'foreign-keyword', 'pass', null],
  ['`+=`', inBody('a += x -> f'), 'compound-assignment', '+=', inBody('a = a + (x -> f)')],
  ['`-=` of a name', inBody('a -= b.c'), 'compound-assignment', '-=', inBody('a = a - b.c')],
  ['a docstring', `${head}  """It isn't deep."""\n  return x\n}\n`, 'block-comment', '"""', `${head}  # It isn't deep.\n  return x\n}\n`],
  ['a reserved loop variable', inBody('for layer in xs { a = 1 }'), 'keyword-as-name', 'layer', null],
  ['an axis without a name', 'fn f(x: Tensor[N, None]) -> Tensor[N] { return x }', 'unnamed-axis', 'None', null],
  ['an axis -1', 'fn f(x: Tensor[-1, 8]) -> Tensor[N] { return x }', 'unnamed-axis', '-1', null],
  [
    '`def` on one line',
    'def f(x: Tensor[N]) -> Tensor[N] { return x }',
    'foreign-keyword',
    'def',
    'fn f(x: Tensor[N]) -> Tensor[N] { return x }',
  ],
  ['`not` before `||`', inBody('if not b == c || d { a = 1 }'), 'word-operator', 'not', inBody('if !(b == c) || d { a = 1 }')],
  ['`not` in an argument', inBody('a = f(not n in [1, 2], k = 1)'), 'word-operator', 'not', inBody('a = f(!(n in [1, 2]), k = 1)')],
  ['`~`', inBody('a = f(~b)'), 'stray-character', '~', inBody('a = f(!b)')],
  ['`True`', inBody('a = f(b = True)'), 'foreign-literal', 'True', inBody('a = f(b = true)')],
  ['`None`', inBody('a = f(b = None)'), 'none-value', 'None', null],
  [
    'a body by indentation',
    `${head}  if a:\n    b = 1\n  else:\n    b = 2\n  return x\n}\n`,
    'python-block',
    ':',
    `${head}  if a {\n    b = 1\n  }\n  else {\n    b = 2\n  }\n  return x\n}\n`,
  ],
  [
    'a loop by indentation',
    `${head}  for i in 0..3:\n    x = f(x)\n  return x\n}\n`,
    'python-block',
    ':',
    `${head}  for i in 0..3 {\n    x = f(x)\n  }\n  return x\n}\n`,
  ],
  ['a slice of Python', inBody('a = x[1:3]'), 'python-slice', '1:3', inBody('a = x[1..3]')],
  ['a slice of Python with a step', inBody('a = x[0, n:-1:2]'), 'python-slice', 'n:-1:2', inBody('a = x[0, n..-1 by 2]')],
  ['a step alone', inBody('a = x[::k]'), 'python-slice', '::k', inBody('a = x[.. by k]')],
  ['two colons', inBody('a = x[::, 0]'), 'python-slice', '::', inBody('a = x[:, 0]')],
  ['a slice of Python backward', inBody('a = x[::-1]'), 'python-slice', '::-1', null],
  ['three dots', inBody('a = x[..., 0]'), 'foreign-literal', '...', inBody('a = x[.., 0]')],
  ['a new axis', inBody('a = x[:, None, :]'), 'none-value', '[:, None, :]', inBody('a = unsqueeze(x, 1)')],
  ['a new axis after a position', inBody('a = f(x)[0, None]'), 'none-value', '[0, None]', inBody('a = unsqueeze(f(x)[0], 0)')],
  ['a new last axis', inBody('a = x[None, 0, .., None]'), 'none-value', '[None, 0, .., None]', inBody('a = unsqueeze(x[0, ..], [0, -1])')],
  ['a comma left out before a slice', inBody('a = x[0 ..1, : ..2]'), 'missing-comma', '..', inBody('a = x[0 ..1, :, ..2]')],
  [
    'a comma left out between lists',
    inBody('a = [\n    [1]\n    [2],\n  ]'),
    'missing-comma',
    '[',
    inBody('a = [\n    [1],\n    [2],\n  ]'),
  ],
  [
    'round brackets of a type',
    'fn f(x: Tensor(N, C)) -> Tensor[N] { return x }',
    'tensor-parentheses',
    '(N, C)',
    'fn f(x: Tensor[N, C]) -> Tensor[N] { return x }',
  ],
  [
    'a type in lower case',
    'fn f(x: tensor[N]) -> Tensor[N] { return x }',
    'lowercase-tensor',
    'tensor',
    'fn f(x: Tensor[N]) -> Tensor[N] { return x }',
  ],
  [
    'a reserved word as a label',
    'fn f(x: Tensor[N]) -> Tensor[N] { return x -> layer[0].model: L }',
    'reserved-label',
    'layer',
    'fn f(x: Tensor[N]) -> Tensor[N] { return x -> "layer"[0].model: L }',
  ],
  [
    'a result without an arrow',
    'fn f(x: Tensor[N]) Tensor[N] { return x }',
    'missing-arrow',
    'Tensor',
    'fn f(x: Tensor[N]) -> Tensor[N] { return x }',
  ],
  [
    'a result after a colon',
    'fn f(x: Tensor[N]): Tensor[N] { return x }',
    'missing-arrow',
    ':',
    'fn f(x: Tensor[N]) -> Tensor[N] { return x }',
  ],
  [
    'named results without an arrow',
    'layer A(x: Tensor[N]) (y: Tensor[N]) { return x }',
    'missing-arrow',
    '(y: Tensor[N])',
    'layer A(x: Tensor[N]) -> (y: Tensor[N]) { return x }',
  ],
  ['no result', 'layer A(x: Tensor[N]) { return x }', 'missing-result', 'A', null],
  [
    '`=>` before a result',
    'fn f(x: Tensor[N]) => Tensor[N] { return x }',
    'fat-arrow',
    '=>',
    'fn f(x: Tensor[N]) -> Tensor[N] { return x }',
  ],
  ['`=>` before a stage', inBody('a = x => relu'), 'fat-arrow', '=>', inBody('a = x -> relu')],
  ['a comma left out', inBody('a = f(x y)'), 'missing-comma', 'y', inBody('a = f(x, y)')],
  [
    'a comma left out between parameters',
    'fn f(x: Tensor[N] n = 2) -> Tensor[N] { return x }',
    'missing-comma',
    'n',
    'fn f(x: Tensor[N], n = 2) -> Tensor[N] { return x }',
  ],
  ['a comma too many', inBody('a = f(x,, y)'), 'unexpected-token', ',', null],
  ['an operator at the end', inBody('a = 1 +\n}').slice(0, -12), 'missing-operand', '+', null],
  ['an arrow at the end', `${head}  return x ->\n}`, 'missing-operand', '->', null],
  ['a string without an end', inBody('a = f("abc)'), 'unterminated-string', '"abc', inBody('a = f("abc")')],
  ['single quotes', inBody("a = 'abc'"), 'single-quotes', "'abc'", inBody('a = "abc"')],
  ['an escape', inBody('a = "a\\d"'), 'bad-escape', '\\d', null],
  ['an empty interpolation', inBody('a = "a{}"'), 'bad-interpolation', '{}', null],
  ['an interpolation with a string', inBody('a = "k{"a"}" + "b"'), 'bad-interpolation', '"', null],
  [
    'an interpolation that compares strings',
    inBody('a = (if "k{(if "k{9}" == "k9" { 6 } else { 7 })}" == "k6" { 6 } else { 7 })'),
    'bad-interpolation',
    '"',
    null,
  ],
  ['an open interpolation', inBody('a = "a{b"'), 'bad-interpolation', '{', null],
  ['a mistake in an interpolation', inBody('a = "a{b +}"'), 'missing-operand', '+', null],
  ['a stray character', inBody('a = b $ c'), 'stray-character', '$', null],
  ['a letter of another script', 'let a\u00e9 = 1', 'stray-character', '\u00e9', null],
  ['a NUL', 'let a = 1 # \u0000', 'forbidden-character', '\u0000', null],
  ['a character that turns the text', 'let a = 1 # \u202e', 'forbidden-character', '\u202e', null],
  ['the end in a declaration', 'let a =', 'unexpected-end', '', null],
  ['the end after a signature', 'layer A(x: Tensor[N]) -> Tensor[N]', 'unexpected-end', '', null],
  ['a keyword as the name of a constant', 'let for = 1', 'keyword-as-name', 'for', null],
  ['a keyword as the name of a value', inBody('model = 1'), 'keyword-as-name', 'model', null],
  ['a keyword as a parameter', 'fn f(in: Tensor[N]) -> Tensor[N] { return x }', 'keyword-as-name', 'in', null],
  ['an empty index', inBody('a = x[]'), 'empty-index', '[]', null],
  ['`+=`', inBody('a += 1'), 'compound-assignment', '+=', null],
  ['comparisons in a row', inBody('a = 1 < b < 3'), 'chained-comparison', '<', null],
  ['a huge integer', 'let a = 99999999999999999999', 'number-out-of-range', '99999999999999999999', null],
  ['an argument with a colon', inBody('a = f(x, n: 3)'), 'named-argument-colon', 'n: 3', inBody('a = f(x, n = 3)')],
  ['a call as a label', inBody('a = f(x): G(1)'), 'bad-label', 'f(x)', null],
  ['a type as a value', inBody('a = Tensor[N]'), 'type-as-value', 'Tensor[N]', null],
  ['a typed constant', 'let a: int = 1', 'typed-let', ': int', 'let a = 1'],
  ['a constant without `let`', 'a = 1', 'statement-outside', 'a', 'let a = 1'],
  ['a statement at the top', 'for i in 0..2 { a = i }', 'statement-outside', 'for', null],
  [
    'a function in a body',
    `${head}  fn g(x: Tensor[N]) -> Tensor[N] {\n    return x\n  }\n  return x\n}`,
    'nested-declaration',
    'fn',
    null,
  ],
  ['tensors among hyperparameters', 'layer A(n: int, x: Tensor[N]) -> Tensor[N] { return x }', 'mixed-parameters', 'n: int', null],
  ['a step without a range', inBody('a = x[1 by 2]'), 'step-without-range', '1 by 2', null],
  ['a star in a pattern', inBody('a = rearrange(x, [*B, n] => [n, *B])'), 'spread-in-pattern', 'B', null],
  ['anything else', inBody('a = )'), 'unmatched-bracket', ')', null],
  ['something that is no expression', inBody('a = @'), 'unexpected-token', '@', null],
  ['`cond` without `else`', inBody('a = cond c { x }'), 'missing-else', 'cond c { x }', null],
  ['`cond` without its first block', inBody('a = cond c'), 'missing-block', '', null],
  ['`cond` without its second block', inBody('a = cond c { x } else'), 'missing-block', '', null],
  ['`cond` without braces', inBody('a = cond c { x } else y'), 'missing-block', 'y', null],
  ['`cond` with a chain', inBody('a = cond c { x } else if d { y } else { z }'), 'missing-block', 'if', null],
  ['`cond` with another one behind `else`', inBody('a = cond c { x } else cond d { y } else { z }'), 'missing-block', 'cond', null],
  ['`cond` with a second condition', inBody('a = cond c d { x } else { y }'), 'unexpected-token', 'd', null],
  [
    '`=` in the condition of a `cond`',
    inBody('a = cond c = d { x } else { y }'),
    'assignment-in-condition',
    '=',
    inBody('a = cond c == d { x } else { y }'),
  ],
  ['`cond` by indentation', `${head}  a = cond c:\n    x\n  else:\n    y\n  return x\n}\n`, 'python-block', ':', null],
  ['`scan` with `in`', inBody('scan a in x axis 1 { emit b = a }'), 'unexpected-token', 'in', null],
  ['`scan` of several with `in`', inBody('scan (a, b) of (x, y) axis 1 { emit c = a }'), 'unexpected-token', 'of', null],
  ['`scan` without a name', inBody('scan over x axis 1 { emit b = x }'), 'scan-head', 'over', null],
  ['`scan` without operands', inBody('scan a over axis 1 { emit b = a }'), 'unexpected-token', '1', null],
  ['`scan` without `axis`', inBody('scan a over x { emit b = a }'), 'scan-head', '', null],
  ['`scan` without `axis` before a carry', inBody('scan a over x carry h: Tensor[] = 0.0 { next h = h + 1 }'), 'scan-head', '', null],
  ['`scan` with `dim`', inBody('scan a over x dim 1 { emit b = a }'), 'unexpected-token', 'dim', null],
  ['`scan` without an axis', inBody('scan a over x axis { emit b = a }'), 'unexpected-token', '{', null],
  ['`scan` without a block', inBody('scan a over x axis 1'), 'missing-block', '', null],
  [
    '`scan` by indentation',
    `${head}  scan a over x axis 1:\n    emit b = a\n  return b\n}\n`,
    'python-block',
    ':',
    `${head}  scan a over x axis 1 {\n    emit b = a\n  }\n  return b\n}\n`,
  ],
  [
    '`reverse` after the carries',
    inBody('scan a over x axis 1 carry h: Tensor[] = 0.0 reverse { next h = h }'),
    'unexpected-token',
    'reverse',
    null,
  ],
  ['a carry without a type', inBody('scan a over x axis 1 carry h = 0.0 { next h = h }'), 'unexpected-token', '=', null],
  ['a carry without a beginning', inBody('scan a over x axis 1 carry h: Tensor[] { next h = h }'), 'unexpected-token', '{', null],
  ['`scan` without carries', inBody('scan a over x axis 1 carry { emit b = a }'), 'unexpected-token', '{', null],
  ['`next` without a value', inBody('scan a over x axis 1 carry h: Tensor[] = 0.0 { next h = }'), 'unexpected-token', '}', null],
  ['`next` without `=`', inBody('scan a over x axis 1 carry h: Tensor[] = 0.0 { next h }'), 'unexpected-token', '}', null],
  ['`emit` without a name', inBody('scan a over x axis 1 { emit a + 1 }'), 'emit-name', 'a', null],
  [
    '`=` after the `axis` of a `scan`',
    inBody('scan a over x axis = 1 { emit b = a }'),
    'scan-head',
    '=',
    inBody('scan a over x axis 1 { emit b = a }'),
  ],
  ['`reverse` before the `axis` of a `scan`', inBody('scan a over x reverse axis 1 { emit b = a }'), 'scan-head', 'reverse', null],
  ['a `scan` over a range', inBody('scan a over 0..3 axis 1 { emit b = a }'), 'scan-head', '0..3', null],
  [
    'a `cond` that begins with `-`',
    inBody('y = cond -x > 0 { x } else { x }'),
    'unexpected-token',
    '{',
    inBody('y = cond (-x > 0) { x } else { x }'),
  ],
  ['a block after a name that ends in `cond`', inBody('y = second - x { x }'), 'unexpected-token', '{', null],
  [
    'a number as an input of an entry',
    'model M { entry f(k = 2) -> (y: Tensor[2]) { return ones([2]) } }',
    'mixed-parameters',
    'k = 2',
    null,
  ],
  ['a parameter without `:`', 'layer A(x Tensor[N]) -> Tensor[N] { return x }', 'unexpected-token', 'Tensor', null],
  [
    'an entry whose signature cannot be read',
    'model M {\n  entry e(x: Tensor[N]) (y: Tensor[N])\n    where N <= 8\n  {\n    return x\n  }\n}\n',
    'unexpected-token',
    '(',
    null,
  ],
  ['a declaration without its keyword', inBody('w: Tensor[N, 4] = zeros'), 'type-as-value', 'Tensor[N, 4]', null],
  ['two names of a parameter', inBody('param w: Tensor[] = zeros named ("a", "b")'), 'two-names', '("a", "b")', null],
  ['half a pair of names', inBody('state w: Tensor[] = zeros named ("a")'), 'unexpected-token', ')', null],
  ['a name that is not a string', inBody('state w: Tensor[] = zeros named past'), 'unexpected-token', 'past', null],
  ['a clause without a value', 'train T for M {\n  clip_norm\n  loss = a\n}', 'unexpected-token', 'loss', null],
];

describe('one mistake gives one message at its place', () => {
  test.each(cases)('%s', (_, text, code, marked, fixed) => {
    const { diagnostics } = read(text);
    expect(diagnostics.map((d) => [d.code, text.slice(d.span.start, d.span.end)])).toEqual([[code, marked]]);
    const [d] = diagnostics as readonly [Diagnostic];
    if (fixed !== null) expect(apply(text, d)).toBe(fixed);
    if (d.fixes.length > 0) expect(read(apply(text, d)).diagnostics.filter((left) => left.code === code)).toEqual([]);
  });
});

test('messages are words for people', () => {
  for (const [, text] of cases) {
    for (const { message, label, help } of read(text).diagnostics) {
      expect(message).not.toMatch(/Expecting|token|Redundant|-->|undefined|\.$/);
      expect(message).not.toMatch(/^[A-Z]/);
      expect(label ?? '').not.toMatch(/\.$/);
      expect(help ?? '').not.toMatch(/undefined/);
    }
  }
});

test('what was expected and what was found', () => {
  const say = (text: string) => read(text).diagnostics.map((d) => d.message);
  expect(say(inBody('a = f(x,, y)'))).toEqual(['expected an argument, found `,`']);
  expect(say('let a = (1 +)')).toEqual(['expected an expression after `+`, found `)`']);
  expect(say('let 3 = 1')).toEqual(['expected a name, found the number `3`']);
  expect(say('import { a } "b"')).toEqual(['expected `from`, found a string']);
  expect(say('layer A')).toEqual(['expected `(`, but the file ends here']);
  expect(say('fn f(x: 3) -> Tensor[N] { return x }')).toEqual(['expected a tensor type or a kind such as `int`, found the number `3`']);
});

test('mistakes in different statements each have their message', () => {
  const text = `${head}  a = f(1,, 2)\n  b = 'c'\n  d := 3\n  if e = 2 { g = ] }\n  return x\n}\n`;
  const codes = read(text).diagnostics.map((d) => d.code);
  expect(codes).toEqual(['unexpected-token', 'single-quotes', 'colon-equals', 'assignment-in-condition', 'unmatched-bracket']);
});

test('leaving out a word or symbol of an example gives one message at most, in 98 of 100 places', () => {
  let places = 0;
  let talkative = 0;
  const stride = isLong ? 1 : 5;
  for (const { text } of examples) {
    for (const { startOffset, image } of tokenize(text).tokens.filter((_, i) => i % stride === 0)) {
      places++;
      if (read(text.slice(0, startOffset) + text.slice(startOffset + image.length)).diagnostics.length > 1) talkative++;
    }
  }
  expect(talkative / places).toBeLessThan(0.02);
}, 180_000);
