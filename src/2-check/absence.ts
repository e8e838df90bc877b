import type { Span } from '../diagnostics/span.js';
import type { Context } from './context.js';
import { choice, example, type Formula } from './formula.js';
import type { Binding } from './scope.js';
import type { CheckValue } from './values.js';

/** The values of hyperparameters for which what is absent under `absent` is used here; undefined if there are none, or none can be told. */
function reached(cx: Context, absent: Formula): string | undefined {
  const values = cx.rigid ? example([...cx.path, absent], cx.facts) : undefined;
  return values && [...values].map(([text, value]) => `\`${text}\` is ${value}`).join(' and ');
}

/** Whether a tensor is there wherever this place is reached; reports an optional input that may not be. */
export function isPresent(cx: Context, value: CheckValue, span: Span): boolean {
  if (value.kind !== 'tensor' || value.absent === undefined || reached(cx, value.absent) === undefined) return true;
  cx.error('absent-argument', span, { name: value.local.hint ?? 'this input' });
  return false;
}

/** Whether a variable has a value wherever this place is reached; reports one that is assigned on some ways only. */
export function isAssigned(cx: Context, name: string, { absent, span: assigned }: Binding, span: Span): boolean {
  const when = absent === undefined ? undefined : reached(cx, absent);
  if (when === undefined) return true;
  cx.error('maybe-unassigned', span, { name, when }, { notes: [{ span: assigned, text: 'assigned on some ways only' }] });
  return false;
}

/** A value that comes from `yes` or from `no`, of which each may be an optional input. */
export function joinAbsence(joined: CheckValue, condition: Formula, yes: CheckValue, no: CheckValue): CheckValue {
  if (joined.kind !== 'tensor') return joined;
  const [a, b] = [yes, no].map((value) => (value.kind === 'tensor' ? value.absent : undefined));
  if (a === undefined && b === undefined) return joined;
  // It is neither of the two by name.
  const local = { ...joined.local, hint: undefined };
  return { ...joined, local, absent: choice(condition, a ?? { kind: 'constant', value: false }, b ?? { kind: 'constant', value: false }) };
}
