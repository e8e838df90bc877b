import { InternalError } from '../diagnostics/internal-error.js';
import { type Answer, decideAtLeast, decideDivides, decideEqual } from '../dims/decide.js';
import { Dim } from '../dims/dim.js';
import type { Fact } from '../dims/fact.js';
import type { Facts } from '../dims/facts.js';
import { newSize } from '../dims/new-size.js';
import { commonDtype } from './common-dtype.js';
import { nth } from './only.js';
import type { RequestedSize } from './requested-sizes.js';
import { type Demand, type Rule, type RuleCode, RuleFailure } from './rule.js';
import { type DTypeClass, inClass, type Shape, showShape, type TensorType } from './types.js';

/**
 * A demand that could be neither proved nor refuted.
 * `equal`: `left == right`; `at-least`: `left >= right`; `divides`: `right % left == 0`; `constant`: `left` is a number.
 */
export interface Residual {
  readonly kind: 'equal' | 'at-least' | 'divides' | 'constant';
  readonly left: Dim;
  readonly right: Dim;
  /** What to report if the demand turns out to fail. */
  readonly code: RuleCode;
  readonly say: () => Demand;
}

/** What a residual demands of the sizes; undefined for a size that must be a number, which no fact can state. */
export function factOf({ kind, left, right }: Residual): Fact | undefined {
  if (kind === 'constant') return undefined;
  return kind === 'divides' ? { kind, divisor: left, value: right } : { kind, left, right };
}

/**
 * The demands of shape rules, decided on symbolic sizes under known facts. With constant sizes and `Facts.none` it is the concrete rule.
 * Throws `RuleFailure` for what is refuted; passes what stays open to `onResidual`, assumes it and continues.
 */
export class SymbolicRule implements Rule {
  #facts: Facts;
  readonly #onResidual: (residual: Residual) => void;
  readonly #caller: string;
  readonly #literals: ReadonlyMap<string, number>;
  /** The sizes that the data decide, in the order in which they were made. */
  readonly newSizes: RequestedSize[] = [];

  /** `caller` is the operator as the user knows it, for the messages of `rank` and the dtype demands; `literals` are inputs that are numbers. */
  constructor(facts: Facts, onResidual: (residual: Residual) => void, caller?: string, literals: ReadonlyMap<string, number> = new Map()) {
    this.#literals = literals;
    this.#facts = facts;
    this.#onResidual = onResidual;
    this.#caller = caller === undefined ? 'this operator' : `\`${caller}\``;
  }

  equal(got: Dim, wanted: Dim, say: () => Demand): void {
    this.#settle(decideEqual(got, wanted, this.#facts), { kind: 'equal', left: got, right: wanted, code: 'shape-mismatch', say });
  }

  atLeast(got: Dim, least: Dim | number, say: () => Demand): void {
    const right = asDim(least);
    const answer = decideAtLeast(got, right, this.#facts);
    // A size that is too small for only some inputs is a matter for those inputs.
    this.#settle(answer.kind === 'not-always' ? { kind: 'unknown' } : answer, {
      kind: 'at-least',
      left: got,
      right,
      code: 'shape-mismatch',
      say,
    });
  }

  divides(divisor: Dim | number, value: Dim, say: () => Demand): void {
    const left = asDim(divisor);
    // Nothing is a multiple of 0, which a symbolic divisor may be.
    if (left.constant === undefined && left.bounds.min < 1) this.atLeast(left, 1, say);
    this.#settle(decideDivides(left, value, this.#facts), { kind: 'divides', left, right: value, code: 'not-divisible', say });
  }

  constant(size: Dim, say: () => Demand): void {
    if (size.constant === undefined) this.#onResidual({ kind: 'constant', left: size, right: size, code: 'not-a-constant', say });
  }

  broadcast(a: Shape, b: Shape, say: (axis: number) => Demand): Shape {
    const [long, short] = a.length >= b.length ? [a, b] : [b, a];
    const shift = long.length - short.length;
    return long.map((size, axis) => {
      const other = axis < shift ? undefined : nth(short, axis - shift);
      if (other === undefined || other.constant === 1) return size;
      if (size.constant === 1) return other;
      const [left, right] = long === a ? [size, other] : [other, size];
      this.#settle(decideEqual(left, right, this.#facts), { kind: 'equal', left, right, code: 'broadcast-mismatch', say: () => say(axis) });
      // A number says more than a name that is equal to it.
      return other.constant === undefined ? size : other;
    });
  }

  rank(input: string, type: TensorType, wanted: number | { readonly min: number; readonly max?: number }, form: string): void {
    const { min, max } = typeof wanted === 'number' ? { min: wanted, max: wanted } : wanted;
    const rank = type.shape.length;
    if (rank >= min && (max === undefined || rank <= max)) return;
    this.fail('rank-mismatch', {
      message: `${this.#caller} needs \`${input}\` to be ${form}, but it has ${rank === 0 ? 'no axes' : `rank ${rank}`}`,
      input,
      wanted: cellsOf(form),
      got: type.shape,
      ...(rank + 1 === min && min === max ? { help: 'add an axis of size 1 with `unsqueeze`, for instance for the batch' } : {}),
    });
  }

  dtype(input: string, type: TensorType, wanted: DTypeClass | readonly TensorType['dtype'][]): void {
    const fits = typeof wanted === 'string' ? inClass(type.dtype, wanted) : wanted.includes(type.dtype);
    if (fits) return;
    const kind = typeof wanted === 'string' ? classWords[wanted] : `a tensor of ${wanted.join(' or ')}`;
    const example = typeof wanted === 'string' ? exampleDType[wanted] : wanted[0];
    this.fail('dtype-mismatch', {
      message: `${this.#caller} needs ${kind}, but \`${input}\` is ${type.dtype}`,
      input,
      ...(example === undefined ? {} : { help: `convert it first with \`cast(.., ${example})\`` }),
    });
  }

  sameDtype(inputA: string, a: TensorType, inputB: string, b: TensorType): void {
    if (a.dtype === b.dtype) return;
    const common = commonDtype(a.dtype, b.dtype);
    const which = common === a.dtype ? `\`${inputB}\`` : common === b.dtype ? `\`${inputA}\`` : 'both';
    this.fail('dtype-mismatch', {
      message: `${this.#caller} needs one element type, but \`${inputA}\` is ${a.dtype} and \`${inputB}\` is ${b.dtype}`,
      input: inputB,
      help: `convert ${which} with \`cast(.., ${common})\``,
    });
  }

  axis(axis: number, rank: number, attr = 'axis'): number {
    if (Number.isInteger(axis) && axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
    const range = rank === 1 ? 'the only axis is 0, or -1' : `axes go from 0 to ${rank - 1}, or from -${rank} to -1`;
    return this.fail('bad-axis', {
      message: rank === 0 ? `a scalar has no axis ${axis}` : `there is no axis ${axis} in a tensor of rank ${rank}`,
      attr,
      ...(rank === 0 ? {} : { help: range }),
    });
  }

  newSize(name: string, least: Dim | number, most: Dim): Dim {
    const placeholder = `?${name}`;
    const request = { placeholder, name, least: asDim(least), most };
    this.newSizes.push(request);
    return newSize(placeholder, { by: 'data', ...request }).size;
  }

  literal(input: string): number | undefined {
    return this.#literals.get(input);
  }

  fail(code: RuleCode, demand: Demand): never {
    throw new RuleFailure(code, demand);
  }

  #settle(answer: Answer, residual: Residual): void {
    switch (answer.kind) {
      case 'proved':
        return;
      case 'never':
        throw new RuleFailure(residual.code, residual.say(), undefined, factOf(residual));
      case 'not-always':
        throw new RuleFailure(residual.code, residual.say(), answer.witness, factOf(residual));
      case 'unknown': {
        const fact = factOf(residual);
        // What is left open holds in every run that continues.
        if (fact !== undefined) this.#facts = this.#facts.assumeOpen(fact);
        this.#onResidual(residual);
      }
    }
  }
}

/** The rule for operators that stand for one that has been checked, where everything that stays open has been recorded. */
export function derivedRule(facts: Facts): Rule {
  return new DerivedRule(facts, () => {});
}

/** The sizes of a definition or of a gradient are those of the call that it stands for. */
class DerivedRule extends SymbolicRule {
  override newSize(name: string): never {
    throw new InternalError(`a size, "${name}", is made where nobody can name it`);
  }
}

const classWords: Readonly<Record<DTypeClass, string>> = {
  float: 'a float tensor',
  int: 'a tensor of integers',
  number: 'a tensor of numbers',
  bool: 'a tensor of booleans',
  summable: 'a tensor of numbers or booleans',
  any: 'a tensor',
};

const exampleDType: Readonly<Partial<Record<DTypeClass, string>>> = { float: 'f32', int: 'i64', number: 'f32', bool: 'bool' };

/** `[N, C, H, W]` as one cell per axis; forms described in other words have no cells. */
function cellsOf(form: string): readonly string[] | undefined {
  return form.startsWith('[') && form.endsWith(']') ? form.slice(1, -1).split(', ') : undefined;
}

function asDim(size: Dim | number): Dim {
  return typeof size === 'number' ? Dim.of(size) : size;
}

/** The message about two shapes whose sizes clash on `axis`, counted in the longer one: `cannot add [N, 64] and [N, 128]`. */
export function broadcastDemand(action: string, axis: number, a: Shape, b: Shape, input?: string): Demand {
  const rank = Math.max(a.length, b.length);
  const [left, right] = [nth(a, axis - rank + a.length), nth(b, axis - rank + b.length)];
  const symbolic = [...a, ...b].some((size) => size.constant === undefined);
  return {
    message: `cannot ${action} ${showShape(a)} and ${showShape(b)}: axis ${axis} is ${left} in one and ${right} in the other`,
    ...(input === undefined ? {} : { input }),
    wanted: a,
    got: b,
    help: symbolic
      ? 'use the same name for sizes that are equal; only a size written as 1 is stretched'
      : 'sizes must be equal, counted from the last axis; only a size of 1 is stretched',
  };
}
