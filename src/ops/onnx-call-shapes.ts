import { Dim } from '../dims/dim.js';
import { completeAttrs } from './attributes.js';
import { bindInputs } from './bind.js';
import type { OpInput } from './builder.js';
import { only } from './only.js';
import type { OnnxAttr } from './onnx-builder.js';
import { onnxDType } from './onnx-cast.js';
import { opNamed } from './registry.js';
import { product } from './sizes.js';
import { broadcastDemand, type SymbolicRule } from './symbolic-rule.js';
import { type DType, dtypes, type Shape, type TensorType } from './types.js';
import { demandFit, demandWindowOptions, windowAxes } from './window.js';

/** A call whose names and element types have been found valid. */
export interface OnnxShapeCall {
  readonly inputs: readonly (TensorType | undefined)[];
  readonly attrs: Readonly<Record<string, OnnxAttr>>;
  readonly rule: SymbolicRule;
  /** How many outputs are requested; 1 if not specified. */
  readonly count?: number;
  /** The elements of those inputs that are compile-time integers. */
  readonly elements?: readonly (readonly number[] | undefined)[];
}

/** An output: its shape, and its element type if that does not follow from a type variable. */
export interface OnnxOutput {
  readonly shape: Shape;
  readonly dtype?: DType;
}

/**
 * Shapes of the outputs of an ONNX operator that are always present, by the shape rule of the equivalent archc operator. Undefined if they
 * depend on the elements of an input or no rule is written. Throws `RuleFailure` for inputs that do not fit.
 */
export function onnxShapes(opType: string, call: OnnxShapeCall): readonly OnnxOutput[] | undefined {
  if (sameShape.includes(opType)) return [{ shape: first(call).shape }];
  if (broadcasting.includes(opType)) return [{ shape: broadcastAll(call) }];
  return Object.hasOwn(rules, opType) ? rules[opType]?.(call) : undefined;
}

const sameShape: readonly string[] = [
  'Abs',
  'Acos',
  'Acosh',
  'Asin',
  'Asinh',
  'Atan',
  'Atanh',
  'Bernoulli',
  'BitwiseNot',
  'Ceil',
  'Celu',
  'Clip',
  'Cos',
  'Cosh',
  'CumSum',
  'Elu',
  'Erf',
  'Exp',
  'Floor',
  'Gelu',
  'HardSigmoid',
  'HardSwish',
  'Hardmax',
  'Identity',
  'IsInf',
  'IsNaN',
  'LRN',
  'LeakyRelu',
  'Log',
  'LogSoftmax',
  'LpNormalization',
  'MeanVarianceNormalization',
  'Mish',
  'Neg',
  'Not',
  'Reciprocal',
  'Relu',
  'Round',
  'Selu',
  'Shrink',
  'Sigmoid',
  'Sign',
  'Sin',
  'Sinh',
  'Softmax',
  'Softplus',
  'Softsign',
  'Sqrt',
  'Swish',
  'Tan',
  'Tanh',
  'ThresholdedRelu',
  'Trilu',
];

const broadcasting: readonly string[] = [
  'Add',
  'And',
  'BitShift',
  'BitwiseAnd',
  'BitwiseOr',
  'BitwiseXor',
  'Div',
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'Less',
  'LessOrEqual',
  'Max',
  'Mean',
  'Min',
  'Mod',
  'Mul',
  'Or',
  'Pow',
  'Sub',
  'Sum',
  'Where',
  'Xor',
];

type ShapeRule = (call: OnnxShapeCall) => readonly OnnxOutput[] | undefined;

/** The shape of one output from the archc operator `name`. */
const as =
  (name: string, inputs: number, attrs: (call: OnnxShapeCall) => Readonly<Record<string, unknown>> = () => ({})): ShapeRule =>
  (call) => [byOperator(call, name, call.inputs.slice(0, inputs), attrs(call))];

const rules: Readonly<Record<string, ShapeRule>> = {
  ArgMax: argExtremum,
  ArgMin: argExtremum,
  AveragePool: pooled,
  Cast: (call) => [{ shape: first(call).shape, ...dtypeOf(int(call, 'to', 0)) }],
  CastLike: (call) => [{ shape: first(call).shape }],
  Concat: (call) => [byOperator(call, 'concat', [present(call)], { axis: int(call, 'axis', 0) })],
  Conv: convolved,
  ConvTranspose: convolvedBack,
  DepthToSpace: as('pixel_shuffle', 1, (call) => ({ factor: int(call, 'blocksize', 1) })),
  Einsum: (call) => [byOperator(call, 'einsum', [present(call)], { equation: string(call, 'equation', '') })],
  EyeLike: (call) => [{ shape: first(call).shape, ...dtypeOf(int(call, 'dtype', 0), first(call).dtype) }],
  Flatten: flattened,
  Gather: as('gather', 2, (call) => ({ axis: int(call, 'axis', 0) })),
  GatherElements: as('gather_elements', 2, (call) => ({ axis: int(call, 'axis', 0) })),
  GatherND: as('gather_nd', 2, (call) => ({ batch_dims: int(call, 'batch_dims', 0) })),
  Gemm: multiplied,
  GlobalAveragePool: globallyPooled,
  GlobalLpPool: globallyPooled,
  GlobalMaxPool: globallyPooled,
  GroupNormalization: sameAsFirst,
  InstanceNormalization: sameAsFirst,
  LpPool: pooled,
  MatMul: as('matmul', 2),
  MaxPool: pooled,
  PRelu: sameAsFirst,
  RMSNormalization: sameAsFirst,
  ReduceL1: reducedToOne,
  ReduceL2: reducedToOne,
  ReduceLogSum: reducedToOne,
  ReduceLogSumExp: reducedToOne,
  ReduceMax: reducedToOne,
  ReduceMean: reducedToOne,
  ReduceMin: reducedToOne,
  ReduceProd: reducedToOne,
  ReduceSum: reducedToOne,
  ReduceSumSquare: reducedToOne,
  RotaryEmbedding: sameAsFirst,
  ScatterElements: as('scatter_elements', 3, (call) => ({ axis: int(call, 'axis', 0) })),
  ScatterND: as('scatter_nd', 3),
  Shape: (call) => {
    const rank = first(call).shape.length;
    const at = (name: string, fallback: number): number => {
      const position = int(call, name, fallback);
      return Math.min(Math.max(position < 0 ? position + rank : position, 0), rank);
    };
    return [{ shape: [Dim.of(Math.max(0, at('end', rank) - at('start', 0)))] }];
  },
  Size: () => [{ shape: [] }],
  SpaceToDepth: as('pixel_unshuffle', 1, (call) => ({ factor: int(call, 'blocksize', 1) })),
  Transpose: as('transpose', 1, (call) => ({ perm: ints(call, 'perm') })),
};

export function first(call: OnnxShapeCall): TensorType {
  return only(present(call));
}

export function present(call: OnnxShapeCall): readonly TensorType[] {
  return call.inputs.filter((input) => input !== undefined);
}

function sameAsFirst(call: OnnxShapeCall): readonly OnnxOutput[] {
  return [{ shape: first(call).shape }];
}

export function int(call: Pick<OnnxShapeCall, 'attrs'>, name: string, fallback: number): number {
  const attr = call.attrs[name];
  return attr !== undefined && 'int' in attr ? attr.int : fallback;
}

export function ints(call: OnnxShapeCall, name: string): readonly number[] | undefined {
  const attr = call.attrs[name];
  return attr !== undefined && 'ints' in attr ? attr.ints : undefined;
}

export function string(call: OnnxShapeCall, name: string, fallback: string): string {
  const attr = call.attrs[name];
  return attr !== undefined && 'string' in attr ? attr.string : fallback;
}

/** The element type with this number in ONNX. */
function dtypeOf(number: number, fallback?: DType): { readonly dtype?: DType } {
  const dtype = dtypes.find((one) => onnxDType[one] === number) ?? fallback;
  return dtype === undefined ? {} : { dtype };
}

function byOperator(
  call: OnnxShapeCall,
  name: string,
  inputs: readonly OpInput<TensorType>[],
  attrs: Readonly<Record<string, unknown>>,
): OnnxOutput {
  const op = opNamed(name);
  if (op === undefined) throw new RangeError(`there is no operator ${name}`);
  return { shape: only(op.infer(call.rule, bindInputs(op, inputs), completeAttrs(op, attrs)) as readonly TensorType[]).shape };
}

function broadcastAll(call: OnnxShapeCall): Shape {
  const [start, ...rest] = present(call).map((input) => input.shape);
  return rest.reduce<Shape>((a, b) => call.rule.broadcast(a, b, (axis) => broadcastDemand('combine', axis, a, b)), start ?? []);
}

function argExtremum(call: OnnxShapeCall): readonly OnnxOutput[] {
  return [byOperator(call, 'argmax', [first(call)], { axis: int(call, 'axis', 0), keep: int(call, 'keepdims', 1) === 1 })];
}

function padding(call: OnnxShapeCall): 'same' | 'valid' | readonly Dim[] {
  const mode = string(call, 'auto_pad', 'NOTSET');
  if (mode.startsWith('SAME')) return 'same';
  return mode === 'VALID' ? 'valid' : (ints(call, 'pads') ?? [0]).map((pad) => Dim.of(pad));
}

function convolved(call: OnnxShapeCall): readonly OnnxOutput[] | undefined {
  const spatial = first(call).shape.length - 2;
  if (spatial < 1 || spatial > 3) return undefined;
  return [
    byOperator(call, `conv${spatial}d`, call.inputs.slice(0, 3), {
      stride: ints(call, 'strides'),
      dilation: ints(call, 'dilations'),
      padding: padding(call),
      groups: int(call, 'group', 1),
    }),
  ];
}

function convolvedBack(call: OnnxShapeCall): readonly OnnxOutput[] | undefined {
  const spatial = first(call).shape.length - 2;
  if (spatial < 1 || spatial > 3 || string(call, 'auto_pad', 'NOTSET') !== 'NOTSET' || ints(call, 'output_shape') !== undefined)
    return undefined;
  return [
    byOperator(call, `conv_transpose${spatial}d`, call.inputs.slice(0, 3), {
      stride: ints(call, 'strides'),
      dilation: ints(call, 'dilations'),
      padding: padding(call),
      output_padding: ints(call, 'output_padding'),
      groups: int(call, 'group', 1),
    }),
  ];
}

/** Without a tensor of axes, all of them are reduced; which ones such a tensor names is not known here. */
function reducedToOne(call: OnnxShapeCall): readonly OnnxOutput[] | undefined {
  if (call.inputs[1] !== undefined || int(call, 'noop_with_empty_axes', 0) === 1) return undefined;
  return [{ shape: int(call, 'keepdims', 1) === 1 ? first(call).shape.map(() => Dim.one) : [] }];
}

export function pooled(call: OnnxShapeCall): readonly OnnxOutput[] | undefined {
  const x = first(call);
  call.rule.rank('X', x, { min: 3 }, '[N, C, ...]');
  const image = x.shape.slice(2);
  const sizes = (name: string): Shape => (ints(call, name) ?? image.map(() => 1)).map((size) => Dim.of(size));
  const kernel = sizes('kernel_shape');
  if (kernel.length !== image.length)
    return call.rule.fail('bad-option', { message: `kernel_shape has ${kernel.length} sizes for ${image.length} spatial axes` });
  const options = { stride: sizes('strides'), dilation: sizes('dilations'), padding: padding(call), ceil: int(call, 'ceil_mode', 0) === 1 };
  demandWindowOptions(call.rule, image.length, { ...options, kernel });
  const axes = windowAxes(image, kernel, options);
  demandFit(call.rule, 'a window', x.shape, axes);
  for (const { begin, end, kernel: size } of typeof options.padding === 'string' ? [] : axes) {
    for (const pad of [begin, end])
      call.rule.atLeast(size.sub(1), pad, () => ({ message: `a padding of ${pad} is not less than the window of ${size}` }));
  }
  return [{ shape: [...x.shape.slice(0, 2), ...axes.map((axis) => axis.output)] }];
}

function globallyPooled(call: OnnxShapeCall): readonly OnnxOutput[] {
  const { shape } = first(call);
  return [{ shape: shape.map((size, axis) => (axis < 2 ? size : Dim.one)) }];
}

function flattened(call: OnnxShapeCall): readonly OnnxOutput[] {
  const { shape } = first(call);
  const given = int(call, 'axis', 1);
  const axis = given === shape.length ? given : call.rule.axis(given, shape.length);
  return [{ shape: [product(shape.slice(0, axis)), product(shape.slice(axis))] }];
}

function multiplied(call: OnnxShapeCall): readonly OnnxOutput[] {
  const [a, b] = present(call);
  const operand = (x: TensorType | undefined, transposed: string): TensorType | undefined => {
    if (x === undefined || int(call, transposed, 0) === 0) return x;
    return { dtype: x.dtype, shape: [...x.shape].reverse() };
  };
  return [byOperator(call, 'matmul', [operand(a, 'transA'), operand(b, 'transB')], {})];
}
