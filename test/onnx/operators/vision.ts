import type { NodeCall, Translation } from '../node-call.js';

function imageSizes<V>(c: NodeCall<V>): readonly number[] {
  return c.g
    .shape(c.in(0))
    .slice(2)
    .map((size) => size.constant!);
}

/** The pads of a window node; `auto_pad` is resolved because archc's "same" puts odd padding at the end only. */
function padding<V>(c: NodeCall<V>, kernel: readonly number[]): readonly number[] | undefined {
  const mode = c.string('auto_pad', 'NOTSET');
  if (mode === 'NOTSET') return c.ints('pads');
  if (mode === 'VALID') return undefined;
  const strides = c.ints('strides') ?? kernel.map(() => 1);
  const dilations = c.ints('dilations') ?? kernel.map(() => 1);
  const total = imageSizes(c).map((size, i) => {
    const reach = (kernel[i]! - 1) * dilations[i]! + 1;
    return Math.max(0, (Math.ceil(size / strides[i]!) - 1) * strides[i]! + reach - size);
  });
  const small = total.map((sum) => Math.floor(sum / 2));
  const large = total.map((sum) => Math.ceil(sum / 2));
  return mode === 'SAME_UPPER' ? [...small, ...large] : [...large, ...small];
}

const conv: Translation = (c) => {
  const kernel = c.g
    .shape(c.in(1))
    .slice(2)
    .map((size) => size.constant!);
  return [
    c.g.op(`conv${kernel.length}d`, [c.in(0), c.in(1), c.x[2]], {
      stride: c.ints('strides'),
      padding: padding(c, kernel),
      dilation: c.ints('dilations'),
      groups: c.int('group', 1),
    }),
  ];
};

const convTranspose: Translation = (c) => {
  const kernel = c.g
    .shape(c.in(1))
    .slice(2)
    .map((size) => size.constant!);
  const stride = c.ints('strides') ?? kernel.map(() => 1);
  const dilation = c.ints('dilations') ?? kernel.map(() => 1);
  let pads = c.ints('pads');
  let outputPadding = c.ints('output_padding');
  const wanted = c.ints('output_shape') ?? sameShape(c, stride);
  if (wanted !== undefined) {
    const extra = outputPadding ?? kernel.map(() => 0);
    const total = imageSizes(c).map((size, i) => stride[i]! * (size - 1) + extra[i]! + (kernel[i]! - 1) * dilation[i]! + 1 - wanted[i]!);
    // An output larger than all windows reach is padded at its end.
    outputPadding = extra.map((own, i) => own + Math.max(0, -total[i]!));
    const small = total.map((sum) => Math.floor(Math.max(0, sum) / 2));
    const large = total.map((sum) => Math.ceil(Math.max(0, sum) / 2));
    pads = c.string('auto_pad', 'NOTSET') === 'SAME_UPPER' ? [...small, ...large] : [...large, ...small];
  }
  return [
    c.g.op(`conv_transpose${kernel.length}d`, [c.in(0), c.in(1), c.x[2]], {
      stride,
      padding: pads,
      output_padding: outputPadding,
      dilation,
      groups: c.int('group', 1),
    }),
  ];
};

function sameShape<V>(c: NodeCall<V>, stride: readonly number[]): readonly number[] | undefined {
  return c.string('auto_pad', 'NOTSET').startsWith('SAME') ? imageSizes(c).map((size, i) => size * stride[i]!) : undefined;
}

const pool =
  (name: 'avg_pool' | 'max_pool'): Translation =>
  (c) => {
    const kernel = c.ints('kernel_shape')!;
    const dilation = c.ints('dilations');
    const countsPadding = c.int('count_include_pad', 0) === 1;
    if (name === 'avg_pool' && dilation?.some((d) => d !== 1)) return [dilatedAverage(c, kernel, dilation)];
    const pads = padding(c, kernel);
    const isWide = pads?.some((pad, i) => 2 * pad > kernel[i % kernel.length]!) ?? false;
    // archc takes at most half a window of padding; more than that is an operator of its own.
    const fill = name === 'max_pool' ? Number.NEGATIVE_INFINITY : 0;
    const axes = kernel.map((_, i) => i + 2);
    const x = isWide ? c.g.op('pad', [c.in(0)], { pads, axes, value: fill }) : c.in(0);
    return [
      c.g.op(`${name}${kernel.length}d`, [x], {
        kernel,
        stride: c.ints('strides') ?? kernel.map(() => 1),
        padding: isWide ? undefined : pads,
        ceil_mode: c.int('ceil_mode', 0) === 1,
        ...(name === 'avg_pool' ? { count_include_pad: countsPadding } : { dilation }),
      }),
    ];
  };

/** archc's average pooling has no dilation, as PyTorch's: the sum of each window over the number of its elements, by convolutions. */
function dilatedAverage<V>(c: NodeCall<V>, kernel: readonly number[], dilation: readonly number[]): V {
  if (c.has('pads') || c.has('auto_pad')) throw new Error('dilated average pooling with padding');
  const stride = c.ints('strides') ?? kernel.map(() => 1);
  const overhang = imageSizes(c).map((size, i) => {
    const room = size - ((kernel[i]! - 1) * dilation[i]! + 1);
    const steps = c.int('ceil_mode', 0) === 1 ? Math.ceil(room / stride[i]!) : Math.floor(room / stride[i]!);
    return Math.max(0, steps * stride[i]! - room);
  });
  const groups = c.g.shape(c.in(0))[1]!;
  const { dtype } = c.g.type(c.in(0));
  const ones = c.g.op('ones', [], { shape: [groups, 1, ...kernel], dtype });
  const pads = [...kernel.map(() => 0), ...overhang];
  const axes = kernel.map((_, i) => i + 2);
  const sum = (x: V): V => c.g.op(`conv${kernel.length}d`, [c.g.op('pad', [x], { pads, axes }), ones], { stride, dilation, groups });
  return c.g.div(sum(c.in(0)), sum(c.g.op('ones_like', [c.in(0)])));
}

/** archc gives pooled images without their spatial axes of size 1. */
const globalPool =
  (name: string): Translation =>
  (c) => {
    const y = c.g.op(name, [c.in(0)]);
    const missing = c.g.rank(c.in(0)) - c.g.rank(y);
    return [
      missing === 0
        ? y
        : c.g.unsqueeze(
            y,
            Array.from({ length: missing }, (_, i) => i + 2),
          ),
    ];
  };

const resize: Translation = (c) => {
  const rank = c.g.rank(c.in(0));
  const axes = c.ints('axes') ?? Array.from({ length: rank }, (_, i) => i);
  const whole = c.g.shape(c.in(0)).map((size) => size.constant!);
  const scales = c.numbers(2);
  const sizes = c.numbers(3) ?? scales?.map((scale, i) => Math.floor(whole[axes[i]!]! * scale));
  const size = whole.map((own, axis) => (axes.includes(axis) ? sizes![axes.indexOf(axis)]! : own)).slice(2);
  const mode = c.string('mode', 'nearest');
  const coordinates = c.string('coordinate_transformation_mode', 'half_pixel');
  const nearest = c.string('nearest_mode', 'round_prefer_floor');
  if (c.int('antialias', 0) === 1) c.otherValues = 'interpolate does not smooth before it shrinks';
  if (mode === 'cubic' && c.has('cubic_coeff_a') && c.float('cubic_coeff_a', -0.75) !== -0.75) c.otherValues = 'cubic_coeff_a is -0.75';
  if (c.int('exclude_outside', 0) === 1) c.otherValues = 'interpolate repeats the edge';
  if (mode === 'nearest') {
    if (coordinates !== 'asymmetric' || nearest !== 'floor') c.otherValues = "nearest is PyTorch's: asymmetric and rounded down";
  } else if (coordinates !== 'half_pixel' && coordinates !== 'align_corners') {
    c.otherValues = `the coordinate mode is half_pixel or align_corners, not ${coordinates}`;
  }
  const isScaled = c.numbers(3) === undefined && scales !== undefined && axes.length === rank;
  return [
    c.g.op('interpolate', [c.in(0)], {
      ...(isScaled ? { scale: scales.slice(2) } : { size }),
      mode,
      align_corners: mode !== 'nearest' && coordinates === 'align_corners',
    }),
  ];
};

/** Moves the block positions from behind the channels to before them, or back. */
function reorderChannels<V>(c: NodeCall<V>, x: V, block: number, positionsFirst: boolean): V {
  const [n, channels, ...image] = c.g.shape(x);
  const own = channels!.floorDiv(block * block);
  const split = positionsFirst ? [own, block * block] : [block * block, own];
  const apart = c.g.reshape(x, [n!, ...split, ...image]);
  return c.g.reshape(c.g.transpose(apart, [0, 2, 1, 3, 4]), [n!, channels!, ...image]);
}

export const vision: Readonly<Record<string, Translation>> = {
  AveragePool: pool('avg_pool'),
  Conv: conv,
  ConvTranspose: convTranspose,
  DepthToSpace: (c) => {
    const factor = c.int('blocksize', 1);
    const x = c.string('mode', 'DCR') === 'CRD' ? c.in(0) : reorderChannels(c, c.in(0), factor, false);
    return [c.g.op('pixel_shuffle', [x], { factor })];
  },
  GlobalAveragePool: globalPool('global_avg_pool'),
  GlobalMaxPool: globalPool('global_max_pool'),
  MaxPool: pool('max_pool'),
  Resize: resize,
  SpaceToDepth: (c) => {
    const factor = c.int('blocksize', 1);
    return [reorderChannels(c, c.g.op('pixel_unshuffle', [c.in(0)], { factor }), factor, true)];
  },
};
