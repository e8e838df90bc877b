import { once } from '../../once.js';
import type { TypedNode } from '../onnx-conformance.js';
import { operatorName } from '../onnx-schema.js';
import { opsets } from '../opsets.js';
import type { Target } from '../targets.js';
import type { DType } from '../types.js';
import { type CallForm, callForm } from './call-form.js';
import type { Kernel, Kernels, Provider } from './kernel-table.js';
import { kernels } from './kernels.generated.js';

/** The provider whose kernels a target is meant to use, of those that were probed: what it has none for leaves the device. A portable file must load wherever the CPU is all there is. */
const device: Readonly<Record<Target, Provider | undefined>> = {
  portable: 'cpu',
  cpu: 'cpu',
  cuda: undefined,
  webgpu: 'webgpu',
  wasm: undefined,
};

/** The providers on which a file for a target may run. Only those that were probed. */
const reached: Readonly<Record<Target, readonly Provider[]>> = {
  portable: ['cpu', 'webgpu'],
  cpu: ['cpu'],
  cuda: [],
  webgpu: ['webgpu'],
  wasm: ['cpu'],
};

/** What the device of a target does with a node; undefined for a target without a device that was probed, and for a form that was not probed. */
export function capability(node: TypedNode, opset: number, target: Target): Kernel | undefined {
  const provider = device[target];
  const form = provider === undefined ? undefined : callForm(node, opset);
  return provider && form && kernelOf(operatorName(node), form, provider, opset);
}

/** What a provider does with a form of an operator (`Attention`, `com.microsoft.Attention`); undefined if it was not probed. */
export function kernelOf(opType: string, form: CallForm, provider: Provider, opset: number = opsets.min): Kernel | undefined {
  const groups = index().get(keyOf(opType, form)) ?? [];
  return groups.findLast(({ since = opsets.min }) => since <= opset)?.[provider];
}

/** Whether an operator computes an element type in some form on the device of a target; true for a target without a device that was probed. */
export function hasKernel(target: Target, opType: string, dtype: DType = 'f32'): boolean {
  const provider = device[target];
  return provider === undefined || isComputed(provider, opType, dtype);
}

/** Whether an operator computes an element type in some form wherever a file for a target may run, as far as that was probed. */
export function isPortable(target: Target, opType: string, dtype: DType = 'f32'): boolean {
  return reached[target].every((provider) => isComputed(provider, opType, dtype));
}

/** Operators without open element types, such as `Or` and `Scan`, have one form for all. */
function isComputed(provider: Provider, opType: string, dtype: DType): boolean {
  const groups = Object.hasOwn(kernels, opType) ? (kernels[opType] ?? []) : [];
  return groups.some((group) => group[provider] === 'kernel' && group.forms.some(([first = dtype]) => first === dtype));
}

/** The groups that have a form, by operator and form, from the first opset on. */
const index = once(() => {
  const found = new Map<string, Kernels[]>();
  for (const [opType, groups] of Object.entries(kernels)) {
    for (const group of groups) {
      for (const form of group.forms) {
        const key = keyOf(opType, form);
        const list = found.get(key);
        if (list === undefined) found.set(key, [group]);
        else list.push(group);
      }
    }
  }
  for (const list of found.values()) list.sort((a, b) => (a.since ?? 0) - (b.since ?? 0));
  return found;
});

function keyOf(opType: string, form: CallForm): string {
  return [opType, ...form].join(' ');
}
