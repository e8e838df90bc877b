import { Dim } from '../../dims/dim.js';
import type { Builder } from '../builder.js';
import { core } from '../define.js';
import { ndArray } from '../nd/array.js';
import { broadcastShape, broadcastStrides, offsetsOf } from '../nd/broadcast.js';
import { nth, only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import type { Rule } from '../rule.js';
import { floats32 } from '../sample.js';
import { expandNode } from '../shape/expand-node.js';
import { mayBeEmpty, product, withSize } from '../sizes.js';
import { broadcastDemand } from '../symbolic-rule.js';
import type { NdArray, Shape, TensorType } from '../types.js';
import { widenInts } from '../widen-ints.js';

export const matmul = core({
  name: 'matmul',
  family: 'linalg',
  doc: {
    summary:
      'Matrix product of the last two axes, for every index of the leading ones; a vector counts as a row on the left, a column on the right.',
    example: 'matmul(a, b)',
    source: 'ONNX MatMul, numpy.matmul',
  },
  inputs: { a: '[..., M, K] or [K]', b: '[..., K, N] or [K]' },
  attrs: {},
  outputs: ['y'],
  infer: (rule, { a, b }) => [{ dtype: a.dtype, shape: productShape(rule, a, b) }],
  flops: ({ a }, _attrs, y) =>
    product(only(y).shape)
      .mul(a.shape.at(-1) ?? 1)
      .mul(2),
  onnx: (g, { a, b }, _attrs, y) => {
    const isSure = ![...g.type(a).shape, ...g.type(b).shape].some(mayBeEmpty);
    return isSure ? g.node('MatMul', [a, b], {}, [only(y)]) : [productOfFew(g, a, b, only(y))];
  },
  evaluate: ({ a, b }) => [multiplied(a, b)],
  // y = a b  =>  da = dy bᵀ, db = aᵀ dy, summed over broadcast batch axes
  grad: (g, { x: { a, b }, dy }) => {
    const matrixA = g.rank(a) === 1 ? g.unsqueeze(a, [0]) : a;
    const matrixB = g.rank(b) === 1 ? g.unsqueeze(b, [1]) : b;
    const rows = g.rank(b) === 1 ? g.unsqueeze(only(dy), [-1]) : only(dy);
    const matrixY = g.rank(a) === 1 ? g.unsqueeze(rows, [-2]) : rows;
    const da = g.unbroadcast(g.matmul(matrixY, g.swap(matrixB)), matrixA);
    const db = weightGradient(g, matrixA, matrixB, matrixY);
    return { a: g.rank(a) === 1 ? g.squeeze(da, [0]) : da, b: g.rank(b) === 1 ? g.squeeze(db, [1]) : db };
  },
  samples: [
    { inputs: { a: floats32([2, 3]), b: floats32([3, 4]) } },
    { inputs: { a: floats32([2, 5, 2, 3]), b: floats32([3, 4]) } },
    { inputs: { a: floats32([2, 1, 2, 3]), b: floats32([4, 3, 2]) } },
    { inputs: { a: floats32([3]), b: floats32([3]) } },
    { inputs: { a: floats32([3]), b: floats32([2, 3, 4]) } },
    { inputs: { a: floats32([2, 4, 3]), b: floats32([3]) } },
    { inputs: { a: floats32([2, 4, 0]), b: floats32([2, 0, 3]) } },
    { inputs: { a: floats32([4, 0]), b: floats32([0, 3]) } },
    { inputs: { a: floats32([0]), b: floats32([2, 0, 3]) } },
  ],
});

/**
 * The product if axes may be empty. ONNX Runtime 1.30 does not broadcast a batch of 1 to an empty one, so it is expanded first; and it
 * leaves uninitialized memory in empty sums, so they get one product of zeros.
 */
function productOfFew<V>(g: OnnxBuilder<V>, a: V, b: V, y: TensorType): V {
  if (y.shape.some((size) => size.constant === 0)) return expandNode(g, g.scalar(0, y.dtype), y.shape);
  const [rankA, rankB] = [g.type(a).shape.length, g.type(b).shape.length];
  const batch = y.shape.slice(0, Math.max(rankA, rankB, 2) - 2);
  const [rows, columns] = [asMatrix(g, a, 0), asMatrix(g, b, 1)];
  const [left, right] = [toBatch(g, padded(g, rows, -1), batch), toBatch(g, padded(g, columns, -2), batch)];
  const shape = [...batch, nth(g.type(left).shape, batch.length), nth(g.type(right).shape, batch.length + 1)];
  const product = only(g.node('MatMul', [left, right], {}, [{ ...y, shape }]));
  const single = [...(rankA === 1 ? [batch.length] : []), ...(rankB === 1 ? [batch.length + 1] : [])];
  return single.length === 0 ? product : only(g.node('Squeeze', [product, g.ints(single)], {}, [y]));
}

/** A vector as a matrix with an axis of size 1 before (0) or after it (1). */
function asMatrix<V>(g: OnnxBuilder<V>, x: V, at: 0 | 1): V {
  const { dtype, shape } = g.type(x);
  if (shape.length !== 1) return x;
  const matrix = at === 0 ? [Dim.one, ...shape] : [...shape, Dim.one];
  return only(g.node('Unsqueeze', [x, g.ints([at])], {}, [{ dtype, shape: matrix }]));
}

function toBatch<V>(g: OnnxBuilder<V>, x: V, batch: Shape): V {
  return expandNode(g, x, [...batch, ...g.type(x).shape.slice(-2)]);
}

/** `x` with one more zero at the end of an axis. */
function padded<V>(g: OnnxBuilder<V>, x: V, axis: number): V {
  const { shape } = g.type(x);
  const at = shape.length + axis;
  const after = withSize(shape, at, nth(shape, at).add(1));
  // For every axis: ONNX Runtime 1.30 moves a transpose past the node as if it had no input for the axes.
  const amounts = Array.from({ length: 2 * shape.length }, (_, i) => (i === shape.length + at ? 1 : 0));
  return widenInts(g, [x], ['i8', 'i32', 'i64', 'u8', 'u32', 'u64'], (wide) => {
    const { dtype } = g.type(wide);
    return only(g.node('Pad', [wide, g.ints(amounts), g.scalar(0, dtype)], { mode: { string: 'constant' } }, [{ dtype, shape: after }]));
  });
}

function productShape(rule: Rule, a: TensorType, b: TensorType): Shape {
  rule.dtype('a', a, 'number');
  rule.sameDtype('a', a, 'b', b);
  rule.rank('a', a, { min: 1 }, '[..., M, K]');
  rule.rank('b', b, { min: 1 }, '[..., K, N]');
  const inner = a.shape.at(-1) ?? Dim.one;
  const paired = b.shape.at(-2) ?? b.shape.at(-1) ?? Dim.one;
  rule.equal(paired, inner, () => ({
    message: `the inner sizes of this product differ: the last axis of \`a\` is ${inner}, the ${b.shape.length === 1 ? 'only' : 'second last'} axis of \`b\` is ${paired}`,
    input: 'b',
    wanted: b.shape.length === 1 ? [inner] : [...b.shape.slice(0, -2), inner, nth(b.shape, b.shape.length - 1)],
    got: b.shape,
    // Offered only if the transposed operand is proved to fit.
    help: b.shape.length > 1 && b.shape.at(-1)?.equals(inner) ? 'the sizes fit if `b` is transposed: `a @ b.T`' : undefined,
  }));
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const batch = rule.broadcast(batchA, batchB, (axis) => broadcastDemand('multiply batches of', axis, batchA, batchB, 'b'));
  return [...batch, ...a.shape.slice(-2, -1), ...(b.shape.length > 1 ? b.shape.slice(-1) : [])];
}

/** For one matrix `b` under many batches, the batches become rows, so that the sum over them is done inside the product. */
function weightGradient<V>(g: Builder<V>, a: V, b: V, dy: V): V {
  if (g.rank(b) > 2 || g.rank(a) === 2) return g.unbroadcast(g.matmul(g.swap(a), dy), b);
  const rows = product(g.shape(a).slice(0, -1));
  const [k, n] = g.shape(b);
  return g.matmul(g.swap(g.reshape(a, [rows, k ?? 1])), g.reshape(dy, [rows, n ?? 1]));
}

function multiplied(a: NdArray, b: NdArray): NdArray {
  const shapeA = a.shape.length === 1 ? [1, ...a.shape] : a.shape;
  const shapeB = b.shape.length === 1 ? [...b.shape, 1] : b.shape;
  const [rows, inner, columns] = [shapeA.at(-2) ?? 1, shapeA.at(-1) ?? 1, shapeB.at(-1) ?? 1];
  const batch = broadcastShape(shapeA.slice(0, -2), shapeB.slice(0, -2));
  const fromA = offsetsOf(batch, broadcastStrides(shapeA.slice(0, -2), batch));
  const fromB = offsetsOf(batch, broadcastStrides(shapeB.slice(0, -2), batch));
  const data = new Float64Array(fromA.length * rows * columns);
  for (let m = 0; m < fromA.length; m++) {
    const startA = (fromA[m] ?? 0) * rows * inner;
    const startB = (fromB[m] ?? 0) * inner * columns;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) sum += (a.data[startA + i * inner + k] ?? 0) * (b.data[startB + k * columns + j] ?? 0);
        data[(m * rows + i) * columns + j] = sum;
      }
    }
  }
  return ndArray(a.dtype, [...batch, ...a.shape.slice(-2, -1), ...(b.shape.length > 1 ? [columns] : [])], data);
}
