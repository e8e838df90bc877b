/** A program that tries to take all memory, all time or the whole stack, and what archc says to it. */
export interface Bomb {
  readonly name: string;
  /** One source, or several files with the entry `main.arch`. */
  readonly source: string | Readonly<Record<string, string>>;
  /** Symbolic links by name. */
  readonly links?: Readonly<Record<string, string>>;
  /** The most diagnostics, where several files have their own. */
  readonly files?: number;
  /** The codes of all diagnostics, each once, in order of the alphabet; empty where it is an honest program. */
  readonly codes: readonly string[];
}

const many = (count: number, text: (i: number) => string, separator = '\n'): string =>
  Array.from({ length: count }, (_, i) => text(i)).join(separator);

const model = (body: string, hyper = ''): string => `model M${hyper}(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n${body}\n  return x\n}\n`;

const layer = (name: string, body: string): string => `layer ${name}(x: Tensor[N, 8]) -> Tensor[N, 8] {\n${body}\n  return x\n}\n`;

const header = 'model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8])';

/** `(((x)))` */
const wrapped = (open: string, close: string, depth: number, inner: string): string => open.repeat(depth) + inner + close.repeat(depth);

const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53];

export const bombs: readonly Bomb[] = [
  // Layers inside layers.
  {
    name: 'twenty layers, each of which uses the next twice',
    source: `${layer('L0', '  x = relu(x)')}${many(20, (i) => layer(`L${i + 1}`, `  x = x -> L${i} -> L${i}`), '')}${model('  x = x -> L20')}`,
    codes: ['too-many-nodes'],
  },
  {
    name: 'sixty layers, each of which uses the next twice, with parameters at the end',
    source: `${layer('L0', '  x = x -> Linear(8)')}${many(60, (i) => layer(`L${i + 1}`, `  x = x -> a: L${i} -> b: L${i}`), '')}${model('  x = x -> L60')}`,
    codes: ['too-many-nodes'],
  },
  {
    name: 'sixty layers, each of which uses the next twice, without a single operator',
    source: `${layer('L0', '')}${many(60, (i) => layer(`L${i + 1}`, `  x = x -> a: L${i} -> b: L${i}`), '')}${model('  x = x -> L60')}`,
    codes: ['too-many-steps'],
  },
  {
    name: 'sixty layers, each of which uses the next twice with shared weights',
    source: `${layer('L0', '  x = x -> Linear(8)')}${many(60, (i) => layer(`L${i + 1}`, `  s = L${i}\n  x = x -> s -> s`), '')}${model('  x = x -> L60')}`,
    codes: ['too-many-nodes'],
  },
  {
    name: 'a thousand layers inside each other',
    source: `${layer('L0', '')}${many(1000, (i) => layer(`L${i + 1}`, `  x = x -> L${i}`), '')}${model('  x = x -> L1000')}`,
    codes: ['instantiation-depth'],
  },
  {
    name: 'sixty layers, each of which uses the next on both sides of a cond',
    source: `${layer('L0', '  x = relu(x)')}${many(60, (i) => layer(`L${i + 1}`, `  x = cond sum(x) > 0 { x -> L${i} } else { x -> L${i} }`), '')}${model('  x = x -> L60')}`,
    codes: ['too-many-nodes'],
  },
  {
    name: 'sixty layers, each of which uses the next in a scan',
    source: `${layer('L0', '  x = relu(x)')}${many(60, (i) => layer(`L${i + 1}`, `  scan y over unsqueeze(x, axis = 0) axis 0 { emit z = y -> L${i} }\n  x = z[0]`), '')}${model('  x = x -> L60')}`,
    codes: ['control-flow-depth'],
  },
  {
    name: 'six hundred parameters, captured thirty deep',
    source: model(
      `  ws = []\n  for i in 0..600 { param w: Tensor[8] = ones named "w{i}"\n    ws = [*ws, w] }\n  x = ${'cond sum(x) > 0 { '.repeat(30)}x + sum(ws)${' } else { -x }'.repeat(30)}`,
    ),
    codes: [],
  },
  {
    name: 'a layer that uses itself with a smaller number',
    source: `layer L(k: int)(x: Tensor[N, 8]) -> Tensor[N, 8] {\n  return if k == 0 { x } else { x -> L(k - 1) -> L(k - 2) }\n}\n${model('  x = x -> L(1000)')}`,
    codes: ['recursive-layer'],
  },
  {
    name: 'two layers that use each other',
    source: `${layer('A', '  x = x -> B')}${layer('B', '  x = x -> A')}${model('  x = x -> A')}`,
    codes: ['recursive-layer'],
  },
  {
    name: 'a layer of another size in each of 20,000 iterations',
    source: model('  for i in 0..20000 { x = x -> Linear(i + 1) -> Linear(8) }'),
    codes: ['too-many-instantiations'],
  },
  {
    name: 'a model with 49,000 parameters',
    source: model(`  for i in 0..49000 {\n    param w: Tensor[1] = zeros named "w{i}"\n  }`),
    codes: [],
  },

  // Loops.
  { name: 'a loop of a billion', source: model('  for i in 0..1000000000 { x = relu(x) }'), codes: ['too-many-iterations'] },
  {
    name: 'a loop of a thousand, nine times inside each other',
    source: model(`  ${many(9, (i) => `for i${i} in 0..1000 {`, ' ')} x = relu(x) ${'}'.repeat(9)}`),
    codes: ['too-many-iterations'],
  },
  {
    name: 'a range up to 2^53 - 1',
    source: model('  let xs = 0..9007199254740991\n  for i in xs { x = relu(x) }'),
    codes: ['too-many-iterations'],
  },
  {
    name: 'a comprehension of a thousand, three times inside each other',
    source: `let xs = [[[k for k in 0..1000] for j in 0..1000] for i in 0..1000]\n${model('')}`,
    codes: ['too-many-iterations'],
  },
  {
    name: 'a comprehension over ranges that are long, but not too long',
    source: `let xs = [0..90000 for i in 0..90000]\n${model('')}`,
    codes: ['too-many-items'],
  },
  {
    name: 'empty loops over a long range',
    source: model(many(300, () => '  for i in 0..90000 { for j in 0..90000 {} }')),
    codes: ['too-many-diagnostics', 'too-many-items', 'too-many-iterations'],
  },

  // Values that double.
  {
    name: 'a list that doubles sixty times',
    source: model('  xs = [1]\n  for i in 0..60 { xs = [*xs, *xs] }'),
    codes: ['value-too-large'],
  },
  {
    name: 'a list that doubles sixty times by nesting',
    source: model('  xs = [1]\n  for i in 0..60 { xs = [xs, xs] }\n  for i in 0..3 { x = x * len(xs) }'),
    codes: ['value-too-large'],
  },
  {
    name: 'a list of 99,000, spread 400 times',
    source: `let a = [i for i in 0..99000]\nlet b = [${many(400, () => '*a', ', ')}]\n${model('')}`,
    codes: ['too-many-items'],
  },
  { name: 'a list that grows by `+`', source: model('  xs = [1]\n  for i in 0..60 { xs = xs + xs }'), codes: ['value-too-large'] },
  { name: 'a string that doubles sixty times', source: model('  s = "ab"\n  for i in 0..60 { s = "{s}{s}" }'), codes: ['value-too-large'] },
  { name: 'a string that doubles by `+`', source: model('  s = "ab"\n  for i in 0..60 { s = s + s }'), codes: ['value-too-large'] },
  {
    name: 'zip of a list with itself, sixty times',
    source: model('  xs = [1, 2]\n  for i in 0..60 { xs = zip(xs, xs) }'),
    codes: ['value-too-large'],
  },
  {
    name: 'enumerate and reverse of a long list in a loop',
    source: model('  xs = [i for i in 0..50000]\n  for i in 0..40000 { xs = reverse(xs) }'),
    codes: ['too-many-items'],
  },
  {
    name: 'repeat, as long as it goes, in a loop',
    source: model('  for i in 0..90000 { xs = repeat(3, 90000) }'),
    codes: ['too-many-items'],
  },
  { name: 'a number that squares sixty times', source: model('  k = 3\n  for i in 0..60 { k = k * k }'), codes: ['dim-overflow'] },

  // Functions of the compiler.
  {
    name: 'a function of the compiler that calls itself',
    source: `let f(n) = f(n + 1)\nlet k = f(0)\n${model('')}`,
    codes: ['instantiation-depth'],
  },
  {
    name: 'a function of the compiler that calls itself twice',
    source: `let f(n) = f(n + 1) + f(n + 2)\nlet k = f(0)\n${model('')}`,
    codes: ['instantiation-depth'],
  },
  {
    name: 'forty functions of the compiler, each of which calls the next twice',
    source: `let f0(n) = n\n${many(40, (i) => `let f${i + 1}(n) = f${i}(n) + f${i}(n)\n`, '')}let k = f40(1)\n${model('')}`,
    codes: ['too-many-iterations'],
  },
  { name: 'a closure that is given to itself', source: model('  let w(f) = f(f)\n  k = w(w)'), codes: ['instantiation-depth'] },
  {
    name: 'constants that need each other',
    source: `${many(5000, (i) => `let c${i} = max(c${i + 1}, 1)\n`, '')}let c5000 = 1\n${model('')}`,
    codes: ['evaluation-depth'],
  },

  {
    name: 'sixty functions inside each other, each within an expression as deep as allowed',
    source: `let f0(n) = n\n${many(60, (i) => `let f${i + 1}(n) = ${wrapped('(-', ')', 120, `f${i}(n)`)}\n`, '')}let k = f60(1)\n${model('')}`,
    codes: ['evaluation-depth'],
  },
  {
    name: 'sixty layers inside each other, each within blocks as deep as allowed',
    source: `${layer('L0', '')}${many(60, (i) => layer(`L${i + 1}`, `${'if true {'.repeat(120)} x = x -> L${i} ${'}'.repeat(120)}`), '')}${model('  x = x -> L60')}`,
    codes: ['evaluation-depth'],
  },
  {
    name: 'sixty layers inside each other, each at the end of a pipeline as long as allowed',
    source: `${layer('L0', '')}${many(60, (i) => layer(`L${i + 1}`, `  x = (x -> L${i})${' -> relu'.repeat(240)}`), '')}${model('  x = x -> L60')}`,
    codes: ['evaluation-depth'],
  },
  {
    name: 'a list in a list in a list, 90,000 times',
    source: `layer L(k)(x: Tensor[N, 8]) -> Tensor[N, 8] { return x }\n${model('  xs = [1]\n  for i in 0..90000 { xs = [xs] }\n  x = x -> L(xs)')}`,
    codes: ['value-too-large'],
  },
  {
    name: 'a long list as a hyperparameter in a long loop',
    source: `layer L(k)(x: Tensor[N, 8]) -> Tensor[N, 8] { return x }\n${model('  xs = 0..90000\n  for i in 0..1000 { x = x -> L(xs) }')}`,
    codes: ['too-many-items'],
  },
  {
    name: '90,000 layers without a name of their own',
    source: `layer L(x: Tensor[N, 8]) -> Tensor[N, 8] { return x }\n${model('  for i in 0..40000 { x = x -> L }')}`,
    codes: [],
  },
  {
    name: 'long labels in a long loop',
    source: `layer L(x: Tensor[N, 8]) -> Tensor[N, 8] { return x }\n${model('  s = "a"\n  for i in 0..16 { s = "{s}{s}" }\n  for i in 0..40000 { x = x -> "{s}{i}": L }')}`,
    codes: ['name-too-long'],
  },
  {
    name: 'a shared layer of many parameters in a long loop',
    source: `layer L(x: Tensor[N, 8]) -> Tensor[N, 8] {\n  for i in 0..10000 {\n    param w: Tensor[1] = zeros named "w{i}"\n  }\n  return x\n}\n${model('  l = L\n  for i in 0..20000 { x = x -> l }')}`,
    codes: ['too-many-steps'],
  },

  // Depth of the source.
  { name: 'parentheses, 100,000 deep', source: `${header} { return ${wrapped('(', ')', 100_000, 'x')} }\n`, codes: ['nesting-too-deep'] },
  { name: 'lists, 100,000 deep, unclosed', source: `let xs = ${'['.repeat(100_000)}`, codes: ['nesting-too-deep'] },
  { name: 'minus, 100,000 times', source: `let k = ${'-'.repeat(100_000)}1\n`, codes: ['expression-too-long'] },
  { name: 'a sum of 100,000', source: `let k = ${many(100_000, () => '1', ' + ')}\n`, codes: ['expression-too-long'] },
  { name: 'a power tower of 100,000', source: `let k = ${many(100_000, () => '1', ' ** ')}\n`, codes: ['expression-too-long'] },
  { name: 'a pipeline of 50,000', source: `${header} {\n  return x${' -> relu'.repeat(50_000)}\n}\n`, codes: ['expression-too-long'] },
  {
    name: 'an else-if chain of 20,000',
    source: `${header} {\n  ${many(20_000, (i) => `if N == ${i + 1} { x = relu(x) } else `, '')}{ x = relu(x) }\n  return x\n}\n`,
    codes: ['expression-too-long'],
  },
  {
    name: 'an if expression of 20,000 branches',
    source: `let k = ${many(20_000, (i) => `if ${i} == 1 { 1 } else `, '')}{ 2 }\n`,
    codes: ['expression-too-long'],
  },
  { name: 'calls of calls of calls', source: `let f(n) = f\nlet k = f${'(1)'.repeat(50_000)}\n`, codes: ['expression-too-long'] },
  { name: 'a pattern, 10,000 deep', source: model(`  ${wrapped('(a, ', ')', 10_000, 'b')} = x`), codes: ['nesting-too-deep'] },
  {
    name: 'a tuple and a pattern as deep as allowed',
    source: model(`  ${wrapped('(_a, ', ')', 120, '_b')} = ${wrapped('(1, ', ')', 120, '2')}`),
    codes: [],
  },
  {
    name: 'blocks, as deep as allowed, each with an open condition',
    source: `layer L(k: int)(x: Tensor[N, 8]) -> Tensor[N, 8] {\n${many(100, (i) => `if k == ${i} { x = relu(x)`, '\n')}${'}'.repeat(100)}\n  return x\n}\n${model('  x = x -> L(3)')}`,
    codes: [],
  },
  {
    name: 'twenty open conditions inside each other, each in both branches',
    source: `layer L(k: int)(x: Tensor[N, 8]) -> Tensor[N, 8] {\n${many(40, (i) => `  if k == ${i} { x = relu(x) } else { x = tanh(x) }`)}\n  return x\n}\n${model('  x = x -> L(3)')}`,
    codes: [],
  },
  {
    name: 'interpolations inside interpolations',
    source: `let s = ${many(3000, () => '"{', '')}1${many(3000, () => '}"', '')}\n`,
    codes: ['nesting-too-deep'],
  },

  // Size of the source.
  { name: 'ten million characters', source: `# ${'x'.repeat(10_000_000)}\n${model('')}`, codes: ['source-too-large'] },
  { name: 'half a million words', source: `let xs = [${many(450_000, () => '1', ',')}]\n`, codes: ['too-many-tokens'] },
  { name: 'a name of a million letters', source: `let ${'a'.repeat(1_000_000)} = 1\n`, codes: ['name-too-long'] },
  { name: 'a number of a million digits', source: `let a = ${'9'.repeat(1_000_000)}\n`, codes: ['number-out-of-range'] },
  { name: 'a string of four million letters', source: `let a = "${'a'.repeat(4_000_000)}"\n${model('')}`, codes: ['value-too-large'] },
  {
    name: '20,000 mistakes of syntax',
    source: many(20_000, () => 'let = ;'),
    codes: ['semicolon', 'too-many-syntax-errors', 'unexpected-token'],
  },
  {
    name: '20,000 unknown names',
    source: many(20_000, (i) => `let a${i} = nothing${i}`),
    codes: ['no-model', 'too-many-diagnostics', 'unknown-name'],
  },
  {
    name: '5,000 mistakes in layers',
    source: many(5_000, (i) => layer(`L${i}`, `  x = x + nothing${i}`)),
    codes: ['no-model', 'too-many-diagnostics', 'unknown-name'],
  },
  { name: 'ten thousand names of one layer', source: many(10_000, () => 'let a = 1'), codes: ['duplicate-name', 'too-many-diagnostics'] },

  // Sizes.
  {
    name: 'a size of degree 64',
    source: 'model M(x: Tensor[A + B, B]) -> (y: Tensor[(A + B) ** 64, B]) { return x }\n',
    codes: ['dim-too-large'],
  },
  {
    name: 'a size with thousands of terms',
    source: 'model M(x: Tensor[A, B, C, D, E, F]) -> (y: Tensor[(A + B + C + D + E + F + 1) ** 16, B, C, D, E, F]) { return x }\n',
    codes: ['dim-too-large'],
  },
  {
    name: 'a size to the power of a billion',
    source: 'model M(x: Tensor[A]) -> (y: Tensor[A ** 1000000000]) { return x }\n',
    codes: ['dim-too-large'],
  },
  {
    name: 'one to the power of 2^53 - 1 as a size',
    source: 'model M(x: Tensor[A, B]) -> (y: Tensor[(B - B + 1) ** 9007199254740991, B]) { return x }\n',
    codes: ['result-mismatch'],
  },
  {
    name: 'a size with sixteen coprime divisors',
    source: `model M(x: Tensor[A, 2]) -> (y: Tensor[${many(16, (i) => `A // ${primes[i]}`, ' + ')}]) { return reshape(x, [2 * A]) }\n`,
    codes: ['result-mismatch'],
  },
  {
    name: 'facts with sixteen coprime divisors',
    source: `model M(x: Tensor[A, 2]) -> (y: Tensor[A, 3])\n  where ${many(14, (i) => `A % ${primes[i]} == 0`, ', ')} { return x }\n`,
    codes: ['result-mismatch'],
  },
  {
    name: 'floors inside floors inside floors',
    source: `model M(x: Tensor[A, B]) -> (y: Tensor[${wrapped('((', ') // 3 + B // 7)', 60, 'A')}, B]) { return x }\n`,
    codes: ['dim-overflow'],
  },
  {
    name: 'three hundred facts',
    source: `model M(${many(150, (i) => `x${i}: Tensor[A${i}, B${i}]`, ', ')}) -> (y: Tensor[A0, B0])\n  where ${many(149, (i) => `A${i} >= A${i + 1}, B${i} % A${i} == 0`, ', ')} { return x0 }\n`,
    codes: ['too-many-facts'],
  },
  {
    name: 'maxima of maxima of sizes',
    source: `model M(x: Tensor[A, B]) -> (y: Tensor[A])\n{\n  a = A\n  b = B\n  ${many(30, () => 'a = max(a - b, b - a)\n  b = max(a, b - 1)')}\n  return reshape(x, [a])\n}\n`,
    codes: ['dim-too-large'],
  },

  // Tensors.
  { name: 'a tensor of 10^12 elements', source: model('  x = x + mean(full([1000000000000], value = 1.0))'), codes: [] },
  {
    name: 'a parameter of 10^12 elements',
    source: model('  param w: Tensor[1000000, 1000000] = zeros\n  x = x + w[0, 0]'),
    codes: ['parameter-too-large'],
  },
  {
    name: 'a parameter with more elements than 2^53 - 1',
    source: model('  param w: Tensor[9007199254740991, 9007199254740991] = zeros\n  x = x + w[0, 0]'),
    codes: ['parameter-too-large'],
  },
  {
    name: 'a tensor of rank 100,000',
    source: `model M(x: Tensor[${many(100_000, () => '1', ', ')}]) -> (y: Tensor[1]) { return reshape(x, [1]) }\n`,
    codes: [],
  },
  {
    name: 'a chain of expands',
    source: model(`  ${many(200, (i) => `_x${i} = expand(${i === 0 ? 'x' : `_x${i - 1}`}, [1000000, N, 8])`, '\n  ')}`),
    codes: [],
  },

  // Files.
  {
    name: 'a file that imports itself',
    source: { 'main.arch': `import { M } from "./main.arch"\n${model('')}` },
    codes: ['duplicate-name', 'import-cycle'],
  },
  {
    name: 'a file that imports itself by other spellings',
    source: {
      'main.arch': `import { A } from "./main.arch"\nimport { B } from "./main.arch"\n${model('')}`,
      'sub/a.arch': '',
    },
    codes: ['import-cycle'],
  },
  {
    name: 'two thousand files in a row',
    source: Object.fromEntries([
      ['main.arch', `import { a } from "./f0.arch"\n${model('')}`],
      ...Array.from({ length: 200 }, (_, i) => [`f${i}.arch`, `import { a } from "./f${i + 1}.arch"\nlet b = 1\n`]),
    ]),
    codes: ['import-depth', 'unknown-import'],
  },
  {
    name: 'two thousand files side by side',
    source: Object.fromEntries([
      ['main.arch', `${many(2500, (i) => `import { a as a${i} } from "./f${i}.arch"`)}\n${model('')}`],
      ...Array.from({ length: 2500 }, (_, i) => [`f${i}.arch`, 'let a = 1\n']),
    ]),
    codes: ['too-many-diagnostics', 'too-many-files'],
  },
  {
    name: 'a folder that contains itself, by a link',
    source: `import { M as A } from "./self/main.arch"\n${model('')}`,
    links: { self: '.' },
    codes: ['unreadable-module'],
  },
  {
    name: 'a folder that contains itself twice',
    source: `import { M as A } from "./a/main.arch"\nimport { M as B } from "./b/main.arch"\n${model('')}`,
    links: { a: '.', b: '.' },
    files: 20_000,
    codes: ['too-many-files', 'unreadable-module'],
  },
  {
    name: 'a file that is a link to itself',
    source: `import { a } from "./loop.arch"\n${model('')}`,
    links: { 'loop.arch': 'loop.arch' },
    codes: ['unreadable-module'],
  },
  {
    name: 'a file that is an endless device',
    source: `import { a } from "./zero.arch"\n${model('')}`,
    links: { 'zero.arch': '/dev/zero' },
    codes: ['unreadable-module'],
  },
];
