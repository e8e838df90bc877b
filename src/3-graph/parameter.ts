import type { Span } from '../diagnostics/span.js';
import type { Initializer } from '../ops/initializer.js';
import type { TensorType } from '../ops/types.js';
import type { Value } from './node.js';

export type { Initializer };

/** A stored tensor of the model: trained (`param`) or only kept (`buffer`). Its shape is constant. */
export interface Parameter {
  /** Full PyTorch name: `encoder.layers.3.self_attn.q_proj.weight`. */
  readonly name: string;
  readonly type: TensorType;
  readonly init: Initializer;
  readonly trainable: boolean;
  /** Where it was declared; for a layer of the standard library, where the user uses it. */
  readonly span: Span;
  /** How a tensor that the model does not declare is computed when the file is written. */
  readonly derived?: Derivation | undefined;
}

/** How a stored tensor is computed from others: in float64, and rounded once. */
export interface Derivation {
  /** The parameters that it depends on, each once. None of them is derived. */
  readonly from: readonly Parameter[];
  /** The computed value, in a graph that consists of these parameters, constants and operators only. */
  readonly value: Value;
  /** The computation as text; two texts are equal exactly if the computations are: `transpose(fc.weight, perm = [1, 0])`. */
  readonly text: string;
}

/** The declared tensors behind a list of stored ones, without duplicates: the stored tensors themselves, or those that they are computed from. */
export function declaredParameters(parameters: Iterable<Parameter>): readonly Parameter[] {
  const all = new Map<string, Parameter>();
  for (const parameter of parameters)
    for (const each of parameter.derived?.from ?? [parameter]) if (!all.has(each.name)) all.set(each.name, each);
  return [...all.values()];
}
