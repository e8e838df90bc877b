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
}

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
    help: kernelHelp(p.operators),
  })),
  'wrong-kernel': warning((p: { target: string; operators: readonly DeviceOperator[] }) => ({
    message: `the kernel for ${listed(p.operators)} on ${p.target} is wrong`,
    label: 'fails, or computes something else',
    help: rightKernelHelp(p.operators),
  })),
};

/** The codes of all of them, which `--deny-fallback` makes errors. */
export const deviceCodes = Object.keys(deviceCatalog) as readonly (keyof typeof deviceCatalog)[];

/** The element type that would keep all of the operators on the device. */
function otherType(operators: readonly DeviceOperator[]): string | undefined {
  return operators.every(({ instead }) => instead !== undefined) ? operators[0]?.instead : undefined;
}

function kernelHelp(operators: readonly DeviceOperator[]): string | undefined {
  const known = operators.flatMap(({ opset }) => opset ?? []);
  if (known.length > 0) return `there is one in an earlier opset: \`--opset ${known.reduce((least, opset) => Math.min(least, opset))}\``;
  const dtype = otherType(operators);
  if (dtype === undefined) return undefined;
  // A conversion on the CPU would only move the line that leaves the device.
  return operators.every(({ isConverted }) => isConverted)
    ? `there is one for ${dtype}: use \`cast(x, ${dtype})\`, or an input of this type`
    : `there is one for ${dtype}: declare the input as \`Tensor<${dtype}>[...]\`, or make it with \`dtype = ${dtype}\``;
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
