import type { Expr } from '../../1-syntax/ast.js';
import type { Span } from '../../diagnostics/span.js';
import type { Argument, Context } from '../context.js';
import type { Binding } from '../modules/scope.js';
import { always, example, type Formula, isImpossible, never } from './formula.js';
import { type CheckValue, unknown } from './values.js';

/**
 * The values of hyperparameters for which something that is absent under `absent` is used here; undefined if there are none, or if they
 * cannot be determined.
 */
function reached(cx: Context, absent: Formula): string | undefined {
  const values = cx.rigid ? example([...cx.path, absent], cx.facts) : undefined;
  return values && [...values].map(([text, value]) => `\`${text}\` is ${value}`).join(' and ');
}

/** When a value is absent. */
export function absenceOf(value: CheckValue): Formula {
  return value.kind === 'absent' ? always : value.kind === 'maybe' ? value.absent : never;
}

/** A value that is absent under `absent`. */
export function maybe(value: CheckValue, absent: Formula): CheckValue {
  if (value.kind === 'absent' || isImpossible([absent])) return value;
  return absent.kind === 'constant' && absent.value ? { kind: 'absent' } : { kind: 'maybe', value: presentIn(value), absent };
}

/** The value if it is present. */
export function presentIn(value: CheckValue): CheckValue {
  return value.kind === 'maybe' ? value.value : value;
}

/** A value that must be present wherever this place is reached; reports one that may be absent, and returns unknown for it. */
export function demanded(cx: Context, value: CheckValue, span: Span, written?: Expr): CheckValue {
  if (value.kind !== 'absent' && value.kind !== 'maybe') return value;
  if (value.kind === 'maybe' && reached(cx, value.absent) === undefined) return value.value;
  const inner = presentIn(value);
  const hint = inner.kind === 'tensor' ? inner.local.hint : inner.kind === 'absent' ? inner.name : undefined;
  const name = written?.kind === 'name' ? written.name : hint;
  if (written?.kind === 'none' || (name === undefined && inner.kind === 'absent')) cx.error('misplaced-none', span, {});
  else cx.error('absent-argument', span, { name });
  return unknown;
}

/** The same for an argument. */
export function demandedArgument(cx: Context, arg: Argument): Argument {
  return withValue(arg, demanded(cx, arg.value, arg.span, arg.expr));
}

/** An argument with its value as if it were present. */
export function presentArgument(arg: Argument): Argument {
  return withValue(arg, presentIn(arg.value));
}

/** The argument itself, if it has this value already, which is the usual case. */
export function withValue(arg: Argument, value: CheckValue): Argument {
  return value === arg.value ? arg : { ...arg, value };
}

/** Whether a variable has a value wherever this place is reached; reports one that is assigned only on some paths. */
export function demandAssigned(cx: Context, name: string, { absent, span: assigned }: Binding, span: Span): boolean {
  const when = absent === undefined ? undefined : reached(cx, absent);
  if (when === undefined) return true;
  cx.error('maybe-unassigned', span, { name, when }, { notes: [{ span: assigned, text: 'assigned on some ways only' }] });
  return false;
}
