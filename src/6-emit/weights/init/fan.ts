/** The result of `torch.nn.init._calculate_fan_in_and_fan_out`: how many inputs an output sums over, and vice versa. */
export interface Fan {
  readonly in: number;
  readonly out: number;
}

/** For a weight `[out, in, ...kernel]`; `in` is already divided by the groups. Needs at least two axes. */
export function fanOf(shape: readonly number[]): Fan {
  const [out = 0, inputs = 0, ...kernel] = shape;
  const field = kernel.reduce((product, size) => product * size, 1);
  return { in: inputs * field, out: out * field };
}

/** `torch.nn.init.calculate_gain`; undefined for an unknown nonlinearity. `a` is the slope of leaky_relu. */
export function gainOf(nonlinearity: string, a: number): number | undefined {
  switch (nonlinearity) {
    case 'linear':
    case 'sigmoid':
    case 'conv1d':
    case 'conv2d':
    case 'conv3d':
    case 'conv_transpose1d':
    case 'conv_transpose2d':
    case 'conv_transpose3d':
      return 1;
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.SQRT2;
    case 'leaky_relu':
      return Math.sqrt(2 / (1 + a * a));
    case 'selu':
      return 3 / 4;
    default:
      return undefined;
  }
}
