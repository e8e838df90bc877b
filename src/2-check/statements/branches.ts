import { Dim } from '../../dims/dim.js';
import type { Context } from '../context.js';
import { absenceOf, maybe, presentIn } from '../values/absence.js';
import { choice, type Formula, never } from '../values/formula.js';
import { type CheckValue, keyOf, type TensorValue, unknown } from '../values/values.js';

/** The value of one branch of an open condition, and which sizes are equal in it. */
export interface Branch<T> {
  readonly value: T;
  readonly equal: (a: Dim, b: Dim) => boolean;
}

/**
 * The value after an open condition; it may be absent if that of a branch is. Two tensors join if their shapes are equal, or if one of the
 * two shapes equals the other under the facts of the other's branch: a skip that is projected if `stride != 1` has the same shape without
 * the projection because `stride == 1`.
 */
export function joinValues(cx: Context, condition: Formula, yes: Branch<CheckValue>, no: Branch<CheckValue>): CheckValue {
  const absences = [absenceOf(yes.value), absenceOf(no.value)] as const;
  const a = presentIn(yes.value);
  const b = presentIn(no.value);
  const joined = a.kind === 'absent' ? b : b.kind === 'absent' ? a : joinPresent(cx, condition, { ...yes, value: a }, { ...no, value: b });
  if (absences.every((absent) => absent === never)) return joined;
  // It is not identified with either of the two by name.
  const unnamed: CheckValue = joined.kind === 'tensor' ? { ...joined, local: { ...joined.local, hint: undefined } } : joined;
  return maybe(unnamed, choice(condition, ...absences));
}

function joinPresent(cx: Context, condition: Formula, yes: Branch<CheckValue>, no: Branch<CheckValue>): CheckValue {
  const a = yes.value;
  const b = no.value;
  if (a.kind === 'tensor' && b.kind === 'tensor') return joinTensors({ ...yes, value: a }, { ...no, value: b });
  if ((a.kind === 'list' || a.kind === 'tuple') && a.kind === b.kind && a.items.length === b.items.length) {
    return {
      ...a,
      items: a.items.map((item, i) => joinValues(cx, condition, { ...yes, value: item }, { ...no, value: b.items[i] ?? unknown })),
    };
  }
  if (a.kind === 'record' && b.kind === 'record' && a.decl === b.decl) {
    const join = (name: string, field: CheckValue) =>
      joinValues(cx, condition, { ...yes, value: field }, { ...no, value: b.fields.get(name) ?? unknown });
    return { ...a, fields: new Map([...a.fields].map(([name, field]) => [name, join(name, field)])) };
  }
  if (a.kind === 'float' && b.kind === 'float') return { kind: 'float', value: a.value === b.value ? a.value : undefined };
  // One of the two is an integer.
  if (isNumber(a) && isNumber(b) && a.kind !== b.kind) return { kind: 'float', value: undefined };
  if (a.kind === 'bool' && b.kind === 'bool') return { kind: 'bool', value: a.value === b.value ? a.value : undefined };
  if (a.kind === 'string' && b.kind === 'string') return { kind: 'string', value: a.value === b.value ? a.value : undefined };
  return a.kind === b.kind && keyOf(a, cx.session.idOf) === keyOf(b, cx.session.idOf) ? a : unknown;
}

function isNumber({ kind }: CheckValue): boolean {
  return kind === 'int' || kind === 'float';
}

function joinTensors(yes: Branch<TensorValue>, no: Branch<TensorValue>): CheckValue {
  const a = yes.value.local.type;
  const b = no.value.local.type;
  if (a.dtype !== b.dtype || a.shape.length !== b.shape.length) return unknown;
  const all = (equal: (a: Dim, b: Dim) => boolean) => a.shape.every((d, i) => equal(d, b.shape[i] ?? Dim.of(-1)));
  if (all(no.equal)) return yes.value;
  if (all(yes.equal)) return no.value;
  return unknown;
}
