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
const never = 'never writes this node';

/** The wrong kernels of ONNX Runtime, as the probed table has them. */
export const knownWrong: readonly KnownWrong[] = [
  {
    operator: 'And',
    providers: ['webgpu'],
    trait: 'repeated',
    what: 'broadcast operands are read with the repetition of the first such node in the session',
    instead: 'multiplies the operands as integers',
    test: 'ops/capabilities',
  },
  {
    operator: 'Clip',
    providers: ['webgpu'],
    trait: 'nan',
    what: 'NaN becomes one of the limits',
    instead: 'writes `Where` with `Less` and `Greater`, with `--target webgpu`',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'Conv',
    providers: ['webgpu'],
    trait: 'thirds',
    what: 'mixes up input channels if their number is 6, 9, 15, ... (a multiple of 3 but not of 4) and the number of output channels is a multiple of 4',
    instead: 'pads the input with channels of zeros up to a multiple of 4',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'Conv',
    providers: ['webgpu'],
    trait: 'groups',
    what: 'groups with three spatial axes fail at run time',
    instead: 'convolves group by group',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'ConvTranspose',
    providers: ['webgpu'],
    trait: 'rank=5',
    what: 'three spatial axes fail at run time',
    instead: 'writes a convolution of the input with zeros between its elements',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'ConvTranspose',
    providers: ['webgpu'],
    trait: 'groups-to-one-channel',
    what: 'groups with one output channel and several input channels are computed incorrectly',
    instead: 'adds an output channel of zeros to each group, and drops it from the result',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'Cos',
    providers: ['webgpu'],
    what: 'outside [-π, π], WGSL allows any error',
    instead: 'reduces the angles and writes polynomials',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'GRU',
    providers: ['cpu', 'wasm'],
    trait: 'f64',
    what: 'there is no kernel for doubles, but that only shows at run time',
    instead: 'reports [wrong-kernel](errors/wrong-kernel.md)',
    test: 'ops/capabilities',
  },
  {
    operator: 'InstanceNormalization',
    providers: ['webgpu'],
    trait: 'own-epsilon',
    what: 'all nodes use the epsilon of the first one in the process',
    instead: 'gives every node the same epsilon and scales the input instead',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'LSTM',
    providers: ['cpu', 'wasm'],
    trait: 'f64',
    what: 'there is no kernel for doubles, but that only shows at run time',
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
    what: 'an operand that is broadcast along the last axis fails at run time',
    instead: 'expands it first',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'ReduceLogSumExp',
    providers: ['webgpu'],
    what: 'numbers above 88 overflow',
    instead: 'subtracts the largest number first',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'Sin',
    providers: ['webgpu'],
    what: 'outside [-π, π], WGSL allows any error',
    instead: 'reduces the angles and writes polynomials',
    test: 'ops/onnx-webgpu',
  },
  {
    operator: 'Slice',
    providers: ['webgpu'],
    trait: 'backward',
    what: 'every backward slice starts at the last position',
    instead: 'first cuts off what comes after the start',
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
    what: 'fails at run time with more outputs than a shader may write to',
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
    what: 'without the bias, which the schema makes optional, the process ends; in a browser, the run fails',
    instead: 'never writes this node without a bias',
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
    what: 'rotary embedding fails at run time for heads whose width is not a multiple of 16',
    instead: never,
    test: 'ops/capabilities',
  },
  {
    operator: 'com.microsoft.MultiHeadAttention',
    providers: ['webgpu'],
    trait: '+key_padding_mask',
    what: 'the key padding mask is not implemented, and fails at run time',
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
