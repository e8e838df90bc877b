import { isPortable } from '../capabilities/capability.js';
import { composite } from '../define.js';
import { nth, only } from '../only.js';
import { floats32 } from '../sample.js';
import { mayBeEmpty, product } from '../sizes.js';

export const transposedMatmul = composite({
  name: 'transposed_matmul',
  family: 'linalg',
  doc: {
    summary: 'Product of rows with the rows of a matrix, which is stored as PyTorch stores the weights of linear layers.',
    example: 'transposed_matmul(x, w)',
    source: 'com.microsoft.FusedMatMul with transB = 1',
  },
  inputs: { x: 'floats: `[.., M, K]`', w: '`[N, K]`' },
  attrs: {},
  outputs: ['y'],
  infer: (rule, { x, w }) => {
    rule.dtype('x', x, 'float');
    rule.sameDtype('x', x, 'w', w);
    rule.rank('x', x, { min: 2 }, '[.., M, K]');
    rule.rank('w', w, 2, '[N, K]');
    const [wanted, got] = [nth(x.shape, x.shape.length - 1), nth(w.shape, 1)];
    rule.equal(got, wanted, () => ({ message: `the rows of \`w\` have ${got} numbers, those of \`x\` have ${wanted}`, input: 'w' }));
    return [{ dtype: x.dtype, shape: [...x.shape.slice(0, -1), nth(w.shape, 0)] }];
  },
  flops: ({ w }, _attrs, y) => product(only(y).shape).mul(nth(w.shape, 1)).mul(2),
  lower: (g, { x, w }) => [g.matmul(x, g.swap(w))],
  forms: [
    {
      // ONNX Runtime stores the result of a transpose of weights when it loads the file, next to the weights: for GPT-2's head, this takes 0.17 s and 154 MB.
      name: 'com.microsoft.FusedMatMul',
      targets: ['cpu', 'wasm'],
      fits: (on, { x, w }) =>
        isPortable(on.target, 'com.microsoft.FusedMatMul', x.dtype, 'transB=1') && ![...x.shape, ...w.shape].some(mayBeEmpty),
      onnx: (g, { x, w }, _attrs, y) => [only(g.node('FusedMatMul', [x, w], { transB: { int: 1 } }, y, 'com.microsoft'))],
    },
  ],
  grad: 'by-lowering',
  samples: [
    { inputs: { x: floats32([2, 3]), w: floats32([4, 3]) } },
    { inputs: { x: floats32([2, 5, 3]), w: floats32([1, 3]) } },
    { inputs: { x: floats32([2, 1, 2, 3]), w: floats32([5, 3]) } },
    { inputs: { x: floats32([2, 0]), w: floats32([4, 0]) } },
  ],
});
