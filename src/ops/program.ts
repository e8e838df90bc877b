import type { Op } from './define.js';
import type { NdArray, TensorType } from './types.js';

/** A computation on constants alone: its steps in order, each using the results of earlier ones. */
export interface Program {
  readonly steps: readonly ProgramStep[];
  readonly result: ProgramValue;
}

/** One output of a step. */
export interface ProgramValue {
  readonly step: number;
  readonly output: number;
}

export type ProgramStep =
  | { readonly kind: 'constant'; readonly array: NdArray }
  | {
      readonly kind: 'op';
      readonly op: Op;
      readonly inputs: readonly (ProgramValue | readonly ProgramValue[] | undefined)[];
      /** Every size in them is a number. */
      readonly attrs: Readonly<Record<string, unknown>>;
      readonly outputs: readonly TensorType[];
    };

/** The number of elements of all results together, which is the cost of a program. Never overflows. */
export function programElements({ steps }: Program): number {
  const elements = ({ shape }: TensorType): number => shape.reduce((count, size) => count * (size.constant ?? 1), 1);
  return steps.reduce(
    (sum, step) => sum + (step.kind === 'constant' ? step.array.data.length : step.outputs.reduce((all, type) => all + elements(type), 0)),
    0,
  );
}
