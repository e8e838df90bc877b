import type { bindInputs } from './bind.js';
import type { Op } from './define.js';
import type { OnnxTarget } from './onnx-builder.js';
import type { TensorType } from './types.js';

type Composite = Extract<Op, { readonly kind: 'composite' }>;
/** A form of some composite. */
export type Form = NonNullable<Composite['forms']>[number];

/** A call of an operator, as far as types describe it. */
export interface TypedCall {
  /** By the names of the operator's table. */
  readonly inputs: ReturnType<typeof bindInputs<TensorType>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly outputs: readonly TensorType[];
}

/** The form in which a call of a composite is written for a target. Undefined where its definition is written, and for a core operator, which has only one form. */
export function formOf(op: Op, on: OnnxTarget, { inputs, attrs, outputs }: TypedCall): Form | undefined {
  const forms: readonly Form[] = op.kind === 'composite' ? (op.forms ?? []) : [];
  return forms.find(
    ({ targets = [on.target], fits }) => targets.includes(on.target) && (fits === undefined || fits(on, inputs, attrs, outputs)),
  );
}
