import type { Provider } from '../../src/ops/capabilities/kernel-table.js';

/** A kernel that takes a node and computes something else, fails at run time or ends the process. */
export interface KnownWrong {
  readonly operator: string;
  readonly providers: readonly Provider[];
  /** The trait that its wrong forms have in common; undefined if all forms are wrong. */
  readonly trait?: string;
  readonly what: string;
  readonly instead: string;
  /** The test of what archc writes instead or, if it never writes such a node, of the kernel itself. */
  readonly test: 'ops/capabilities' | 'ops/onnx-webgpu';
}

const anywhere = ['cpu', 'webgpu', 'wasm'] as const;
const never = 'writes no such node';

/** The wrong kernels of ONNX Runtime, as the probed table has them. */
export const knownWrong: readonly KnownWrong[] = [
  {
    operator: 'And',
    providers: ['webgpu'],
    trait: 'repeated',
    what: 'operands that are repeated are read as those of the first such node in a session were',
    instead: 'multiplies them as integers',
    test: 'ops/capabilities',
  },
  {
    operator: 'Clip',
    providers: ['webgpu'],
    trait: 'nan',
    what: 'NaN becomes a limit',
    instead: 'writes `Where` with `Less` and `Greater`, with `--target webgpu`',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'Conv',
    providers: ['webgpu'],
    trait: 'thirds',
    what: 'more than 3 input channels, in a multiple of 3 that is not one of 4, are mixed up if the output channels are a multiple of 4',
    instead: 'adds channels of zeros up to a multiple of 4',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'Conv',
    providers: ['webgpu'],
    trait: 'groups',
    what: 'groups over three spatial axes are not supported, which only the run says',
    instead: 'convolves group by group',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'ConvTranspose',
    providers: ['webgpu'],
    trait: 'rank=5',
    what: 'three spatial axes are not supported, which only the run says',
    instead: 'writes a convolution of the input with zeros between its elements',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'ConvTranspose',
    providers: ['webgpu'],
    trait: 'groups-to-one-channel',
    what: 'groups of one output channel and several input channels are computed wrongly',
    instead: 'adds a channel of zeros to each group, and drops it',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'Cos',
    providers: ['webgpu'],
    what: 'far beyond half a turn, WGSL allows any error',
    instead: 'reduces the angles, and writes polynomials',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'GRU',
    providers: ['cpu', 'wasm'],
    trait: 'f64',
    what: 'the kernel has no doubles, which only the run says',
    instead: 'reports [wrong-kernel](errors/wrong-kernel.md)',
    test: 'ops/capabilities',
  },
  {
    operator: 'InstanceNormalization',
    providers: ['webgpu'],
    trait: 'own-epsilon',
    what: 'the epsilon of the first node of a process is that of all others',
    instead: 'gives every node the same epsilon, and scales the input',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'LSTM',
    providers: ['cpu', 'wasm'],
    trait: 'f64',
    what: 'the kernel has no doubles, which only the run says',
    instead: 'reports [wrong-kernel](errors/wrong-kernel.md)',
    test: 'ops/capabilities',
  },
  {
    operator: 'Mish',
    providers: ['webgpu'],
    trait: 'small-results',
    what: 'small results are 0',
    instead: 'writes its definition',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'Pow',
    providers: ['webgpu'],
    trait: 'stretched',
    what: 'an operand that is repeated along the last axis fails at run time',
    instead: 'expands it first',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'ReduceLogSumExp',
    providers: ['webgpu'],
    what: 'numbers above 88 overflow',
    instead: 'subtracts the greatest number first',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'Sin',
    providers: ['webgpu'],
    what: 'far beyond half a turn, WGSL allows any error',
    instead: 'reduces the angles, and writes polynomials',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'Slice',
    providers: ['webgpu'],
    trait: 'backward',
    what: 'every backward slice starts at the last position',
    instead: 'cuts off what follows the start first',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'Softplus',
    providers: ['webgpu'],
    trait: 'small-results',
    what: 'small results are 0',
    instead: 'writes `relu(x)` plus a polynomial of `exp(-abs(x))`',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'Split',
    providers: ['webgpu'],
    trait: 'many-outputs',
    what: 'more outputs than a shader may write to fail at run time',
    instead: 'writes a `Slice` for each of more than seven outputs',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'Tanh',
    providers: ['webgpu'],
    trait: 'near-zero',
    what: 'the error is relative to 1, not to the result',
    instead: 'writes polynomials near 0 where the difference matters (`expm1`)',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'com.microsoft.Attention',
    providers: anywhere,
    what: 'without the bias, which is optional in its schema, the process ends, and in a browser the run fails',
    instead: 'writes no such node without a bias',
    test: 'ops/capabilities',
  },
  {
    operator: 'com.microsoft.FusedConv',
    providers: ['webgpu'],
    trait: '+Z',
    what: 'the residual is ignored; without a bias, the process ends',
    instead: never,
    test: 'ops/capabilities',
  },
  {
    operator: 'com.microsoft.GroupQueryAttention',
    providers: anywhere,
    trait: 'uneven-heads',
    what: 'rotation of heads whose width is not a multiple of 16 fails at run time',
    instead: never,
    test: 'ops/capabilities',
  },
  {
    operator: 'com.microsoft.MultiHeadAttention',
    providers: ['webgpu'],
    trait: '+key_padding_mask',
    what: 'the mask of keys is not implemented, which only the run says',
    instead: never,
    test: 'ops/capabilities',
  },
];

/** The rows of a table in Markdown. */
export function knownWrongSection(titles: Readonly<Record<Provider, string>>): string {
  const rows = knownWrong.map(({ operator, providers, trait, what, instead, test }) => {
    const form = `\`${operator}\`${trait === undefined ? '' : ` (\`${trait}\`)`}`;
    const where = providers.map((provider) => titles[provider]).join(', ');
    return `| ${form} | ${where} | ${what} | ${instead} | \`test/${test}.test.ts\` |`;
  });
  return ['| kernel | on | what is wrong | archc | test |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}
