import type { Dim } from '../dims/dim.js';
import type { Fact } from '../dims/fact.js';
import type { DTypeClass, Shape, TensorType } from './types.js';

/** A violation found by a shape rule, in words. Created lazily: most demands hold and never need their sentence. */
export interface Demand {
  /** One sentence in lower case without a period: ``this convolution wants 3 input channels, but `image` has 4``. */
  readonly message: string;
  /** The input (its name in `inputs`) or attribute to point at; the whole call if neither is given. */
  readonly input?: string | undefined;
  readonly attr?: string | undefined;
  /** The two rows of the table, one cell per axis: a size, or words. */
  readonly wanted?: readonly (Dim | string)[] | undefined;
  readonly got?: readonly (Dim | string)[] | undefined;
  readonly help?: string | undefined;
}

export type RuleCode =
  | 'shape-mismatch'
  | 'rank-mismatch'
  | 'dtype-mismatch'
  | 'bad-axis'
  | 'bad-option'
  | 'division-by-zero'
  | 'broadcast-mismatch'
  | 'reshape-mismatch'
  | 'not-divisible'
  | 'not-a-constant';

/**
 * What a shape rule may demand of symbolic sizes. A demand that is proved passes; one that is refuted ends the rule (by throwing an
 * exception that the caller of the rule catches); one that stays open is recorded as a residual obligation and the rule continues.
 */
export interface Rule {
  /** `got == wanted` for all values of the variables. */
  equal(got: Dim, wanted: Dim, say: () => Demand): void;
  /** `got >= least`. Refuted only if it fails for all values; sizes that may be too small stay open. */
  atLeast(got: Dim, least: Dim | number, say: () => Demand): void;
  /** `value % divisor == 0` for all values. */
  divides(divisor: Dim | number, value: Dim, say: () => Demand): void;
  /** `size` is a number that ONNX writes into a node. A model in which it is known only at run time is refused. */
  constant(size: Dim, say: () => Demand): void;
  /** Strict right-aligned broadcasting: proved equal, or the literal 1, or the axis is missing. */
  broadcast(a: Shape, b: Shape, say: (axis: number) => Demand): Shape;
  /** `form` shows what is required: `[N, C, H, W]`. Code `rank-mismatch`. */
  rank(input: string, type: TensorType, wanted: number | { readonly min: number; readonly max?: number }, form: string): void;
  /** Code `dtype-mismatch`. */
  dtype(input: string, type: TensorType, wanted: DTypeClass | readonly TensorType['dtype'][]): void;
  /** Both must have the same element type. */
  sameDtype(inputA: string, a: TensorType, inputB: string, b: TensorType): void;
  /** `axis` counted from 0; a negative one counts from the end. Code `bad-axis`. */
  axis(axis: number, rank: number, attr?: string): number;
  /**
   * A size of the results that the elements of the inputs decide, a new one for each call: at least `least` and at most `most`. Users know it as `name` if they
   * do not give it a name themselves.
   */
  newSize(name: string, least: Dim | number, most: Dim): Dim;
  /** The number of an input, if it was written as one: `x // 2`. */
  literal(input: string): number | undefined;
  /** Ends the rule with this complaint. */
  fail(code: RuleCode, demand: Demand): never;
}

/** Thrown by a rule's demands and caught by whoever called `infer`; never seen by users. */
export class RuleFailure extends Error {
  override readonly name = 'RuleFailure';
  readonly code: RuleCode;
  readonly demand: Demand;
  /** Values of the dimension names for which the demand fails; absent if it always fails. */
  readonly witness: ReadonlyMap<string, number> | undefined;
  /** The demand on the sizes, if it was one. */
  readonly fact: Fact | undefined;

  constructor(code: RuleCode, demand: Demand, witness?: ReadonlyMap<string, number>, fact?: Fact) {
    super(demand.message);
    this.code = code;
    this.demand = demand;
    this.witness = witness;
    this.fact = fact;
  }
}
