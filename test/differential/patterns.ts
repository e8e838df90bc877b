import type { Draft } from './draft.js';
import type { Var } from './sketch.js';

/** Writes statements that rules and fused forms look for; `x` is the value that the pattern starts from. */
export type Pattern = (draft: Draft, x: Var) => Var;

const activations = ['relu', 'silu', 'gelu', 'relu6', 'tanh', 'sigmoid', 'hardswish', 'leaky_relu'] as const;

function activated(draft: Draft, x: Var): Var {
  return draft.draw.chance(0.6) ? draft.apply(`${draft.draw.pick(activations)}($0)`, [x]) : x;
}

function conv(draft: Draft, x: Var, out: string, options = ''): Var {
  const bias = draft.draw.pick(['true', 'false']);
  return draft.apply(`$0 -> #: Conv2d(${out}, bias = ${bias}${options})`, [x], [x.shape[0] as string, out, ...x.shape.slice(2)]);
}

const norm = (draft: Draft, x: Var) => draft.apply(`$0 -> #: ${draft.draw.pick(['BatchNorm2d', 'BatchNorm2d(affine = false)'])}`, [x]);
const three = ', kernel = 3, padding = 1';

/** On `[N, C, H, W]`. */
export const imagePatterns: Readonly<Record<string, Pattern>> = {
  'conv, batch norm': (draft, x) => activated(draft, norm(draft, conv(draft, x, draft.draw.pick(['2', '3', '4']), three))),
  'residual convolutions': (draft, x) => {
    const first = activated(draft, norm(draft, conv(draft, x, x.shape[1] as string, three)));
    const second = norm(draft, conv(draft, first, x.shape[1] as string, three));
    return activated(draft, draft.apply('$0 + $1', draft.draw.shuffled([second, x])));
  },
  'depthwise, "same"': (draft, x) =>
    activated(draft, norm(draft, conv(draft, x, x.shape[1] as string, `, kernel = 3, groups = ${x.shape[1]}, padding = "same"`))),
  'half the sides': (draft, x) => {
    const shape = [...x.shape.slice(0, 2), ...x.shape.slice(2).map((side) => `(${side} + 1) // 2`)];
    return draft.apply(`$0 -> #: Conv2d(${x.shape[1]}, kernel = 3, stride = 2, padding = "same")`, [x], shape);
  },
  'conv, then scale and shift': (draft, x) => {
    const c = draft.draw.pick(['2', '4']);
    const scaled = draft.apply('$0 * #', [conv(draft, x, c, ', kernel = 1')], undefined, [`param # : Tensor[${c}, 1, 1] = normal`]);
    return activated(draft, draft.apply('$0 + #', [scaled], undefined, [`param # : Tensor[1, ${c}, 1, 1] = normal`]));
  },
  'mean and deviation, then conv': (draft, x) => {
    const c = x.shape[1];
    const centred = draft.apply('($0 - #) / 0.225', [x], undefined, [`param # : Tensor[${c}, 1, 1] = normal`]);
    return activated(draft, conv(draft, centred, '3', draft.draw.pick([', kernel = 1', three])));
  },
  'squeeze and excitation': (draft, x) => {
    const c = x.shape[1] as string;
    const squeezed = draft.apply('global_avg_pool($0)', [x], [x.shape[0] as string, c, '1', '1']);
    const gate = draft.apply('sigmoid($0)', [conv(draft, activated(draft, conv(draft, squeezed, '2', ', kernel = 1')), c, ', kernel = 1')]);
    return draft.apply('$0 * $1', [x, gate]);
  },
  'group norm': (draft, x) => activated(draft, draft.apply('$0 -> #: GroupNorm(groups = 1)', [x])),
  'two convolutions': (draft, x) =>
    conv(draft, conv(draft, x, '4', draft.draw.pick([', kernel = 1', three])), '2', draft.draw.pick([', kernel = 1', three])),
};

function linear(draft: Draft, x: Var, out: string): Var {
  const bias = draft.draw.pick(['true', 'true', 'false']);
  return draft.apply(`$0 -> #: Linear(${out}, bias = ${bias})`, [x], [...x.shape.slice(0, -1), out]);
}

const widthOf = (x: Var) => x.shape.at(-1) as string;

/** On `[N, T, 8]`, which is also the shape of the result. */
export const sequencePatterns: Readonly<Record<string, Pattern>> = {
  'a chain of linear layers': (draft, x) => {
    const inner = linear(draft, x, draft.draw.pick(['2', '8', '12']));
    return linear(
      draft,
      draft.draw.chance(0.5) ? inner : draft.apply(draft.draw.pick(['$0 * 0.125', '$0 + 1', '-$0']), [inner]),
      widthOf(x),
    );
  },
  'linear, then scale and shift': (draft, x) => {
    const y = draft.apply('$0 * #', [linear(draft, x, widthOf(x))], undefined, [`param # : Tensor[${widthOf(x)}] = normal`]);
    return activated(draft, draft.apply('$0 + #', [y], undefined, [`param # : Tensor[${widthOf(x)}] = normal`]));
  },
  attention: (draft, x) => {
    const [n, t] = x.shape as readonly [string, string];
    const heads = (y: Var) => {
      const split = draft.apply(`reshape($0, [${n}, ${t}, 2, 4])`, [y], [n, t, '2', '4']);
      return draft.apply('transpose($0, perm = [0, 2, 1, 3])', [split], [n, '2', t, '4']);
    };
    const [q, k, v] = draft.draw.shuffled([x, x, x]).map((y) => heads(linear(draft, y, '8'))) as [Var, Var, Var];
    const mixed = draft.draw.chance(0.6)
      ? draft.apply(`attention($0, $1, $2, causal = ${draft.draw.pick(['true', 'false'])})`, [q, k, v])
      : weighed(draft, q, k, v);
    const joined = draft.apply('transpose($0, perm = [0, 2, 1, 3])', [mixed], [n, t, '2', '4']);
    return linear(draft, draft.apply(`reshape($0, [${n}, ${t}, 8])`, [joined], [n, t, '8']), '8');
  },
  'layer norm and residual': (draft, x) => {
    const branch = linear(draft, activated(draft, linear(draft, draft.apply('$0 -> #: LayerNorm', [x]), '12')), '8');
    const sum = draft.apply('$0 + $1', draft.draw.shuffled([branch, x]));
    return draft.draw.chance(0.5) ? draft.apply('$0 -> #: LayerNorm', [sum]) : sum;
  },
  'layer norm, then linear layers': (draft, x) => {
    const normed = draft.apply(draft.draw.pick(['$0 -> #: LayerNorm', '$0 -> #: RMSNorm', '$0 -> #: LayerNorm(bias = false)']), [x]);
    return draft.apply('$0 * $1', [linear(draft, normed, '8'), linear(draft, normed, '8')]);
  },
  lora: (draft, x) => {
    const down = draft.apply('$0 @ #', [x], [...x.shape.slice(0, -1), '2'], ['param # : Tensor[8, 2] = normal']);
    const up = draft.apply('$0 @ #', [down], x.shape, ['param # : Tensor[2, 8] = normal']);
    return draft.apply('$0 + $1', [linear(draft, x, '8'), draft.apply('$0 * 0.25', [up])]);
  },
  // Large enough that the weight is not stored twice.
  'a weight and its transpose': (draft, x) => draft.apply('($0 @ #) @ #.T * 0.01', [x], x.shape, ['param # : Tensor[8, 300] = normal']),
  'gelu, written out': (draft, x) => {
    const erf = draft.apply('0.5 * (1 + erf($0 / 1.4142135623730951))', [x]);
    return draft.apply('$0 * $1', draft.draw.shuffled([x, erf]));
  },
  'silu, written out': (draft, x) => draft.apply('$0 * $1', [x, draft.apply('sigmoid($0)', [x])]),
  rope: (draft, x) => {
    const [n, t] = x.shape as readonly [string, string];
    const split = draft.apply(`transpose(reshape($0, [${n}, ${t}, 2, 4]), perm = [0, 2, 1, 3])`, [x], [n, '2', t, '4']);
    const turned = draft.apply(`rope($0, unsqueeze(range(${t}), 0))`, [split]);
    return draft.apply(`reshape(transpose($0, perm = [0, 2, 1, 3]), [${n}, ${t}, 8])`, [turned], x.shape);
  },
  swiglu: (draft, x) => draft.apply('$0 -> #: SwiGLU(6)', [x]),
  'softmax, written out': (draft, x) => {
    const e = draft.apply('exp($0 - max($0, axes = [-1], keep = true))', [x]);
    return draft.apply('$0 / sum($0, axes = [-1], keep = true)', [e]);
  },
  'log of softmax': (draft, x) => draft.apply('log($0)', [draft.apply('softmax($0, axis = -1)', [x])]),
};

function weighed(draft: Draft, q: Var, k: Var, v: Var): Var {
  const [n, h, t, d] = q.shape as readonly [string, string, string, string];
  const turned = draft.apply('transpose($0, perm = [0, 1, 3, 2])', [k], [n, h, d, t]);
  const scores = draft.apply('$0 @ $1', [q, turned], [n, h, t, t]);
  const scaled = draft.apply(draft.draw.pick(['$0 * 0.5', '$0 / 2', '$0', '$0 * 0.5 / 4']), [scores]);
  const masked = draft.draw.chance(0.6) ? maskedScores(draft, scaled, t) : scaled;
  return draft.apply('$0 @ $1', [draft.apply('softmax($0, axis = -1)', [masked]), v], v.shape);
}

/** Masks of numbers and booleans, some of which keep nothing of a row. */
function maskedScores(draft: Draft, scores: Var, t: string): Var {
  const allowed = draft.draw.pick([
    `unsqueeze(range(${t}), 0) <= unsqueeze(range(${t}), 1)`,
    `unsqueeze(range(${t}), 0) < unsqueeze(range(${t}), 1)`,
    `unsqueeze(range(${t}), 0) >= 1`,
  ]);
  const low = draft.draw.pick(['-inf', '-1e9', '-10000']);
  return draft.apply(
    draft.draw.pick([`$0 + where(${allowed}, 0.0, ${low})`, `where(${allowed}, 0.0, ${low}) + $0`, `where(${allowed}, $0, ${low})`]),
    [scores],
  );
}

/** On any shape: chains that clean-up shortens, and near misses. */
export const cleanUpPatterns: Readonly<Record<string, Pattern>> = {
  'nothing changes': (draft, x) =>
    draft.apply(draft.draw.pick(['$0 * 1', '$0 / 1', '$0 - 0', '$0 + 0', '0 + $0', '$0 ** 1', '-(-$0)', '1 * $0']), [x]),
  'numbers after each other': (draft, x) => {
    const [first, second] = [0, 1].map(() => draft.draw.pick(['$0 * 0.5', '$0 * 3', '$0 + 1.5', '$0 - 2', '$0 / 4', '$0 ** 2', 'abs($0)']));
    return draft.apply(second as string, [draft.apply(first as string, [x])]);
  },
  casts: (draft, x) =>
    draft.apply(
      draft.draw.pick([
        'cast(cast($0, f64), f32)',
        'cast(cast($0, f16), f32)',
        'cast(cast(clip($0, 0.2, 0.8), i32), f32)',
        'cast($0 > 0, f32)',
      ]),
      [x],
    ),
  'clips after each other': (draft, x) => {
    const steps = ['relu($0)', 'clip($0, 0, 6)', 'maximum($0, 0.5)', 'minimum($0, 2.0)', 'relu6($0)', 'clip($0, -1, 1)'];
    return draft.apply(draft.draw.pick(steps), [draft.apply(draft.draw.pick(steps), [x])]);
  },
  'slices and concat': (draft, x) => {
    const last = x.shape.length - 1;
    const cut = (starts: string, ends: string) => `slice($0, axes = [${last}], starts = [${starts}], ends = [${ends}])`;
    if (!/^[4-9]$/.test(widthOf(x))) return draft.apply('concat($0, axis = 0)', [x]);
    const half = [...x.shape.slice(0, -1), '2'];
    const [a, b] = [draft.apply(cut('0', '2'), [x], half), draft.apply(cut('2', '4'), [x], half)];
    const joined = draft.apply(`concat($0, $1, axis = ${last})`, draft.draw.shuffled([a, b]), [...x.shape.slice(0, -1), '4']);
    const wide = Number(widthOf(x)) - 4;
    return wide === 0
      ? joined
      : draft.apply(`concat($0, ${cut('4', widthOf(x)).replace('$0', '$1')}, axis = ${last})`, [joined, x], x.shape);
  },
  'shapes there and back': (draft, x) => {
    const flat = draft.apply(
      `reshape($0, [${x.shape[0]}, -1])`,
      [x],
      [
        x.shape[0] as string,
        x.shape
          .slice(1)
          .map((size) => `(${size})`)
          .join(' * '),
      ],
    );
    const other = draft.draw.chance(0.5) ? draft.apply('$0 * 2', [flat]) : flat;
    return draft.apply(`reshape($0, [${x.shape.join(', ')}])`, [other], x.shape);
  },
  'a transpose of a transpose': (draft, x) => {
    const perm = draft.draw.shuffled(x.shape.map((_, i) => i));
    const back = perm.map((_, i) => perm.indexOf(i));
    return draft.apply(`transpose(transpose($0, perm = [${perm}]), perm = [${back}])`, [x]);
  },
  'a choice that is known': (draft, x) =>
    draft.apply(draft.draw.pick(['where(ones([1]) > 0, $0, -$0)', 'where($0 > 0, $0, 0.0)', 'where($0 == $0, $0, 0.0)']), [x]),
  'equal statements': (draft, x) => draft.apply('$0 + $1', [draft.apply('tanh($0)', [x]), draft.apply('tanh($0)', [x])]),
};
