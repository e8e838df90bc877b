import { float } from '../../src/ops/attrs.js';
import { core } from '../../src/ops/define.js';
import { zipped } from '../../src/ops/nd/map.js';
import { only } from '../../src/ops/only.js';
import { floats32 } from '../../src/ops/sample.js';
import { elements } from '../../src/ops/sizes.js';
import { broadcastDemand } from '../../src/ops/symbolic-rule.js';

export const lerp = core({
  name: 'lerp',
  family: 'elementwise',
  doc: {
    summary: 'Moves from `a` to `b`: `a + weight * (b - a)`.',
    example: 'lerp(a, b, weight = 0.25)',
    source: 'torch.lerp',
  },
  inputs: { a: 'the start', b: 'the end' },
  attrs: { weight: float('0 gives `a`, 1 gives `b`') },
  outputs: ['y'],
  infer: (rule, { a, b }) => {
    rule.dtype('a', a, 'float');
    rule.sameDtype('a', a, 'b', b);
    return [{ dtype: a.dtype, shape: rule.broadcast(a.shape, b.shape, (axis) => broadcastDemand('mix', axis, a.shape, b.shape, 'b')) }];
  },
  flops: (_x, _attrs, y) => elements(only(y)).mul(3),
  onnx: (g, { a, b }, { weight }, y) => {
    const way = only(g.node('Sub', [b, a], {}, y));
    const part = only(g.node('Mul', [way, g.scalar(weight, only(y).dtype)], {}, y));
    return g.node('Add', [a, part], {}, y);
  },
  evaluate: ({ a, b }, { weight }) => [zipped(a, b, (from, to) => from + weight * (to - from))],
  // da = (1 - weight) * dy, db = weight * dy
  grad: (g, { x: { a, b }, dy, attrs: { weight } }) => ({
    a: g.unbroadcast(g.scale(only(dy), 1 - weight), a),
    b: g.unbroadcast(g.scale(only(dy), weight), b),
  }),
  samples: [
    { inputs: { a: floats32([2, 3]), b: floats32([2, 3]) }, attrs: { weight: 0.25 } },
    { inputs: { a: floats32([3, 1, 4]), b: floats32([2, 1]) }, attrs: { weight: 0.5 } },
    { inputs: { a: floats32([]), b: floats32([5]) }, attrs: { weight: 1 } },
  ],
});
