import { once } from '../../once.js';
import type { TypedNode } from '../onnx-conformance.js';
import { operatorName } from '../onnx-schema.js';
import { opsets } from '../opsets.js';
import type { Target } from '../targets.js';
import type { DType } from '../types.js';
import { type CallForm, callForm } from './call-form.js';
import { documentedKernel, isDocumented } from './documented.js';
import { isComputed, type Kernel, type Kernels, type KnownProvider } from './kernel-table.js';
import { kernels } from './probed-kernels.js';
import { unpromised } from './unpromised.js';

/** The provider whose kernels a target is meant to use: a node that it has no kernel for leaves the device. A portable file must load where there is only the CPU. */
const device: Readonly<Record<Target, KnownProvider>> = { portable: 'cpu', cpu: 'cpu', cuda: 'cuda', webgpu: 'webgpu', wasm: 'wasm' };

/** The providers on which a file for a target may run. A portable file also runs on CUDA, but too little is known about CUDA to change what is written for its sake. */
const reached: Readonly<Record<Target, readonly KnownProvider[]>> = {
  portable: ['cpu', 'webgpu', 'wasm'],
  cpu: ['cpu'],
  cuda: ['cuda'],
  webgpu: ['webgpu'],
  wasm: ['wasm'],
};

/**
 * What the device of a target does with a node; undefined for a form that was not probed. CUDA's kernels are known from its documentation only. Nothing is said about bf16 in a portable file: the CPU
 * computes next to nothing in it, so whoever asks for it has another runtime.
 */
export function capability(node: TypedNode, opset: number, target: Target): Kernel | undefined {
  const form = callForm(node, opset);
  if (target === 'portable' && form?.includes('bf16')) return undefined;
  return form && kernelOf(operatorName(node), form, device[target], opset);
}

/** What a provider does with a form of an operator (`Attention`, `com.microsoft.Attention`); undefined if it was not probed. */
export function kernelOf(opType: string, form: CallForm, provider: KnownProvider, opset: number = opsets.min): Kernel | undefined {
  if (provider === 'cuda') return documentedKernel(opType, form, opset);
  const groups = index().get(keyOf(opType, form)) ?? [];
  return groups.findLast(({ since = opsets.min }) => since <= opset)?.[provider];
}

/** Whether an operator computes an element type in some form with these traits on the device of a target. */
export function hasKernel(target: Target, opType: string, dtype: DType = 'f32', ...traits: readonly string[]): boolean {
  return computes(device[target], opType, dtype, traits);
}

/** Whether an operator computes an element type in some form with these traits wherever a file for a target may run. */
export function isPortable(target: Target, opType: string, dtype: DType = 'f32', ...traits: readonly string[]): boolean {
  return reached[target].every((provider) => computes(provider, opType, dtype, traits));
}

/** Operators without open element types, such as `Or` and `Scan`, have one form for all. */
function computes(provider: KnownProvider, opType: string, dtype: DType, traits: readonly string[]): boolean {
  if (provider === 'cuda') return isDocumented(opType, dtype);
  if (provider === 'webgpu' && unpromised.some((one) => one.opType === opType && traits.includes(one.trait))) return false;
  const groups = Object.hasOwn(kernels, opType) ? (kernels[opType] ?? []) : [];
  const fits = (form: CallForm) => (form[0] ?? dtype) === dtype && traits.every((trait) => form.includes(trait));
  return groups.some((group) => isComputed(group[provider]) && group.forms.some(fits));
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
