import { operatorNamed } from '../onnx-schema.js';
import { opsets } from '../opsets.js';
import type { DType } from '../types.js';
import { type CallForm, openVariables, typesOfForm } from './call-form.js';
import { cudaKernels } from './cuda-kernels.generated.js';
import type { Kernel } from './kernel-table.js';

/** A kernel according to its documentation, which gives element types and opsets, but says nothing about optional inputs and attributes. */
export interface DocumentedKernel {
  /** The first opset, if that is not the first one that archc writes. */
  readonly since?: number;
  /** The last opset, if that is not the last one that archc writes. */
  readonly until?: number;
  /** The element types of each type variable. */
  readonly types: Readonly<Record<string, readonly DType[]>>;
}

/** What the CUDA provider does with a form according to its documentation. None of it has been run. */
export function documentedKernel(opType: string, form: CallForm, opset: number): Kernel {
  const types = typesOfForm(operatorNamed(opType), form);
  const fits = (kernel: DocumentedKernel) => [...types].every(([variable, dtype]) => kernel.types[variable]?.includes(dtype) ?? true);
  return kernelsOf(opType).some((kernel) => isIn(kernel, opset) && fits(kernel)) ? 'claimed' : 'none';
}

/** Whether a kernel is documented in any opset, even one that archc does not write, that takes an element type for the first type variable of its operator. */
export function isDocumented(opType: string, dtype: DType): boolean {
  const [first] = openVariables(operatorNamed(opType));
  return kernelsOf(opType).some(({ types }) => first === undefined || (types[first]?.includes(dtype) ?? true));
}

function kernelsOf(opType: string): readonly DocumentedKernel[] {
  return Object.hasOwn(cudaKernels, opType) ? (cudaKernels[opType] ?? []) : [];
}

function isIn({ since = opsets.min, until = opsets.max }: DocumentedKernel, opset: number): boolean {
  return since <= opset && opset <= until;
}
