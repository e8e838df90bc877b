import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/cli/arguments.js';
import { limitsOf } from '../../src/cli/limits.js';
import { limitsMarkdown } from '../../src/cli/limits-markdown.js';
import { catalog } from '../../src/diagnostics/catalog.js';
import { build, createMemoryHost, defaultLimits, type Limits } from '../../src/index.js';
import { limitsByFlag, limitTable } from '../../src/limit-table.js';

const model = (body: string): string => `model M(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n${body}\n  return x\n}\n`;
const repeated = (text: string, count: number): string => Array.from({ length: count }, () => text).join('');

interface Case {
  /** A program that needs exactly `needs` of the limit. */
  readonly source: string | Readonly<Record<string, string>>;
  readonly needs: number;
  readonly code: string;
  /** A configuration file. */
  readonly config?: string;
}

const short = model('  x = relu(x)');
const settable = short.replace('M(', 'M(n = 1)(');
const longConfig = `{"n": 2, "x": "${repeated('x', 200)}"}`;
const chain = (count: number): Record<string, string> =>
  Object.fromEntries([
    ['main.arch', `import { a } from "./f1.arch"\n${short}`],
    ...Array.from({ length: count - 1 }, (_, i) => [
      `f${i + 1}.arch`,
      i + 2 < count ? `import { a as b } from "./f${i + 2}.arch"\nlet a = 1\n` : 'let a = 1\n',
    ]),
  ]);

/** For each limit, a program that just fits it, and would not fit a limit that is lower by one. */
const cases: Readonly<Record<keyof Limits, readonly Case[]>> = {
  sourceLength: [
    { source: short, needs: short.length, code: 'source-too-large' },
    { source: settable, config: longConfig, needs: longConfig.length, code: 'settings-too-large' },
  ],
  tokens: [{ source: model(`  x = x * ${repeated('1 + ', 20)}1`), needs: 72, code: 'too-many-tokens' }],
  nesting: [
    { source: model(`  x = ${repeated('(', 20)}x${repeated(')', 20)}`), needs: 21, code: 'nesting-too-deep' },
    { source: model('  xs = [1]\n  for i in 0..29 { xs = [xs] }'), needs: 30, code: 'value-too-large' },
    { source: settable, config: `{"n": 2, "x": ${repeated('[', 9)}${repeated(']', 9)}}`, needs: 10, code: 'bad-json' },
  ],
  operators: [{ source: model(`  x = x${repeated(' -> relu', 20)}`), needs: 40, code: 'expression-too-long' }],
  nameLength: [
    { source: model(`  ${repeated('n', 40)} = x`), needs: 40, code: 'name-too-long' },
    { source: model(`  for i in 0..1 { x = x -> "${repeated('n', 39)}{i}": Linear(8) }`), needs: 60, code: 'onnx-name-too-long' },
  ],
  messages: [{ source: repeated('let = ;\n', 20), needs: 20, code: 'too-many-syntax-errors' }],
  diagnostics: [{ source: `${repeated('let a = 1\n', 21)}${short}`, needs: 20, code: 'too-many-diagnostics' }],
  importDepth: [{ source: chain(5), needs: 5, code: 'import-depth' }],
  files: [{ source: chain(5), needs: 5, code: 'too-many-files' }],
  instantiationDepth: [
    { source: `let f(n) = n\nlet g(n) = f(n)\nlet h(n) = g(n)\n${model('  x = x * h(2)')}`, needs: 3, code: 'instantiation-depth' },
  ],
  instantiations: [
    {
      source: `layer Scale(by: int)(x: Tensor[*S]) -> Tensor[*S] { return x * by }\n${model('  for i in 0..8 { x = x -> Scale(i) }')}`,
      needs: 16,
      code: 'too-many-instantiations',
    },
  ],
  evaluationDepth: [{ source: model(`  x = x * ${repeated('(2 * ', 10)}1${repeated(')', 10)}`), needs: 13, code: 'evaluation-depth' }],
  iterations: [
    { source: model('  for i in 0..20 { x = relu(x) }'), needs: 40, code: 'too-many-iterations' },
    { source: `let s = "${repeated('n', 40)}"\n${short}`, needs: 40, code: 'value-too-large' },
  ],
  items: [{ source: model('  let xs = reverse(0..20)'), needs: 80, code: 'too-many-items' }],
  facts: [{ source: model('').replace('{', '  where N % 2 == 0, N >= 4\n{'), needs: 2, code: 'too-many-facts' }],
  graphNodes: [{ source: model('  for i in 0..20 { x = relu(x) }'), needs: 20, code: 'too-many-nodes' }],
  bodyDepth: [
    {
      source: model(`  x = ${repeated('cond sum(x) > 0 { ', 6)}x${repeated(' } else { -x }', 6)}`),
      needs: 6,
      code: 'control-flow-depth',
    },
  ],
  steps: [
    {
      source: `layer L(x: Tensor[*S]) -> Tensor[*S] { return x }\n${model('  for i in 0..20 { x = x -> L }')}`,
      needs: 20,
      code: 'too-many-steps',
    },
  ],
  manyNodes: [{ source: model('  for i in 0..19 { x = relu(x) }'), needs: 20, code: 'many-nodes' }],
  parameters: [{ source: model('  for i in 0..10 { x = x -> Linear(8) }'), needs: 20, code: 'too-many-parameters' }],
  parameterElements: [{ source: model('  x = x -> Linear(8)'), needs: 64, code: 'parameter-too-large' }],
  initialElements: [{ source: model('  param w: Tensor[8] = exp(range(8, dtype = f32)) + 1'), needs: 25, code: 'initial-value-too-large' }],
  tensorElements: [{ source: model('  x = x + mean(full([4, 5], value = 1.0))'), needs: 20, code: 'tensor-too-large' }],
  inlineConstant: [{ source: model('  x = x * 3'), needs: 4, code: 'constant-too-large' }],
  onnxBytes: [{ source: model('  x = x -> Linear(8)'), needs: 0, code: 'onnx-too-large' }],
};

function codesOf({ source, config }: Pick<Case, 'source' | 'config'>, limits: Partial<Limits>): readonly string[] {
  const files = typeof source === 'string' ? { 'main.arch': source } : source;
  return [...new Set(build('main.arch', createMemoryHost(files), { limits, config }).diagnostics.map((d) => d.code))];
}

const all = Object.entries(cases).flatMap(([name, list]) => list.map((one) => [name as keyof Limits, one.code, one] as const));

describe('every limit', () => {
  test.each(all)('%s ends in %s, and allows what just fits', (name, code, one) => {
    const fits = name === 'onnxBytes' ? bytesOf(one.source) : one.needs;
    expect(codesOf(one, { [name]: fits })).not.toContain(code);
    expect(codesOf(one, { [name]: fits - 1 })).toContain(code);
  });

  test('has the codes of the table, and a test for each', () => {
    for (const [name, { codes }] of Object.entries(limitTable)) {
      for (const code of codes) expect(Object.keys(catalog)).toContain(code);
      expect(cases[name as keyof Limits].map((one) => one.code).sort()).toEqual([...codes].sort());
    }
    expect(Object.keys(limitTable).sort()).toEqual(Object.keys(defaultLimits).sort());
  });
});

function bytesOf(source: Case['source']): number {
  return build('main.arch', createMemoryHost(typeof source === 'string' ? { 'main.arch': source } : source)).bytes?.length ?? 0;
}

describe('--limit', () => {
  const parsed = (...words: string[]) => limitsOf(parseArguments(['m.arch', ...words.flatMap((word) => ['--limit', word])]).options);

  test.each([...limitsByFlag])('%s changes %s and nothing else', (flag, name) => {
    expect(parsed(`${flag}=7`)).toEqual({ ...defaultLimits, [name]: 7 });
  });

  test('may be given several times', () => {
    expect(parsed('files=3', 'graph-nodes=4')).toEqual({ ...defaultLimits, files: 3, graphNodes: 4 });
  });

  test.each([
    ['graph-node=3', 'there is no limit `graph-node`'],
    ['banana=3', 'there is no limit `banana`'],
    ['files=-1', '`--limit files=-1`: a limit is a whole number'],
    ['files=1e3', '`--limit files=1e3`: a limit is a whole number'],
    ['files=99999999999999999999', 'a limit is a whole number'],
    ['files', 'is not of the form NAME=N'],
    ['onnx-bytes=2147483648', 'no reader of ONNX files accepts more than 2147483647 bytes'],
  ])('refuses %s', (word, message) => {
    expect(() => parsed(word)).toThrow(message);
  });
});

test('docs/limits.md says that control flow has a limit', () => {
  const page = limitsMarkdown();
  expect(page).toContain('| `body-depth` | nested `cond` and `scan`');
  expect(page).not.toMatch(/not written yet|has no limit/);
});

test('docs/limits.md lists them', async () => {
  await expect(limitsMarkdown()).toMatchFileSnapshot(resolve(import.meta.dirname, '../../docs/limits.md'));
});
