/** A use of a layer with drawn hyperparameters, on inputs whose open sizes have names. */
export interface LayerDraw {
  /** The declaration under test. */
  readonly layer: string;
  /** Declarations of its own, for layers that are not in the standard library. */
  readonly source: string;
  /** `name: type` of each input. */
  readonly inputs: readonly string[];
  /** What the model returns, in terms of its inputs. */
  readonly result: string;
  /** The rank of each output. */
  readonly ranks: readonly number[];
  /** What the model says of its sizes. */
  readonly where: readonly string[];
  /** The sizes by name, so that every fact holds. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** The model that makes this use; its outputs are `y0`, `y1`, ... and have the shapes that come out. */
export function modelSource(draw: LayerDraw): string {
  const outputs = draw.ranks.map((rank, i) => `y${i}: Tensor[${Array.from({ length: rank }, (_, k) => `Y${i}${k}`).join(', ')}]`);
  const where = draw.where.length === 0 ? '' : ` where ${draw.where.join(', ')}`;
  return `${draw.source}\nmodel M(${draw.inputs.join(', ')}) -> (${outputs.join(', ')})${where} {\n  return ${draw.result}\n}\n`;
}

/** Those of a draw's sizes that its inputs have. */
export function inputSizes(draw: LayerDraw): Readonly<Record<string, number>> {
  const types = draw.inputs.join();
  return Object.fromEntries(Object.entries(draw.sizes).filter(([name]) => new RegExp(`\\b${name}\\b`).test(types)));
}

type Random = () => number;

const int = (random: Random, low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
const bool = (random: Random): boolean => random() < 0.5;

/** Leading axes: their names in a type, and their sizes. */
function leading(random: Random, most = 3): { readonly axes: readonly string[]; readonly sizes: Record<string, number> } {
  const axes = ['N', 'T', 'S'].slice(0, int(random, 0, most));
  return { axes, sizes: Object.fromEntries(axes.map((name) => [name, int(random, 1, 5)])) };
}

function simple(layer: string, input: string, args: string, sizes: Record<string, number>, more: Partial<LayerDraw> = {}): LayerDraw {
  return {
    layer,
    source: '',
    inputs: [`x: ${input}`],
    result: `x -> it: ${layer}${args}`,
    where: [],
    sizes,
    ranks: [input.slice(input.indexOf('[')).split(',').length],
    ...more,
  };
}

/** Convolutions and their like over `axes.length` axes: the window fits, because the model says that the sides are long enough. */
function convolution(layer: string, random: Random, axes: readonly string[], transposed: boolean): LayerDraw {
  const groups = pick(random, [1, 1, 2, 4]);
  const channels = groups * int(random, 1, 3);
  const kernels = bool(random) ? [int(random, 1, 4)] : axes.map(() => int(random, 1, 4));
  const stride = int(random, 1, 3);
  const dilation = int(random, 1, 2);
  const reach = Math.max(...kernels.map((k) => dilation * (k - 1) + 1));
  const same = !transposed && stride === 1 && random() < 0.2;
  const padding = same ? '"same"' : String(transposed ? 0 : int(random, 0, Math.floor(reach / 2)));
  const sizes = { N: int(random, 1, 2), ...Object.fromEntries(axes.map((a) => [a, reach + int(random, 0, 6)])) };
  const kernel = kernels.length === 1 ? kernels[0] : `[${kernels}]`;
  return simple(
    layer,
    `Tensor[N, ${channels}, ${axes.join(', ')}]`,
    `(${groups * int(random, 1, 3)}, kernel = ${kernel}, stride = ${stride}, padding = ${padding}, dilation = ${dilation}, groups = ${groups}, bias = ${bool(random)})`,
    sizes,
    { where: axes.map((a) => `${a} >= ${reach}`) },
  );
}

function recurrent(layer: 'LSTM' | 'GRU' | 'RNN', random: Random): LayerDraw {
  const bidirectional = bool(random);
  const layers = int(random, 1, 3);
  const hidden = int(random, 1, 6);
  const states = (bidirectional ? 2 : 1) * layers;
  const inputs = [`x: Tensor[N, T, ${int(random, 1, 6)}]`];
  const given: string[] = [];
  for (const state of layer === 'LSTM' ? ['h0', 'c0'] : ['h0']) {
    if (layer !== 'LSTM' && bool(random)) continue;
    inputs.push(`${state}: Tensor[${states}, N, ${hidden}]`);
    given.push(`${state} = ${state}`);
  }
  return {
    layer,
    source: '',
    inputs,
    where: [],
    sizes: { N: int(random, 1, 3), T: int(random, 1, 5) },
    result: `x -> it: ${layer}(${hidden}, layers = ${layers}, bidirectional = ${bidirectional}, bias = ${bool(random)})${given.length === 0 ? '' : `(${given.join(', ')})`}`,
    ranks: layer === 'LSTM' ? [3, 3, 3] : [3, 3],
  };
}

function attending(layer: string, args: string, random: Random, memory: boolean): LayerDraw {
  const heads = pick(random, [1, 2, 3, 4]);
  const width = heads * int(random, 1, 3);
  const masked = bool(random);
  const inputs = [`x: Tensor[N, T, ${width}]`, ...(memory ? [`m: Tensor[N, S, ${width}]`] : [])];
  const mask = `Tensor<bool>[${pick(random, ['N', '1'])}, ${pick(random, [String(heads), '1'])}, ${pick(random, ['T', '1'])}, ${layer === 'MultiheadAttention' ? 'S' : 'T'}]`;
  if (masked) inputs.push(`mask: ${mask}`);
  const tensors = [...(layer === 'MultiheadAttention' ? ['m', 'm'] : memory ? ['m'] : []), ...(masked ? ['mask'] : [])];
  return {
    layer,
    source: '',
    inputs,
    where: [],
    ranks: [3],
    result: `x -> it: ${layer}(${args.replace('HEADS', String(heads))})${tensors.length === 0 ? '' : `(${tensors.join(', ')})`}`,
    sizes: { N: int(random, 1, 3), T: int(random, 1, 5), ...(memory ? { S: int(random, 1, 5) } : {}) },
  };
}

const own = `
layer Bottleneck(planes: int, stride = 1, act = relu)(x: Tensor[N, C, H, W]) -> Tensor[N, 4 * planes, H1, W1] {
  y = x -> conv1: Conv2d(planes, 1) -> act -> conv2: Conv2d(planes, 3, stride = stride, padding = 1) -> act -> conv3: Conv2d(4 * planes, 1)
  skip = if stride != 1 || C != 4 * planes { x -> down: Conv2d(4 * planes, 1, stride = stride) } else { x }
  return act(y + skip)
}
layer Heads(heads: int)(x: Tensor[*B, D]) -> Tensor[*B, heads, D / heads] where D % heads == 0 {
  parts = split(x, parts = heads, axis = -1)
  return stack(parts, axis = -2)
}
layer SplitHeads(heads: int)(x: Tensor[N, T, D]) -> Tensor[N, heads, T, D / heads] where D % heads == 0 {
  return x -> rearrange([N, T, heads * d] => [N, heads, T, d])
}
layer Skips(levels = 2)(x: Tensor[N, C, H, W]) -> Tensor[N, K, H, W] where H % 2 ** levels == 0, W % 2 ** levels == 0 {
  skips = []
  for i in 0..levels {
    skips = [*skips, x]
    x = x -> max_pool2d(2)
  }
  for skip in reverse(skips) { x = concat(skip, interpolate(x, scale = [2.0, 2.0], mode = "nearest"), axis = 1) }
  return x
}
layer Stack(widths: list, norm = LayerNorm, act: fn = gelu, final = true)(x: Tensor[*B, In]) -> Tensor[*B, Out] {
  for (i, width) in enumerate(widths) { x = x -> fc[i]: Linear(width) -> norms[i]: norm -> act }
  if final { return x -> out: Linear(3) }
  return x
}
layer Pool(mode: string, keep = false)(x: Tensor[N, T, D]) -> Tensor[N, *R] {
  if mode == "mean" { return mean(x, axis = T, keep = keep) }
  if mode == "last" { return if keep { x[:, -1..] } else { x[:, -1] } }
  return max(x, axis = T, keep = keep)
}
layer Twice(f: layer, times = 2)(x: Tensor[*B, D]) -> Tensor[*B, D] {
  shared = f(D)
  for i in 0..times { x = x + shared(x) }
  return x
}
layer Windows(size: int)(x: Tensor[N, T, D]) -> Tensor[N, T // size, size, D] where T >= size {
  let count = T // size
  return x[:, 0..count * size] -> rearrange([N, count * size, D] => [N, count, size, D])
}
layer Shift(by = 1)(x: Tensor[N, T, D]) -> Tensor[N, T, D] where T > by, by >= 0 {
  return concat(x[:, by..], x[:, 0..by], axis = 1)
}
layer Mask(x: Tensor[N, T, S], keep: Tensor[N|1, T|1, S]) -> Tensor[N, T, S] { return x * keep }
layer Cached(x: Tensor[N, T], all: Tensor[N, P + T]) -> (old: Tensor[N, P], new: Tensor[N, T]) { return (all[:, 0..P], all[:, P..] + x) }
`;

const ours = (layer: string, input: string, args: string, sizes: Record<string, number>, more: Partial<LayerDraw> = {}): LayerDraw =>
  simple(layer, input, args, sizes, { source: own, ...more });

/** One draw of each kind of layer: of the standard library, and of a few that use the language in other ways. */
export const layerDraws: Readonly<Record<string, (random: Random) => LayerDraw>> = {
  Linear: (r) => {
    const { axes, sizes } = leading(r);
    return simple('Linear', `Tensor[${[...axes, int(r, 1, 8)].join(', ')}]`, `(${int(r, 1, 8)}, bias = ${bool(r)})`, sizes);
  },
  Embedding: (r) => {
    const { axes, sizes } = leading(r);
    const type = `Tensor<i64>[${axes.join(', ')}]`;
    return simple('Embedding', type, `(${int(r, 2, 9)}, ${int(r, 1, 6)})`, sizes, { ranks: [axes.length + 1] });
  },
  MLP: (r) => {
    const { axes, sizes } = leading(r);
    const widths = Array.from({ length: int(r, 1, 4) }, () => int(r, 1, 8));
    return simple(
      'MLP',
      `Tensor[${[...axes, int(r, 1, 8)].join(', ')}]`,
      `([${widths}], act = ${pick(r, ['relu', 'gelu', 'tanh'])}, bias = ${bool(r)})`,
      sizes,
    );
  },
  SwiGLU: (r) => {
    const { axes, sizes } = leading(r);
    return simple('SwiGLU', `Tensor[${[...axes, int(r, 1, 8)].join(', ')}]`, `(${int(r, 1, 12)}, bias = ${bool(r)})`, sizes);
  },
  glu: (r) => {
    const { axes, sizes } = leading(r);
    return simple('glu', `Tensor[${[...axes, 2 * int(r, 1, 5)].join(', ')}]`, '', sizes, { result: 'x -> glu' });
  },
  PReLU: (r) => simple('PReLU', `Tensor[N, ${int(r, 1, 5)}, H]`, `(per_channel = ${bool(r)})`, { N: int(r, 1, 3), H: int(r, 1, 6) }),
  Conv1d: (r) => convolution('Conv1d', r, ['L'], false),
  Conv2d: (r) => convolution('Conv2d', r, ['H', 'W'], false),
  Conv3d: (r) => convolution('Conv3d', r, ['D', 'H', 'W'], false),
  ConvTranspose1d: (r) => convolution('ConvTranspose1d', r, ['L'], true),
  ConvTranspose2d: (r) => convolution('ConvTranspose2d', r, ['H', 'W'], true),
  BatchNorm1d: (r) =>
    simple('BatchNorm1d', `Tensor[N, ${int(r, 1, 5)}${bool(r) ? ', L' : ''}]`, `(affine = ${bool(r)})`, {
      N: int(r, 1, 3),
      L: int(r, 1, 5),
    }),
  BatchNorm2d: (r) =>
    simple('BatchNorm2d', `Tensor[N, ${int(r, 1, 5)}, H, W]`, `(affine = ${bool(r)})`, { N: 2, H: int(r, 1, 5), W: int(r, 1, 5) }),
  LayerNorm: (r) => {
    const { axes, sizes } = leading(r);
    return simple('LayerNorm', `Tensor[${[...axes, int(r, 2, 8)].join(', ')}]`, `(bias = ${bool(r)})`, sizes);
  },
  RMSNorm: (r) => {
    const { axes, sizes } = leading(r);
    return simple('RMSNorm', `Tensor[${[...axes, int(r, 2, 8)].join(', ')}]`, '', sizes);
  },
  GroupNorm: (r) => {
    const groups = int(r, 1, 4);
    return simple('GroupNorm', `Tensor[N, ${groups * int(r, 1, 3)}, H]`, `(${groups}, affine = ${bool(r)})`, {
      N: int(r, 1, 3),
      H: int(r, 2, 6),
    });
  },
  InstanceNorm2d: (r) =>
    simple('InstanceNorm2d', `Tensor[N, ${int(r, 1, 4)}, H, W]`, `(affine = ${bool(r)})`, { N: 2, H: int(r, 2, 5), W: int(r, 2, 5) }),
  LSTM: (r) => recurrent('LSTM', r),
  GRU: (r) => recurrent('GRU', r),
  RNN: (r) => recurrent('RNN', r),
  MultiheadAttention: (r) => attending('MultiheadAttention', `HEADS, bias = ${bool(r)}`, r, true),
  TransformerEncoderLayer: (r) => attending('TransformerEncoderLayer', `HEADS, ff = ${int(r, 1, 9)}, norm_first = ${bool(r)}`, r, false),
  TransformerDecoderLayer: (r) => attending('TransformerDecoderLayer', `HEADS, ff = ${int(r, 1, 9)}, norm_first = ${bool(r)}`, r, true),
  LearnedPositions: (r) => {
    const T = int(r, 1, 6);
    const longest = T + int(r, 0, 3);
    return simple('LearnedPositions', `Tensor[N, T, ${int(r, 1, 5)}]`, `(${longest})`, { N: 2, T }, { where: [`T <= ${longest}`] });
  },
  PatchEmbed: (r) => {
    const patch = int(r, 1, 4);
    const sizes = { N: int(r, 1, 2), H: patch * int(r, 1, 4), W: patch * int(r, 1, 4) };
    return simple('PatchEmbed', 'Tensor[N, 3, H, W]', `(dim = ${int(r, 1, 6)}, patch = ${patch})`, sizes, {
      ranks: [3],
      where: [`H % ${patch} == 0`, `W % ${patch} == 0`],
    });
  },
  SqueezeExcitation: (r) =>
    simple('SqueezeExcitation', `Tensor[N, ${int(r, 1, 6)}, H, W]`, `(${int(r, 1, 4)})`, { N: 2, H: int(r, 1, 5), W: int(r, 1, 5) }),
  Bottleneck: (r) => {
    const planes = int(r, 1, 3);
    return ours('Bottleneck', `Tensor[N, ${pick(r, [4 * planes, 3, 8])}, H, W]`, `(${planes}, stride = ${int(r, 1, 3)})`, {
      N: 1,
      H: int(r, 1, 9),
      W: int(r, 1, 9),
    });
  },
  Heads: (r) => {
    const { axes, sizes } = leading(r);
    const heads = int(r, 1, 4);
    return ours('Heads', `Tensor[${[...axes, heads * int(r, 1, 3)].join(', ')}]`, `(${heads})`, sizes, { ranks: [axes.length + 2] });
  },
  SplitHeads: (r) => {
    const heads = int(r, 1, 4);
    return ours('SplitHeads', `Tensor[N, T, ${heads * int(r, 1, 3)}]`, `(${heads})`, { N: int(r, 1, 3), T: int(r, 1, 5) }, { ranks: [4] });
  },
  Skips: (r) => {
    const levels = int(r, 0, 3);
    const sizes = { N: 1, H: 2 ** levels * int(r, 1, 2), W: 2 ** levels * int(r, 1, 2) };
    return ours('Skips', 'Tensor[N, 2, H, W]', `(levels = ${levels})`, sizes, {
      where: [`H % ${2 ** levels} == 0`, `W % ${2 ** levels} == 0`],
    });
  },
  Stack: (r) => {
    const { axes, sizes } = leading(r);
    const widths = Array.from({ length: int(r, 0, 3) }, () => int(r, 2, 8));
    return ours(
      'Stack',
      `Tensor[${[...axes, int(r, 2, 8)].join(', ')}]`,
      `([${widths}], norm = ${pick(r, ['LayerNorm', 'RMSNorm'])}, act = ${pick(r, ['relu', 'gelu'])}, final = ${bool(r)})`,
      sizes,
    );
  },
  Pool: (r) => {
    const keep = bool(r);
    return ours(
      'Pool',
      `Tensor[N, T, ${int(r, 1, 5)}]`,
      `("${pick(r, ['mean', 'last', 'max'])}", keep = ${keep})`,
      { N: int(r, 1, 5), T: int(r, 1, 5) },
      { ranks: [keep ? 3 : 2] },
    );
  },
  Twice: (r) => {
    const { axes, sizes } = leading(r);
    return ours('Twice', `Tensor[${[...axes, int(r, 1, 6)].join(', ')}]`, `(Linear, times = ${int(r, 0, 3)})`, sizes);
  },
  Windows: (r) => {
    const size = int(r, 1, 4);
    return ours(
      'Windows',
      `Tensor[N, T, ${int(r, 1, 4)}]`,
      `(${size})`,
      { N: 2, T: size + int(r, 0, 7) },
      { ranks: [4], where: [`T >= ${size}`] },
    );
  },
  Shift: (r) => {
    const by = int(r, 0, 3);
    return ours('Shift', `Tensor[N, T, ${int(r, 1, 4)}]`, `(by = ${by})`, { N: 2, T: by + int(r, 1, 4) }, { where: [`T > ${by}`] });
  },
  Mask: (r) =>
    ours(
      'Mask',
      'Tensor[N, T, S]',
      '',
      { N: int(r, 1, 4), T: int(r, 1, 4), S: int(r, 1, 4) },
      {
        inputs: ['x: Tensor[N, T, S]', `keep: Tensor[${pick(r, ['N', '1'])}, ${pick(r, ['T', '1'])}, S]`],
        result: 'Mask(x, keep)',
        ranks: [3],
      },
    ),
  Cached: (r) => {
    const old = int(r, 1, 4);
    return ours(
      'Cached',
      '',
      '',
      { N: int(r, 1, 3), T: int(r, 1, 4) },
      {
        inputs: ['x: Tensor[N, T]', `all: Tensor[N, T + ${old}]`],
        result: 'Cached(x, all)',
        ranks: [2, 2],
      },
    );
  },
};
