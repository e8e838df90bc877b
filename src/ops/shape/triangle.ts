import { int, positional } from '../attrs.js';
import { core } from '../define.js';
import { eachIndex } from '../index-space.js';
import { only } from '../only.js';
import { bools, floats32, ints64 } from '../sample.js';
import { noFlops } from '../sizes.js';
import { widenInts } from '../widen-ints.js';

/** `tril` and `triu`: the same operator except for the side of the diagonal that stays. */
export function triangle(name: 'tril' | 'triu') {
  const isUpper = name === 'triu';
  return core({
    name,
    family: 'shape',
    doc: {
      summary: `Sets everything ${isUpper ? 'below' : 'above'} the k-th diagonal of the last two axes to zero.`,
      example: `${name}(x, k = 1)`,
      source: `ONNX Trilu, torch.${name}`,
    },
    inputs: { x: '[..., N, M]' },
    attrs: { k: positional(int('which diagonal: 0 the main one, positive ones above it', 0)) },
    outputs: ['y'],
    infer: (rule, { x }) => {
      rule.rank('x', x, { min: 2 }, '[..., N, M]');
      return [x];
    },
    flops: noFlops,
    onnx: (g, { x }, { k }, y) => {
      const diagonal = k === 0 ? null : g.scalar(k, 'i64');
      const cut = (wide: typeof x) =>
        only(g.node('Trilu', [wide, diagonal], { upper: { int: isUpper ? 1 : 0 } }, [{ ...only(y), dtype: g.type(wide).dtype }]));
      return [widenInts(g, [x], ['i32', 'i64'], cut)];
    },
    evaluate: ({ x }, { k }) => {
      const data = Float64Array.from(x.data);
      const rank = x.shape.length;
      eachIndex(x.shape, (index, position) => {
        const diagonal = (index[rank - 1] ?? 0) - (index[rank - 2] ?? 0);
        if (isUpper ? diagonal < k : diagonal > k) data[position] = 0;
      });
      return [{ dtype: x.dtype, shape: x.shape, data }];
    },
    // dx = the same triangle of dy
    grad: (g, { dy, attrs }) => ({ x: g.op(name, [only(dy)], { k: attrs.k }) }),
    samples: [
      { inputs: { x: floats32([3, 4]) }, attrs: { k: 1 } },
      { inputs: { x: floats32([2, 3, 3]) } },
      { inputs: { x: ints64([4, 3], 1, 9) }, attrs: { k: -2 } },
      { inputs: { x: bools([3, 3]) } },
    ],
  });
}
