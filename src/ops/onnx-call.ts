import type { Facts } from '../dims/facts.js';
import type { OnnxAttr } from './onnx-builder.js';
import type { TensorType } from './types.js';

/** What is wrong with a call of an ONNX operator, in words. */
export interface OnnxProblem {
  readonly message: string;
  readonly help?: string | undefined;
}

/** Checks a call of a standard ONNX operator: its name, inputs, attributes and types. `outputs` is undefined where the types are not known. */
export function checkOnnxCall(
  _opType: string,
  _inputs: readonly (TensorType | undefined)[],
  _attrs: Readonly<Record<string, OnnxAttr>>,
  _facts: Facts,
): { readonly outputs: readonly TensorType[] | undefined; readonly problems: readonly OnnxProblem[] } {
  return { outputs: undefined, problems: [] };
}
