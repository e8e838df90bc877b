import { describe, expect, test } from 'vitest';
import type { Parameter } from '../../src/3-graph/parameter.js';
import { joinChunks } from '../../src/6-emit/onnx/encode.js';
import { rawElements } from '../../src/6-emit/onnx/raw-data.js';
import { matchWeights, reportUnused, usablePatterns } from '../../src/6-emit/weights/match-weights.js';
import { mappedName, type NamePattern, patternProblem } from '../../src/6-emit/weights/name-map.js';
import { wholeTensor } from '../../src/6-emit/weights/tensor-source.js';
import { UnusableWeight } from '../../src/6-emit/weights/unusable-weight.js';
import { openWeights } from '../../src/6-emit/weights/weight-file.js';
import { writeSafetensors } from '../../src/6-emit/weights/write-safetensors.js';
import { Report } from '../../src/diagnostics/report.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { bytesOfElements, type DType } from '../../src/ops/types.js';
import { parameter as declared, type } from '../emit/graphs.js';
import { programOf } from '../kit/source.js';

const place = { file: 'model.arch', start: 0, end: 5 };

function parameter(name: string, dtype: DType, ...shape: readonly number[]): Parameter {
  return declared(name, type(dtype, ...shape)).parameter;
}

type Stored = readonly [dtype: DType, shape: readonly number[], values?: readonly number[]];

function safetensors(tensors: Readonly<Record<string, Stored>>): Uint8Array {
  return joinChunks(
    writeSafetensors(
      Object.entries(tensors).map(([name, [dtype, shape, values]]) => {
        const count = shape.reduce((a, b) => a * b, 1);
        return {
          name,
          dtype,
          shape,
          bytes: values === undefined ? new Uint8Array(bytesOfElements(dtype, count)) : rawElements(dtype, Float64Array.from(values)),
        };
      }),
    ),
  );
}

function match(parameters: readonly Parameter[], stored: Readonly<Record<string, Stored>>, patterns: readonly NamePattern[] = []) {
  const report = new Report();
  const weights = openWeights('m.safetensors', createMemoryHost({ 'm.safetensors': safetensors(stored) }), report, place);
  if (weights === undefined) throw new Error(report.diagnostics[0]?.message);
  const usable = usablePatterns(patterns, report, place);
  const matched = matchWeights(parameters, weights, { patterns: usable }, report, place);
  reportUnused(usable, matched.used, [weights.path], report, place);
  return { ...matched, diagnostics: report.diagnostics };
}

const messages = (result: { readonly diagnostics: readonly { readonly code: string; readonly message: string }[] }) =>
  result.diagnostics.map((d) => `${d.code}: ${d.message}`);

describe('matching', () => {
  test('a buffer that is computed may be missing, and is overridden where it is there', () => {
    const array = { dtype: 'f32', shape: [2], data: Float64Array.of(3, 4) } as const;
    const program = { steps: [{ kind: 'constant', array }], result: { step: 0, output: 0 } } as const;
    const computed = { ...parameter('positions', 'f32', 2), init: { kind: 'computed', program } } as const;
    const stored = (result: ReturnType<typeof match>) => wholeTensor(result.sources.get('positions') ?? expect.fail());
    const missing = match([{ ...computed, trainable: false }], {});
    expect({ said: messages(missing), computed: missing.computed }).toEqual({ said: [], computed: ['positions'] });
    expect(stored(missing)).toEqual(rawElements('f32', array.data));
    const there = match([{ ...computed, trainable: false }], { positions: ['f32', [2], [5, 6]] });
    expect({ said: messages(there), computed: there.computed }).toEqual({ said: [], computed: [] });
    expect(stored(there)).toEqual(rawElements('f32', Float64Array.of(5, 6)));
    expect(messages(match([computed], {}))).toEqual(['weights-missing: 1 parameter of the model is not in m.safetensors']);
  });

  test('a file with the weights of all entries fits the build of one', () => {
    const source = `model M {
  shared = Linear(2)
  entry encode(x: Tensor[N, 2]) -> (y: Tensor[N, 2]) { return x -> shared }
  entry step(x: Tensor[N, 2]) -> (y: Tensor[N, 3]) { return x -> shared -> head: Linear(3) }
}
`;
    const { parameters, elsewhere } = programOf(source, { entry: 'encode' });
    expect({ built: parameters.map(({ name }) => name), elsewhere: [...elsewhere] }).toEqual({
      built: ['shared.weight', 'shared.bias'],
      elsewhere: ['shared.weight', 'shared.bias', 'head.weight', 'head.bias'],
    });
    const stored: Readonly<Record<string, Stored>> = {
      'shared.weight': ['f32', [2, 2]],
      'shared.bias': ['f32', [2]],
      'head.weight': ['f32', [3, 2]],
      'head.bias': ['f32', [3]],
      other: ['f32', []],
    };
    const report = new Report();
    const weights = openWeights('m.safetensors', createMemoryHost({ 'm.safetensors': safetensors(stored) }), report, place);
    matchWeights(parameters, weights ?? expect.fail(), { patterns: [] }, report, place, elsewhere);
    expect(messages(report)).toEqual(['weights-unexpected: 1 tensor of m.safetensors is not used: `other`']);
  });

  test('weights are taken by name', () => {
    const result = match([parameter('fc.weight', 'f32', 2), parameter('fc.bias', 'f32')], {
      'fc.bias': ['f32', [], [7]],
      'fc.weight': ['f32', [2], [1, 2]],
    });
    expect(messages(result)).toEqual([]);
    expect([...result.sources.keys()]).toEqual(['fc.weight', 'fc.bias']);
    expect(wholeTensor(result.sources.get('fc.weight') ?? expect.fail())).toEqual(rawElements('f32', Float64Array.of(1, 2)));
  });

  test('what is missing is listed with what is probably meant', () => {
    const result = match([parameter('fc1.weight', 'f32', 2), parameter('fc1.bias', 'f32', 2), parameter('head', 'f32', 1)], {
      'fc.weight': ['f32', [2]],
      'fc1.Bias': ['f32', [2]],
      unrelated: ['f32', []],
    });
    expect(messages(result)).toEqual([
      'weights-missing: 3 parameters of the model are not in m.safetensors',
      'weights-unexpected: 3 tensors of m.safetensors are not used: `fc.weight`, `fc1.Bias`, `unrelated`',
    ]);
    expect(result.diagnostics[0]?.notes.map((note) => note.text)).toEqual([
      '`fc1.weight` [2] (the file has `fc.weight`), `fc1.bias` [2] (the file has `fc1.Bias`), `head` [1]',
    ]);
  });

  test('a long list is cut', () => {
    const result = match(
      Array.from({ length: 300 }, (_, i) => {
        const start = 10 * Math.floor(i / 10);
        return { ...parameter(`layer${i}`, 'f32'), span: { file: 'model.arch', start, end: start + 5 } };
      }),
      {},
    );
    const notes = result.diagnostics[0]?.notes ?? [];
    expect(notes.length).toBe(21);
    expect(notes[1]?.text).toBe('`layer10` [], `layer11` [], `layer12` [], `layer13` [] and 6 more');
    expect(notes.at(-1)?.text).toBe('and 10 more places');
  });

  test('another shape is an error with both shapes, at the parameter', () => {
    const result = match([parameter('w', 'f32', 2, 3), parameter('v', 'f32', 2)], { w: ['f32', [3, 2]], v: ['f32', [2, 1]] });
    expect(messages(result)).toEqual([
      'weights-shape: `w` is [2, 3] in the model and [3, 2] in m.safetensors',
      'weights-shape: `v` is [2] in the model and [2, 1] in m.safetensors',
    ]);
    expect(result.diagnostics[0]?.help).toMatch(/looks transposed/);
    expect(result.diagnostics[0]?.table).toEqual({ wanted: ['2', '3'], got: ['3', '2'] });
    expect(result.diagnostics[1]?.table).toBeUndefined();
    expect([...result.sources]).toEqual([]);
  });

  test.each([
    ['f32', 'f16', [1, -2.5, 65504]],
    ['f32', 'bf16', [1, -2.5, 0.15625]],
    ['f16', 'f32', [1, -2.5, 65504]],
    ['bf16', 'f32', [1, -2.5, 0.15625]],
    ['bf16', 'f16', [1, -2.5, 0.15625]],
    ['f64', 'f32', [1, -2.5, 0.1]],
    ['f64', 'f16', [1, -2.5, 0.1]],
    ['f16', 'f64', [1, -2.5, 65504]],
  ] as const)('%s becomes %s', (from, to, values) => {
    const result = match([parameter('w', to, 3)], { w: [from, [3], values] });
    expect(messages(result)).toEqual([]);
    expect(result.casts).toEqual([{ from, to, count: 1 }]);
    const source = result.sources.get('w') ?? expect.fail();
    expect(source.length).toBe(bytesOfElements(to, 3));
    expect(source.stored).toBeUndefined();
    expect(wholeTensor(source)).toEqual(rawElements(to, Float64Array.from(values)));
  });

  test.each([
    ['f32', 'f16', 1e6],
    ['f32', 'bf16', 3.4e38],
    ['f64', 'f32', 1e39],
    ['f64', 'f16', 65520],
  ] as const)('a value of %s that %s cannot hold is an error, not infinity', (from, to, large) => {
    const source = match([parameter('w', to, 2)], { w: [from, [2], [1, large]] }).sources.get('w') ?? expect.fail();
    expect(() => wholeTensor(source)).toThrow(UnusableWeight);
    expect(() => wholeTensor(source)).toThrow(/^`w` has the value \S+ in m.safetensors, which is too large for \w+$/);
    const infinite = match([parameter('w', to, 2)], { w: [from, [2], [1, -Infinity]] }).sources.get('w') ?? expect.fail();
    expect(wholeTensor(infinite)).toEqual(rawElements(to, Float64Array.of(1, -Infinity)));
  });

  test.each([
    ['i64', 'f32'],
    ['f32', 'i64'],
    ['i32', 'i64'],
    ['bool', 'u8'],
  ] as const)('%s does not become %s', (from, to) => {
    expect(messages(match([parameter('w', to, 3)], { w: [from, [3]] }))).toEqual([
      `weights-type: \`w\` is ${to} in the model and ${from} in m.safetensors`,
    ]);
  });

  test('counters of PyTorch are not worth a warning', () => {
    expect(messages(match([], { 'bn.num_batches_tracked': ['i64', []] }))).toEqual([]);
  });
});

describe('--map', () => {
  const pattern = (text: string): NamePattern => {
    const [from = '', to = ''] = text.split('=');
    return { from, to };
  };

  test.each([
    ['model.a.weight', ['model.*=*'], 'a.weight'],
    ['a.weight', ['model.*=*'], 'a.weight'],
    ['h.3.attn.c_proj.bias', ['h.*.attn.c_proj.*=layers.*.self_attn.out_proj.*'], 'layers.3.self_attn.out_proj.bias'],
    ['x', ['x=y', 'x=z'], 'y'],
    ['ab', ['a*b*=<*|*>'], '<|>'],
    ['aXbYb', ['a*b=*'], 'XbY'],
    ['aba', ['ab*ba=*'], 'aba'],
    ['a.$&.b', ['a.*=c.*'], 'c.$&.b'],
  ])('%s with %j is %s', (name, patterns, expected) => {
    expect(mappedName(name, patterns.map(pattern)).name).toBe(expected);
  });

  test('a hundred stars do not make it slow', () => {
    const started = performance.now();
    mappedName('a'.repeat(100_000), [{ from: `${'a*'.repeat(100)}b`, to: '' }]);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('patterns that make no sense are reported, and so are those that match nothing', () => {
    expect(patternProblem(pattern('a=*'))).toMatch(/more `\*` after/);
    const result = match([parameter('b', 'f32')], { a: ['f32', []], c: ['f32', []] }, [
      pattern('a=b'),
      pattern('x.*=y.*'),
      pattern('c=d.*'),
      pattern('=d'),
    ]);
    expect(messages(result).sort()).toEqual([
      'weights-map-unused: `--map x.*=y.*` renames nothing: no tensor of m.safetensors matches',
      'weights-map: `--map =d`: the name before `=` is empty',
      'weights-map: `--map c=d.*`: it has more `*` after `=` than before',
      'weights-unexpected: 1 tensor of m.safetensors is not used: `c`',
    ]);
  });

  test('two tensors cannot become one', () => {
    expect(messages(match([parameter('b', 'f32')], { a: ['f32', []], b: ['f32', []] }, [pattern('a=b')]))).toEqual([
      'weights-map-collision: `a` and `b` of the file both become `b`',
    ]);
  });
});

describe('sharded files', () => {
  const shards = {
    'dir/m-1.safetensors': safetensors({ a: ['f32', [1], [1]] }),
    'dir/m-2.safetensors': safetensors({ b: ['f32', [1], [2]], c: ['f32', []] }),
  };
  const index = (map: unknown) => new TextEncoder().encode(JSON.stringify({ metadata: { total_size: 8 }, weight_map: map }));

  function open(map: unknown) {
    const report = new Report();
    const host = createMemoryHost({ ...shards, 'dir/m.safetensors.index.json': map instanceof Uint8Array ? map : index(map) });
    const weights = openWeights('dir/m.safetensors.index.json', host, report, place);
    return { weights, messages: report.diagnostics.map((d) => d.message) };
  }

  test('are read through their index', () => {
    const { weights, messages: said } = open({ a: 'm-1.safetensors', b: 'm-2.safetensors' });
    expect(said).toEqual([]);
    // `c` is in a part, but the index does not list it.
    expect([...(weights?.tensors.keys() ?? [])]).toEqual(['a', 'b']);
    weights?.close();
  });

  test.each<[string, unknown, RegExp]>([
    ['a part that is not there', { a: 'm-3.safetensors' }, /dir\/m-3\.safetensors: there is no such file/],
    ['a tensor that is not in its part', { b: 'm-1.safetensors' }, /says that "b" is in m-1\.safetensors, but it is not/],
    ['a path out of the folder', { a: '../m-1.safetensors' }, /not the name of a \.safetensors file in the same folder/],
    ['an absolute path', { a: '/etc/passwd' }, /same folder/],
    ['a hidden path', { a: '.safetensors' }, /same folder/],
    ['a Windows path', { a: 'C:\\m.safetensors' }, /same folder/],
    ['a number', { a: 1 }, /same folder/],
    ['no map', undefined, /has no `weight_map`/],
    ['a list', new TextEncoder().encode('[]'), /has no `weight_map`/],
    ['no JSON', new TextEncoder().encode('{'), /a key in double quotes is missing/],
    ['no text', Uint8Array.of(0x7b, 0xff), /not UTF-8/],
  ])('%s is an error', (_, map, message) => {
    const result = open(map);
    expect(result.weights).toBeUndefined();
    expect(result.messages).toHaveLength(1);
    expect(result.messages[0]).toMatch(message);
  });
});
