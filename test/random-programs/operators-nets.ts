import { type Draft, float, Impossible, list, num, type Options, sizedList, word } from './draft.js';
import type { Move } from './operators-basic.js';
import { Size } from './size.js';
import { rounded, type Tensor } from './tensor.js';

const f32 = (axes: readonly Size[], bits = rounded) => ({ dtype: 'f32' as const, axes, bits });

/** A float of this rank, from the scope or made to fit. */
function ofRank(d: Draft, rank: number): Tensor {
  const x = d.calm(d.float({ fits: (t) => t.axes.length >= rank - 2 && t.axes.length <= rank && t.axes.length > 0 }), 8);
  let y = x;
  while (y.axes.length < rank) {
    const at = d.draw.int(0, y.axes.length);
    y = d.call('unsqueeze', [y], { axes: num(at) }, { ...f32([...y.axes.slice(0, at), Size.of(1), ...y.axes.slice(at)], y.bits) });
  }
  return y;
}

function window(d: Draft, x: Tensor, spatial: number, padded: boolean) {
  const kernel = d.draw.int(1, 3);
  const stride = d.draw.int(1, 2);
  const dilation = d.draw.chance(0.2) ? 2 : 1;
  const reach = dilation * (kernel - 1) + 1;
  const padding = padded ? d.draw.int(0, Math.floor(kernel / 2)) : 0;
  const sides = x.axes.slice(2).map((side) => {
    d.atLeast(side, reach - 2 * padding);
    return side
      .plus(2 * padding - reach)
      .over(stride)
      .plus(1);
  });
  if (sides.length !== spatial) throw new Error('rank');
  return { kernel, stride, dilation, padding, sides };
}

function convolution(name: string, spatial: number): Move {
  return (d) => {
    const x = ofRank(d, spatial + 2);
    const { kernel, stride, dilation, padding, sides } = window(d, x, spatial, true);
    const out = d.draw.int(1, 4);
    const channels = x.axes[1] as Size;
    const groups = channels.constant !== undefined && channels.constant % 2 === 0 && out % 2 === 0 && d.draw.chance(0.3) ? 2 : 1;
    const weight = d.side({
      dtype: 'f32',
      axes: [Size.of(out), groups === 1 ? channels : Size.of((channels.constant as number) / 2), ...sides.map(() => Size.of(kernel))],
      style: 'smooth',
    });
    const bias = d.draw.chance(0.5) ? d.side({ dtype: 'f32', axes: [Size.of(out)], style: 'smooth' }) : undefined;
    const options: Options = {
      stride: stride === 1 ? undefined : num(stride),
      padding: padding === 0 ? undefined : num(padding),
      dilation: dilation === 1 ? undefined : num(dilation),
      groups: groups === 1 ? undefined : num(groups),
    };
    return d.call(name, [x, weight, bias], options, f32([x.axes[0] as Size, Size.of(out), ...sides]));
  };
}

function transposed(name: string, spatial: number): Move {
  return (d) => {
    const x = ofRank(d, spatial + 2);
    const kernel = d.draw.int(1, 3);
    const stride = d.draw.int(1, 2);
    const out = d.draw.int(1, 3);
    const sides = x.axes.slice(2).map((side) => side.minus(1).times(stride).plus(kernel));
    for (const side of x.axes.slice(2)) d.atLeast(side, 1);
    const weight = d.side({ dtype: 'f32', axes: [x.axes[1] as Size, Size.of(out), ...sides.map(() => Size.of(kernel))], style: 'smooth' });
    const bias = d.draw.chance(0.5) ? d.side({ dtype: 'f32', axes: [Size.of(out)], style: 'smooth' }) : undefined;
    return d.call(
      name,
      [x, weight, bias],
      { stride: stride === 1 ? undefined : num(stride) },
      f32([x.axes[0] as Size, Size.of(out), ...sides]),
    );
  };
}

function pool(name: string, spatial: number): Move {
  return (d) => {
    const x = ofRank(d, spatial + 2);
    const max = name.startsWith('max');
    const { kernel, stride, dilation, padding, sides } = window(d, x, spatial, true);
    if (!max && dilation > 1) throw new Impossible('averages have no dilation');
    return d.call(
      name,
      [x],
      {
        kernel: num(kernel),
        stride: num(stride),
        padding: padding === 0 ? undefined : num(padding),
        ...(max && dilation > 1 ? { dilation: num(dilation) } : {}),
      },
      f32([x.axes[0] as Size, x.axes[1] as Size, ...sides], max ? x.bits : rounded),
    );
  };
}

function adaptive(name: string, spatial: number): Move {
  return (d) => {
    const side = () => Size.of(d.draw.pick([4, 6]));
    const x = d.tensor(
      (t) =>
        t.dtype === 'f32' &&
        !t.wild &&
        t.axes.length === spatial + 2 &&
        t.axes.slice(2).every((a) => a.constant !== undefined && a.constant >= 2),
      () => d.side({ dtype: 'f32', axes: [...d.someAxes(2), ...Array.from({ length: spatial }, side)], style: 'smooth' }),
    );
    const outputs = Array.from({ length: spatial }, () => d.draw.int(1, 2));
    return d.call(
      name,
      [x],
      { output: spatial === 1 ? num(outputs[0] as number) : list(outputs) },
      f32([...x.axes.slice(0, 2), ...outputs.map((n) => Size.of(n))], name.includes('max') ? x.bits : rounded),
    );
  };
}

const windows: Record<string, Move> = {};
for (const spatial of [1, 2, 3]) {
  windows[`conv${spatial}d`] = convolution(`conv${spatial}d`, spatial);
  windows[`conv_transpose${spatial}d`] = transposed(`conv_transpose${spatial}d`, spatial);
  windows[`max_pool${spatial}d`] = pool(`max_pool${spatial}d`, spatial);
  windows[`avg_pool${spatial}d`] = pool(`avg_pool${spatial}d`, spatial);
  windows[`adaptive_max_pool${spatial}d`] = adaptive(`adaptive_max_pool${spatial}d`, spatial);
  windows[`adaptive_avg_pool${spatial}d`] = adaptive(`adaptive_avg_pool${spatial}d`, spatial);
}
for (const name of ['global_avg_pool', 'global_max_pool'])
  windows[name] = (d) => {
    const x = ofRank(d, d.draw.int(3, 4));
    return d.call(
      name,
      [x],
      {},
      f32([...x.axes.slice(0, 2), ...x.axes.slice(2).map(() => Size.of(1))], name.includes('max') ? x.bits : rounded),
    );
  };

/** A tensor whose rows vary: a norm of equal elements is a norm of rounding errors. */
function rows(d: Draft, rank: number): Tensor {
  return d.side({
    dtype: 'f32',
    axes: [...d.someAxes(1), Size.of(4), ...Array.from({ length: rank - 2 }, () => Size.of(d.draw.int(3, 5)))],
    style: 'grid',
  });
}

function scale(d: Draft, size: Size): Tensor | undefined {
  return d.draw.chance(0.6) ? d.side({ dtype: 'f32', axes: [size], style: 'positive' }) : undefined;
}

const norms: Record<string, Move> = {
  batch_norm(d) {
    const x = d.calm(d.float({ least: 2 }), 8);
    const channels = x.axes[1] as Size;
    const vector = (style: 'smooth' | 'positive') => d.side({ dtype: 'f32', axes: [channels], style });
    const weight = scale(d, channels);
    return d.call(
      'batch_norm',
      [x, vector('smooth'), vector('positive'), weight, weight === undefined ? undefined : scale(d, channels)],
      {},
      f32(x.axes),
    );
  },
  layer_norm(d) {
    const x = d.draw.chance(0.5) ? rows(d, d.draw.int(2, 3)) : d.float({ least: 1, fits: (t) => (t.axes.at(-1)?.constant ?? 0) >= 3 });
    const weight = scale(d, x.axes.at(-1) as Size);
    return d.call(
      'layer_norm',
      [x, weight, weight === undefined ? undefined : scale(d, x.axes.at(-1) as Size)],
      d.draw.chance(0.3) ? { eps: float(0.001) } : {},
      f32(x.axes),
    );
  },
  rms_norm(d) {
    const x = d.draw.chance(0.5) ? rows(d, d.draw.int(2, 3)) : d.float({ least: 1 });
    return d.call('rms_norm', [x, scale(d, x.axes.at(-1) as Size)], d.draw.chance(0.5) ? { eps: float(0.001) } : {}, f32(x.axes));
  },
  instance_norm(d) {
    const x = rows(d, d.draw.int(3, 4));
    const weight = scale(d, Size.of(4));
    return d.call('instance_norm', [x, weight, weight === undefined ? undefined : scale(d, Size.of(4))], {}, f32(x.axes));
  },
  group_norm(d) {
    const x = rows(d, d.draw.int(3, 4));
    const weight = scale(d, Size.of(4));
    return d.call(
      'group_norm',
      [x, weight, weight === undefined ? undefined : scale(d, Size.of(4))],
      { groups: num(d.draw.pick([1, 2])) },
      f32(x.axes),
    );
  },
};

// ---------------------------------------------------------------- recurrent

function recurrent(name: 'lstm' | 'gru' | 'rnn', gates: number): Move {
  return (d) => {
    const [n, t] = d.someAxes(2) as [Size, Size];
    d.require(n, 1);
    d.require(t, 1);
    const [width, hidden] = [d.draw.int(1, 3), d.draw.int(1, 3)];
    const x = d.side({ dtype: 'f32', axes: [n, t, Size.of(width)], style: 'smooth' });
    const ih = d.side({ dtype: 'f32', axes: [Size.of(gates * hidden), Size.of(width)], style: 'smooth' });
    const hh = d.side({ dtype: 'f32', axes: [Size.of(gates * hidden), Size.of(hidden)], style: 'smooth' });
    const bias = d.draw.chance(0.5);
    const vector = () => (bias ? d.side({ dtype: 'f32', axes: [Size.of(gates * hidden)], style: 'smooth' }) : undefined);
    const reverse = d.draw.chance(0.3);
    const options: Options = {
      direction: reverse ? word('reverse') : undefined,
      ...(name === 'rnn' && d.draw.chance(0.3) ? { activation: word('relu') } : {}),
    };
    const state = f32([Size.of(1), n, Size.of(hidden)]);
    const outs = [f32([n, t, Size.of(hidden)]), state, ...(name === 'lstm' ? [state] : [])];
    return d.callSeveral(
      name,
      [x, ih, hh, vector(), vector()],
      options,
      outs,
      name === 'lstm' ? [true, false, true] : [true, d.draw.chance(0.5)],
    );
  };
}

// ---------------------------------------------------------------- losses

/** The mean, sum or elements of a loss; a mean over nothing is not a number, so that no axis may be empty. */
function reduced(d: Draft, axes: readonly Size[]): { readonly options: Options; readonly axes: readonly Size[] } {
  const reduction = d.draw.pick(['mean', 'sum', 'none']);
  if (reduction === 'mean') for (const axis of axes) d.require(axis, 1);
  return { options: reduction === 'mean' ? {} : { reduction: word(reduction) }, axes: reduction === 'none' ? axes : [] };
}

function pairLoss(
  name: string,
  values: (d: Draft) => Tensor,
  target: 'smooth' | 'probability',
  more: (d: Draft) => Options = () => ({}),
): Move {
  return (d) => {
    const x = values(d);
    const y = d.side({ dtype: 'f32', axes: x.axes, style: target });
    const { options, axes } = reduced(d, x.axes);
    return d.call(name, [x, y], { ...more(d), ...options }, f32(axes));
  };
}

const calmed = (d: Draft) => d.calm(d.float({ least: 1 }), 4);
function probabilities(d: Draft): Tensor {
  const x = calmed(d);
  return d.call('sigmoid', [x], {}, f32(x.axes));
}

function classes(d: Draft): { readonly x: Tensor; readonly labels: Tensor; readonly count: Size } {
  const x = d.calm(d.float({ least: 2, fits: (t) => d.least(t.axes.at(-1) as Size) >= 1 && t.axes.length <= 3 }), 4);
  const count = x.axes.at(-1) as Size;
  return { x, count, labels: d.side({ dtype: 'i64', axes: x.axes.slice(0, -1), style: 'ids', count }) };
}

const losses: Record<string, Move> = {
  l1_loss: pairLoss('l1_loss', calmed, 'smooth'),
  mse_loss: pairLoss('mse_loss', calmed, 'smooth'),
  huber_loss: pairLoss('huber_loss', calmed, 'smooth', (d) => (d.draw.chance(0.5) ? { delta: float(0.5) } : {})),
  smooth_l1_loss: pairLoss('smooth_l1_loss', calmed, 'smooth', (d) => (d.draw.chance(0.5) ? { beta: float(0.5) } : {})),
  bce_loss: pairLoss('bce_loss', probabilities, 'probability'),
  bce_with_logits: pairLoss('bce_with_logits', calmed, 'probability'),
  kl_div: pairLoss(
    'kl_div',
    (d) => {
      const x = calmed(d);
      return d.call('log_softmax', [x], { axis: num(-1) }, f32(x.axes));
    },
    'probability',
  ),
  cosine_similarity(d) {
    const x = calmed(d);
    const y = d.side({ dtype: 'f32', axes: x.axes, style: 'positive' });
    return d.call('cosine_similarity', [x, y], { axis: num(-1) }, f32(x.axes.slice(0, -1)));
  },
  cross_entropy(d) {
    const { x, labels } = classes(d);
    const { options, axes } = reduced(d, labels.axes);
    return d.call(
      'cross_entropy',
      [x, labels],
      { axis: num(-1), ...(d.draw.chance(0.3) ? { label_smoothing: float(0.1) } : {}), ...options },
      f32(axes),
    );
  },
  nll_loss(d) {
    const { x, labels } = classes(d);
    const log = d.call('log_softmax', [x], { axis: num(-1) }, f32(x.axes));
    const { options, axes } = reduced(d, labels.axes);
    return d.call('nll_loss', [log, labels], { axis: num(-1), ...options }, f32(axes));
  },
  accuracy(d) {
    const x = d.float({ least: 2, exact: true, fits: (t) => d.least(t.axes.at(-1) as Size) >= 1 && t.axes.length <= 3 });
    for (const axis of x.axes) d.require(axis, 1);
    const labels = d.side({ dtype: 'i64', axes: x.axes.slice(0, -1), style: 'ids', count: x.axes.at(-1) as Size });
    return d.call('accuracy', [x, labels], { axis: num(-1) }, f32([]));
  },
};

function interpolate(d: Draft): Tensor {
  const x = ofRank(d, d.draw.int(3, 4));
  const sides = x.axes.slice(2);
  for (const side of sides) d.atLeast(side, 1);
  const cubic = x.axes.length === 4 && d.draw.chance(0.2);
  const mode = cubic ? 'cubic' : d.draw.pick(['nearest', 'linear']);
  const options: Options = { mode: mode === 'nearest' ? undefined : word(mode) };
  if (d.draw.chance(0.6)) {
    const result = sides.map((side) => side.times(2));
    return d.call(
      'interpolate',
      [x],
      { scale: num(2), ...options },
      f32([...x.axes.slice(0, 2), ...result], mode === 'nearest' ? x.bits : rounded),
    );
  }
  const sizes = sides.map(() => Size.of(d.draw.int(1, 5)));
  return d.call(
    'interpolate',
    [x],
    { size: sizedList(sizes), ...options },
    f32([...x.axes.slice(0, 2), ...sizes], mode === 'nearest' ? x.bits : rounded),
  );
}

export const nets: Readonly<Record<string, Move>> = {
  ...windows,
  ...norms,
  lstm: recurrent('lstm', 4),
  gru: recurrent('gru', 3),
  rnn: recurrent('rnn', 1),
  ...losses,
  interpolate,
};
