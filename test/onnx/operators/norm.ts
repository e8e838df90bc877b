import type { NodeCall, Translation } from '../node-call.js';

function lastAxes<V>(c: NodeCall<V>): readonly number[] {
  const rank = c.g.rank(c.in(0));
  const axis = c.int('axis', -1);
  const first = axis < 0 ? axis + rank : axis;
  return Array.from({ length: rank - first }, (_, i) => first + i);
}

const batchNorm: Translation = (c) => {
  const [x, weight, bias, mean, variance] = [c.in(0), c.in(1), c.in(2), c.in(3), c.in(4)];
  const eps = c.float('epsilon', 1e-5);
  if (c.int('training_mode', 0) === 0) return [c.g.op('batch_norm', [x, mean, variance, weight, bias], { eps })];
  const axes = [...Array(c.g.rank(x)).keys()].filter((axis) => axis !== 1);
  const own = c.g.mean(x, axes);
  const spread = c.g.op('var', [x], { axes, unbiased: false });
  const momentum = c.float('momentum', 0.9);
  const running = <T>(old: T, batch: T, g: { add(a: T, b: T): T; scale(a: T, s: number): T }): T =>
    g.add(g.scale(old, momentum), g.scale(batch, 1 - momentum));
  return [c.g.op('batch_norm', [x, own, spread, weight, bias], { eps }), running(mean, own, c.g), running(variance, spread, c.g)];
};

const layerNorm: Translation = (c) => {
  const eps = c.float('epsilon', 1e-5);
  const y = c.g.op('layer_norm', [c.in(0), c.in(1), c.x[2]], { axis: c.int('axis', -1), eps });
  if (!c.wants(1)) return [y];
  const axes = lastAxes(c);
  const variance = c.g.op('var', [c.in(0)], { axes, keep: true, unbiased: false });
  return [y, c.g.mean(c.in(0), axes, true), c.g.op('rsqrt', [c.g.shift(variance, eps)])];
};

const dropout: Translation = (c) => {
  const [ratio = 0.5] = c.numbers(1) ?? [];
  const isTraining = c.numbers(2)?.[0] === 1;
  if (isTraining && ratio !== 0) throw new Error('training with a ratio draws random numbers');
  return [c.g.op('dropout', [c.in(0)], { p: ratio }), ...(c.wants(1) ? [c.g.op('ones_like', [c.in(0)], { dtype: 'bool' })] : [])];
};

/** The scores before softmax as ONNX Attention can also return them, for the variants that archc's operator does not have. */
function composedAttention<V>(c: NodeCall<V>, q: V, k: V, v: V, mask: V | undefined): { readonly y: V; readonly scores: V } {
  const { g } = c;
  const width = g.shape(q).at(-1)!.constant!;
  const heads = g.shape(q)[1]!.constant!;
  const shared = g.shape(k)[1]!.constant!;
  const grouped = (x: V): V => (heads === shared ? x : g.op('repeat_interleave', [x], { repeats: heads / shared, axis: 1 }));
  const products = g.scale(g.matmul(q, g.swap(grouped(k))), c.float('scale', 1 / Math.sqrt(width)));
  const softcap = c.float('softcap', 0);
  const capped = softcap === 0 ? products : g.scale(g.tanh(g.scale(products, 1 / softcap)), softcap);
  const mode = c.int('qk_matmul_output_mode', 0);
  const biased = mask === undefined ? capped : g.add(capped, mask);
  const p = g.softmax(biased, -1);
  return { y: g.matmul(p, grouped(v)), scores: [products, capped, biased, p][mode]! };
}

const attention: Translation = (c) => {
  const { g } = c;
  const isFlat = g.rank(c.in(0)) === 3;
  const headed = (i: number, count: string): ReturnType<typeof c.in> => {
    if (!isFlat) return c.in(i);
    const [n, t, width] = g.shape(c.in(i));
    const heads = c.int(count, 1);
    return g.transpose(g.reshape(c.in(i), [n!, t!, heads, width!.floorDiv(heads)]), [0, 2, 1, 3]);
  };
  const q = headed(0, 'q_num_heads');
  const [ownK, ownV] = [headed(1, 'kv_num_heads'), headed(2, 'kv_num_heads')];
  const k = c.x[4] === undefined ? ownK : g.concat([c.in(4), ownK], 2);
  const v = c.x[5] === undefined ? ownV : g.concat([c.in(5), ownV], 2);
  const mask = c.x[3];
  const causal = c.int('is_causal', 0) === 1;
  const scale = c.has('scale') ? c.float('scale', 1) : undefined;
  const isPlain = !c.has('softcap') && !c.wants(3);
  const composed = isPlain ? undefined : composedAttention(c, q, k, v, mask);
  const y = composed?.y ?? g.op('attention', [q, k, v, mask], { causal, scale });
  const [n, heads, t, width] = g.shape(y);
  const flat = isFlat ? g.reshape(g.transpose(y, [0, 2, 1, 3]), [n!, t!, heads!.mul(width!)]) : y;
  return [flat, k, v, composed?.scores];
};

export const norms: Readonly<Record<string, Translation>> = {
  Attention: attention,
  BatchNormalization: batchNorm,
  Dropout: dropout,
  GroupNormalization: (c) => [
    c.g.op('group_norm', [c.in(0), c.in(1), c.in(2)], { groups: c.int('num_groups', 1), eps: c.float('epsilon', 1e-5) }),
  ],
  InstanceNormalization: (c) => [c.g.op('instance_norm', [c.in(0), c.in(1), c.in(2)], { eps: c.float('epsilon', 1e-5) })],
  LayerNormalization: layerNorm,
  RMSNormalization: (c) => [c.g.op('rms_norm', [c.in(0), c.in(1)], { axis: c.int('axis', -1), eps: c.float('epsilon', 1e-5) })],
};
