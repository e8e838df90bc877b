import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeModel, joinChunks } from '../../src/6-emit/onnx/encode.js';
import { attributeType, type GraphProto, type ModelProto, type TensorProto } from '../../src/6-emit/onnx/proto.js';
import { writeNpy } from '../../src/6-emit/weights/npy.js';
import { commandLine } from '../kit/command-line.js';
import { useOwnFolder } from '../kit/own-folder.js';

/** Models of other tools: what they contain in places where archc puts nothing, and inputs about which the file says little. */
useOwnFolder();

function write(path: string, graph: GraphProto, model: ModelProto = {}): void {
  writeFileSync(path, joinChunks(encodeModel({ irVersion: 10, graph, opsetImport: [{ domain: '', version: 21 }], ...model }).write()));
}

const floats = (name: string, dims: readonly number[]): TensorProto => ({
  dims,
  dataType: 1,
  name,
  rawData: new Uint8Array(4 * dims.reduce((a, b) => a * b, 1)),
});

async function overview(path: string) {
  const { code, out } = await commandLine(['inspect', path]);
  const { out: json } = await commandLine(['inspect', path, '--json']);
  expect(code).toBe(0);
  return { out, ...JSON.parse(json) };
}

describe('archc inspect counts', () => {
  test('nodes and weights in the branches of an If, even of nested ones', async () => {
    const branch = (inner: GraphProto['node'] = []): GraphProto => ({
      node: [{ opType: 'MatMul' }, ...inner],
      initializer: [floats('w', [4, 4])],
    });
    const graphs = (then: GraphProto, otherwise: GraphProto) => [
      { name: 'then_branch', g: then, type: attributeType.graph },
      { name: 'else_branch', g: otherwise, type: attributeType.graph },
    ];
    const nested = branch([{ opType: 'If', attribute: graphs(branch(), { node: [] }) }]);
    write('if.onnx', { node: [{ opType: 'If', attribute: graphs(branch(), nested) }] });
    const { out, nodes, innerNodes, weights, operators } = await overview('if.onnx');
    expect({ nodes, innerNodes, weights }).toEqual({
      nodes: 5,
      innerNodes: 4,
      weights: { tensors: 3, elements: 48, bytes: 192, files: [] },
    });
    expect(operators).toEqual([
      { name: 'MatMul', count: 3 },
      { name: 'If', count: 2 },
    ]);
    expect(out).toContain('nodes         5, 4 of them in graphs inside nodes');
  });

  test('the tensors of Constant nodes, sparse initializers and functions', async () => {
    const constant = { opType: 'Constant', attribute: [{ name: 'value', t: floats('', [2, 3]), type: attributeType.tensor }] };
    const sparse = { values: floats('s', [5]), indices: { dims: [5], dataType: 7, rawData: new Uint8Array(40) }, dims: [4, 3] };
    const functions = [{ name: 'F', domain: 'own', node: [constant, { opType: 'Add' }] }];
    write('places.onnx', { node: [constant], sparseInitializer: [sparse] }, { functions });
    const result = await overview('places.onnx');
    expect(result.weights).toMatchObject({ tensors: 3, elements: 17, bytes: 24 + 24 + 20 + 40 });
    expect(result).toMatchObject({ nodes: 3, innerNodes: 0, functions: [{ name: 'own.F', nodes: 2 }] });
    expect(result.out).toMatch(/functions\n {2}own\.F {2}2 nodes\n/);
  });

  test('the bytes of elements that archc has no type for, in whatever field they stand', async () => {
    const types = [17, 21, 22, 23, 14, 15, 25];
    const tensors = types.map((dataType) => ({ dims: [7], dataType, name: `t${dataType}`, int32Data: [0, 0, 0, 0] }));
    write('types.onnx', {
      initializer: tensors,
      input: types.map((elemType) => ({ name: `i${elemType}`, type: { tensorType: { elemType, shape: { dim: [{ dimValue: 7 }] } } } })),
    });
    const { weights, inputs } = await overview('types.onnx');
    expect(weights.bytes).toBe(7 + 4 + 4 + 4 + 56 + 112 + 2);
    expect(inputs.map(({ type }: { type: string }) => type)).toEqual(['f8e4m3fn', 'u4', 'i4', 'f4e2m1', 'complex64', 'complex128', 'u2']);
  });

  test('inputs that are not tensors by what they are', async () => {
    const f32 = { tensorType: { elemType: 1, shape: {} } };
    write('kinds.onnx', {
      input: [
        { name: 'a', type: { sequenceType: { elemType: f32 } } },
        { name: 'b', type: { optionalType: { elemType: { sequenceType: { elemType: f32 } } } } },
        { name: 'c', type: { mapType: { keyType: 7, valueType: f32 } } },
        { name: 'd', type: { sparseTensorType: { elemType: 1 } } },
        { name: 'e' },
      ],
    });
    const { out } = await overview('kinds.onnx');
    expect(out).toMatch(
      / {2}a {2}sequence of f32\n {2}b {2}optional sequence of f32\n {2}c {2}map from i64 to f32\n {2}d {2}sparse f32\n {2}e {2}\? +of any rank\n/,
    );
    expect(await commandLine(['run', 'kinds.onnx'])).toMatchObject({ code: 2, err: expect.stringContaining('it is sequence of f32') });
  });

  test('files of weights, and says which are missing', async () => {
    writeFileSync('there.bin', new Uint8Array(4));
    const names = ['there.bin', 'gone.bin', 'nul\0', '../../../../nowhere', '.'];
    const outside = names.map((value, i) => ({
      dims: [1],
      dataType: 1,
      name: `w${i}`,
      externalData: [{ key: 'location', value }],
      dataLocation: 1,
    }));
    write('outside.onnx', { initializer: outside });
    const { out, missing } = await overview('outside.onnx');
    expect(missing).toEqual(['.', '../../../../nowhere', 'gone.bin', 'nul\0']);
    expect(out).toContain('gone.bin (missing)');
    expect(out).toMatch(/there\.bin\n/);
  });
});

describe('archc run', () => {
  const unknownRank = {
    input: [{ name: 'x', type: { tensorType: { elemType: 1 } } }],
    output: [{ name: 'y', type: { tensorType: { elemType: 1 } } }],
  };

  test('takes an input of unknown rank with the shape of its file', async () => {
    write('any.onnx', { name: 'g', node: [{ opType: 'Relu', input: ['x'], output: ['y'] }], ...unknownRank });
    writeFileSync('x.npy', Buffer.concat(writeNpy('f32', [2, 3], new Uint8Array(24))));
    const { code, out, err } = await commandLine(['run', 'any.onnx', '--input', 'x=x.npy']);
    expect(code, err).toBe(0);
    expect(out).toMatch(/^y {2}f32 {2}\[2, 3\]/);
    expect(await commandLine(['run', 'any.onnx'])).toMatchObject({
      code: 2,
      err: 'archc: the input x of any.onnx has no known rank\n  = help: give it with `--input x=FILE`\n',
    });
  });

  test('marks only the axes of an input that cannot be right', async () => {
    writeFileSync('m.arch', 'model M(image: Tensor[N, 1, 28, 28]) -> (y: Tensor[N, 784]) { return image -> flatten }\n');
    writeFileSync('bad.npy', Buffer.concat(writeNpy('f32', [3, 1, 20, 28], new Uint8Array(4 * 3 * 20 * 28))));
    const { code, err } = await commandLine(['run', 'm.arch', '--input', 'image=bad.npy']);
    expect(code).toBe(1);
    expect(err).toContain('  = wanted [N, 1, 28, 28]\n    got    [3, 1, 20, 28]\n                  ^^\n');
  });

  test('refuses states that do not fit the model', async () => {
    write(
      'states.onnx',
      { name: 'g', node: [{ opType: 'Relu', input: ['x'], output: ['y'] }], ...unknownRank },
      {
        metadataProps: [{ key: 'archc.states', value: '[{"input":"h","output":"y","start":0}]' }],
      },
    );
    expect(await commandLine(['run', 'states.onnx'])).toMatchObject({
      code: 2,
      err: 'archc: the states in the metadata of states.onnx, `archc.states`, cannot be used: the model has no input `h`\n',
    });
  });

  test.each([
    ['fixed', 2 ** 40, [], '[1099511627776]'],
    ['inexact', 2 ** 62, [], '[9007199254740991]'],
    ['bound', 'N', ['--bind', 'N=3000000000'], '[3000000000]'],
  ] as const)('refuses inputs that no array holds: %s', async (name, size, options, shape) => {
    const dim = typeof size === 'number' ? { dimValue: BigInt(size) } : { dimParam: size };
    const tensorType = { elemType: 1, shape: { dim: [dim] } };
    const node = [{ opType: 'Relu', input: ['x'], output: ['y'] }];
    write(`${name}.onnx`, { name: 'g', node, input: [{ name: 'x', type: { tensorType } }], output: [{ name: 'y', type: { tensorType } }] });
    expect(await commandLine(['run', `${name}.onnx`, ...options])).toMatchObject({
      code: 2,
      err: `archc: the inputs would be too large for a run: \`x\` is ${shape}\n  = help: choose smaller sizes with \`--bind\`\n`,
    });
  });
});
