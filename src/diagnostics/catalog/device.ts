import type { Dim } from '../../dims/dim.js';
import { warning } from './entry.js';

/** An ONNX operator and the element type that it computes there. */
export interface DeviceOperator {
  readonly opType: string;
  readonly dtype: string | undefined;
  /** The last earlier opset in which there is a kernel. */
  readonly opset: number | undefined;
  /** The element type that can often replace its own, and has a kernel there. */
  readonly instead: string | undefined;
  /** Whether the device converts from the one to the other. */
  readonly isConverted: boolean;
  /** What to write instead, where that is known; it then replaces the element type `instead`. */
  readonly remedies?: readonly Remedy[] | undefined;
}

/** What to write instead of an operator, so that it stays on a device without kernels for i64. */
export type Remedy =
  /** A sum of integers or booleans is i64; `call` is `sum` or `cumsum`. */
  | { readonly kind: 'sum'; readonly call: string }
  /** This input of the model is i64. */
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'range' }
  /** Positions, such as those of `argmax`, are i64. */
  | { readonly kind: 'position' }
  /** Something was converted to i64, and then computed with. */
  | { readonly kind: 'converted' }
  /** A remainder or a rounded quotient. */
  | { readonly kind: 'remainder'; readonly isFloat: boolean }
  | { readonly kind: 'rounding' }
  | { readonly kind: 'none' };

/** What the device of a target cannot do. */
export const deviceCatalog = {
  'scan-on-cpu': warning((p: { target: string; length: Dim }) => ({
    message: `this \`scan\` runs on the CPU: ${p.target} has no kernel for it`,
    label: p.length.constant === undefined ? `has ${p.length} steps` : `its ${p.length} steps are not unrolled`,
    help:
      p.length.constant === undefined
        ? `fix its length, \`--bind ${p.length}=64\`, so that its steps are unrolled`
        : 'there are too many of them, or they contain sizes that depend on data; operators that process a whole axis, such as `cumsum` and `lstm`, stay on the device',
  })),
  'sizes-on-cpu': warning((p: { target: string; sizes: readonly string[] }) => ({
    message: `the sizes of this training are computed on the CPU: ${p.target} has no kernels for i64`,
    label: 'needs a size that is only known at run time',
    help: `fix ${p.sizes.length === 1 ? 'it' : 'them'}, \`${p.sizes.map((name) => `--bind ${name}=64`).join(' ')}\`, so that every node runs on the device`,
  })),
  'no-kernel': warning((p: { target: string; operators: readonly DeviceOperator[]; isLoaded: boolean }) => ({
    message: p.isLoaded
      ? `this runs on the CPU: ${p.target} has no kernel for ${listed(p.operators)}`
      : `ONNX Runtime has no kernel for ${listed(p.operators)}`,
    label: p.isLoaded ? 'tensors are copied to the CPU and back' : 'the model does not load',
    help: kernelHelp(p.operators, p.target),
  })),
  'wrong-kernel': warning((p: { target: string; operators: readonly DeviceOperator[] }) => ({
    message: `the kernel for ${listed(p.operators)} on ${p.target} is wrong`,
    label: 'fails, or computes something else',
    help: rightKernelHelp(p.operators),
  })),
  'untried-kernel': warning((p: { target: string; operators: readonly DeviceOperator[] }) => {
    const isOnCpu = p.target === 'cpu' || p.target === 'portable';
    return {
      message: `${listed(p.operators)} ${p.operators.length === 1 ? 'has' : 'have'} not been tried ${isOnCpu ? 'with ONNX Runtime' : `on ${p.target}`}`,
      label: isOnCpu ? 'the model may not load' : 'may run on the CPU',
    };
  }),
};

/** The codes of all of them, which `--deny-fallback` makes errors. */
export const deviceCodes = Object.keys(deviceCatalog) as readonly (keyof typeof deviceCatalog)[];

/** The element type that would keep all of the operators on the device. */
function otherType(operators: readonly DeviceOperator[]): string | undefined {
  return operators.every(({ instead }) => instead !== undefined) ? operators[0]?.instead : undefined;
}

function kernelHelp(operators: readonly DeviceOperator[], target: string): string | undefined {
  const known = operators.flatMap(({ opset }) => opset ?? []);
  if (known.length > 0) return `there is one in an earlier opset: \`--opset ${known.reduce((least, opset) => Math.min(least, opset))}\``;
  const remedies = operators.flatMap((operator) => operator.remedies ?? []);
  if (remedies.length > 0) return [...new Set(essential(remedies).map((remedy) => remedyText(remedy, target)))].join('; ');
  const dtype = otherType(operators);
  if (dtype === undefined) return undefined;
  // A conversion on the CPU would only move the line that leaves the device.
  return operators.every(({ isConverted }) => isConverted)
    ? `there is one for ${dtype}: use \`cast(x, ${dtype})\`, or an input of this type`
    : `there is one for ${dtype}: declare the input as \`Tensor<${dtype}>[...]\`, or make it with \`dtype = ${dtype}\``;
}

/** The remedies that keep a place on the device: a formula for a remainder replaces what it is computed with, and where one operator has to stay on the CPU, the others do not matter. */
function essential(remedies: readonly Remedy[]): readonly Remedy[] {
  const isFormula = ({ kind }: Remedy) => kind === 'remainder' || kind === 'rounding';
  if (remedies.some(isFormula))
    return remedies.filter((remedy) => isFormula(remedy) || remedy.kind === 'input' || remedy.kind === 'position');
  const none = remedies.find(({ kind }) => kind === 'none');
  if (none !== undefined) return [none];
  const exact = remedies.filter(({ kind }) => kind !== 'converted');
  return exact.length === 0 ? remedies.slice(0, 1) : exact;
}

function remedyText(remedy: Remedy, target: string): string {
  switch (remedy.kind) {
    case 'sum':
      return `sums of integers and booleans are i64: write \`${remedy.call}(cast(.., f32), ..)\`, which is exact up to 16,777,216`;
    case 'input':
      return `declare the input \`${remedy.name}\` as \`Tensor<i32>[...]\`; where i64 is needed, as for an \`Embedding\`, \`cast(${remedy.name}, i64)\` stays on ${target}`;
    case 'range':
      return `\`range(.., dtype = i32)\` stays on ${target}`;
    case 'position':
      return `positions are i64, and ${target} computes nothing with them: they can only be outputs, or be read by \`gather\` and \`gather_elements\``;
    case 'converted':
      return `compute in i32 or f32, and convert the result: \`cast(.., i64)\` stays on ${target}`;
    case 'remainder':
      return remedy.isFloat
        ? `\`x - floor(x / y) * y\` stays on ${target}`
        : `with \`x = cast(.., f32)\`, the quotient \`q = floor((x + 0.5) / y)\` and the remainder \`x - q * y\` stay on ${target}; they are exact up to 1,000,000`;
    case 'rounding':
      return `\`floor(x + 0.5)\` stays on ${target}, but rounds halves up instead of to even`;
    case 'none':
      return `nothing that computes this stays on ${target}; \`# archc: allow no-kernel\` above the line accepts that`;
  }
}

function rightKernelHelp(operators: readonly DeviceOperator[]): string {
  const dtype = otherType(operators);
  return dtype === undefined
    ? "use archc's own operator instead: for this target, it is written in another form"
    : `compute it in ${dtype}: use \`cast(x, ${dtype})\`, or an input of this type`;
}

/** ``Mod` of i32 and `Round` of f32`. */
function listed(operators: readonly DeviceOperator[]): string {
  const names = operators.map(({ opType, dtype }) => (dtype === undefined ? `\`${opType}\`` : `\`${opType}\` of ${dtype}`));
  const last = names.pop() ?? '';
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
}
