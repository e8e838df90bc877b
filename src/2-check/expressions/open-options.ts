import type { Fact } from '../../dims/fact.js';
import { type Facts, keyOfFact } from '../../dims/facts.js';
import { completeAttrs } from '../../ops/attributes.js';
import { type Attr, openNumber } from '../../ops/attrs.js';
import { bindInputs } from '../../ops/bind.js';
import type { Op } from '../../ops/define.js';
import type { RequestedSize } from '../../ops/requested-sizes.js';
import { RuleFailure } from '../../ops/rule.js';
import { factOf, type Residual, SymbolicRule } from '../../ops/symbolic-rule.js';
import type { TensorType } from '../../ops/types.js';
import { keyOfType } from '../values/values.js';

/** The value of an option that depends on hyperparameters while a declaration is checked on its own: it is one of these. */
export class OpenOption {
  readonly values: readonly unknown[];

  constructor(values: readonly unknown[]) {
    this.values = values;
  }
}

/** What an option of this kind may be if its value is not known; undefined if that cannot be listed. */
export function openOption({ kind, choices }: Attr<unknown>): OpenOption | undefined {
  if (kind === 'float') return anyNumber;
  if (kind === 'bool') return either;
  return kind === 'string' && choices !== undefined ? new OpenOption(choices) : undefined;
}

const anyNumber = new OpenOption([openNumber]);
const either = new OpenOption([true, false]);

/** What the shape rule of an operator says about a call. */
export interface Inferred {
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly types: readonly TensorType[];
  readonly newSizes: readonly RequestedSize[];
}

/** A call of an operator, as its shape rule sees it. */
export interface RuleCall {
  readonly op: Op;
  readonly inputs: readonly (TensorType | readonly TensorType[] | undefined)[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly facts: Facts;
  readonly literals: ReadonlyMap<string, number>;
}

/** Told what a shape rule could not decide. */
type OnResidual = (residual: Residual) => void;

/**
 * Applies the shape rule of an operator. If options are open, whatever they may be must lead to the same result: it is undefined otherwise. Values that the rule
 * refuses are a matter for the use that gives them. Throws `RuleFailure` if it refuses all.
 */
export function inferOpen(call: RuleCall, onResidual: OnResidual): Inferred | undefined {
  if (!hasOpen(call.options)) return infer(call, call.options, onResidual);
  const possible = possibleOptions(call.options);
  const [only] = possible;
  if (only !== undefined && possible.length === 1) return infer(call, only, onResidual);
  let failure: RuleFailure | undefined;
  const outcomes: { readonly inferred: Inferred; readonly residuals: ReadonlyMap<string, Residual> }[] = [];
  for (const options of possible) {
    const residuals = new Map<string, Residual>();
    try {
      const inferred = infer(call, options, (residual) => residuals.set(keyOf(residual), residual));
      outcomes.push({ inferred, residuals });
    } catch (error) {
      if (!(error instanceof RuleFailure)) throw error;
      failure ??= error;
    }
  }
  const [first, ...others] = outcomes;
  if (first === undefined) throw failure;
  const key = keyOfResult(first.inferred);
  if (others.some(({ inferred }) => keyOfResult(inferred) !== key)) return undefined;
  for (const [name, residual] of first.residuals) if (others.every(({ residuals }) => residuals.has(name))) onResidual(residual);
  return first.inferred;
}

function infer({ op, inputs, facts, literals }: RuleCall, options: Readonly<Record<string, unknown>>, onResidual: OnResidual): Inferred {
  const rule = new SymbolicRule(facts, onResidual, op.name, literals);
  const attrs = completeAttrs(op, options);
  const types = op.infer(rule, bindInputs(op, inputs), attrs);
  return { attrs, types, newSizes: rule.newSizes };
}

function hasOpen(options: Readonly<Record<string, unknown>>): boolean {
  for (const name in options) if (options[name] instanceof OpenOption) return true;
  return false;
}

/** The options of a call with each combination of what the open ones may be. */
function possibleOptions(options: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] {
  let all: readonly Readonly<Record<string, unknown>>[] = [options];
  for (const name in options) {
    const value = options[name];
    if (value instanceof OpenOption) all = all.flatMap((known) => value.values.map((one) => ({ ...known, [name]: one })));
  }
  return all;
}

function keyOfResult({ types }: Inferred): string {
  return types.map(keyOfType).join();
}

function keyOf(residual: Residual): string {
  const fact: Fact | undefined = factOf(residual);
  return `${residual.code} ${fact === undefined ? '' : keyOfFact(fact)}`;
}
