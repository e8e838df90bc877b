import type { Translation } from '../node-call.js';

export const indexAndLinalg: Readonly<Record<string, Translation>> = {
  Einsum: (c) => [c.g.op('einsum', [c.x.map((_, i) => c.in(i))], { equation: c.string('equation', '') })],
  Gather: (c) => [c.g.gather(c.in(0), c.in(1), c.int('axis', 0))],
  GatherElements: (c) => [c.g.op('gather_elements', [c.in(0), c.in(1)], { axis: c.int('axis', 0) })],
  GatherND: (c) => [c.g.op('gather_nd', [c.in(0), c.in(1)], { batch_dims: c.int('batch_dims', 0) })],
  Gemm: (c) => {
    const a = c.int('transA', 0) === 1 ? c.g.swap(c.in(0)) : c.in(0);
    const b = c.int('transB', 0) === 1 ? c.g.swap(c.in(1)) : c.in(1);
    const y = c.g.scale(c.g.matmul(a, b), c.float('alpha', 1));
    return [c.x[2] === undefined ? y : c.g.add(y, c.g.scale(c.in(2), c.float('beta', 1)))];
  },
  MatMul: (c) => [c.g.matmul(c.in(0), c.in(1))],
  OneHot: (c) => {
    const [depth] = c.numbers(1)!;
    const [off, on] = c.numbers(2)!;
    // Ids count from the end where they are negative.
    const ids = c.g.op('mod', [c.g.cast(c.in(0), 'i64'), c.g.scalar(depth!, 'i64')]);
    const { dtype } = c.g.type(c.in(2));
    const hot = c.g.op('one_hot', [ids], { depth, axis: c.int('axis', -1), dtype: 'bool' });
    return [c.g.where(hot, c.g.scalar(on!, dtype), c.g.scalar(off!, dtype))];
  },
  ScatterElements: (c) => [
    c.g.op('scatter_elements', [c.in(0), c.in(1), c.in(2)], { axis: c.int('axis', 0), reduction: c.string('reduction', 'none') }),
  ],
  ScatterND: (c) => [c.g.op('scatter_nd', [c.in(0), c.in(1), c.in(2)], { reduction: c.string('reduction', 'none') })],
};
