import { decideEqual } from '../dims/decide.js';
import { Dim } from '../dims/dim.js';
import type { Fact } from '../dims/facts.js';
import type { Context, Flow } from './context.js';
import type { Binding } from './scope.js';
import { type CheckValue, keyOf, type TensorValue, unknown } from './values.js';

/** One branch of an open condition: the facts that hold in it, and what runs it. */
export interface OpenBranch {
  readonly facts: readonly Fact[];
  readonly run: () => { readonly flow: Flow; readonly value: CheckValue };
}

/**
 * Runs both branches of an open condition from the same state, and joins what they leave behind: names, labels and the value. Only one of the two will
 * be taken, so that they may use the same labels; a branch that returns leaves nothing behind.
 */
export function bothBranches(cx: Context, first: OpenBranch, second: OpenBranch): { readonly flow: Flow; readonly value: CheckValue } {
  const start = snapshot(cx);
  const labels = cx.labels.snapshot();
  const run = (branch: OpenBranch) => {
    restore(start);
    cx.labels.restore(labels);
    const before = cx.facts;
    for (const fact of branch.facts) cx.facts = cx.facts.assume(fact);
    const inside = cx.facts;
    try {
      const end = branch.run();
      const equal = (a: Dim, b: Dim) => decideEqual(a, b, inside).kind === 'proved';
      return { ...end, equal, names: snapshot(cx), labels: cx.labels.snapshot() };
    } finally {
      cx.facts = before;
    }
  };
  const yes = run(first);
  const no = run(second);
  cx.labels.merge(yes.labels);
  if (yes.flow === 'returned') return { flow: no.flow, value: no.value };
  if (no.flow === 'returned') {
    restore(yes.names);
    return { flow: 'goes-on', value: yes.value };
  }
  for (const [scope, names] of yes.names) {
    const others = no.names.get(scope);
    const joined = new Map<string, Binding>();
    for (const name of new Set([...names.keys(), ...(others?.keys() ?? [])])) {
      const a = names.get(name);
      const b = others?.get(name);
      const binding = a ?? b;
      if (binding === undefined) continue;
      const join = (a: CheckValue, b: CheckValue) => (a === b ? a : joinValues(cx, { ...yes, value: a }, { ...no, value: b }));
      joined.set(name, { ...binding, value: a === undefined || b === undefined ? unknown : join(a.value, b.value) });
    }
    scope.restore(joined);
  }
  return { flow: 'goes-on', value: joinValues(cx, yes, no) };
}

/** The bindings of all blocks that are open, to compare and to come back to. */
export type OpenNames = ReadonlyMap<Context['scope'], ReadonlyMap<string, Binding>>;

export function snapshot(cx: Context): OpenNames {
  const all = new Map<Context['scope'], ReadonlyMap<string, Binding>>();
  for (let scope: Context['scope'] | undefined = cx.scope; scope !== undefined; scope = scope.parent) {
    all.set(scope, scope.snapshot());
    if (scope === cx.body) break;
  }
  return all;
}

function restore(all: OpenNames): void {
  for (const [scope, names] of all) scope.restore(names);
}

type Branch<T> = { readonly value: T; readonly equal: (a: Dim, b: Dim) => boolean };

/**
 * The value after an open condition. Two tensors join where their shapes are equal, or where one of the two shapes equals the other under the
 * facts of the other's branch: a skip that is projected if `stride != 1` has, without the projection, the same shape because `stride == 1`.
 */
function joinValues(cx: Context, yes: Branch<CheckValue>, no: Branch<CheckValue>): CheckValue {
  const a = yes.value;
  const b = no.value;
  if (a.kind === 'tensor' && b.kind === 'tensor') return joinTensors({ ...yes, value: a }, { ...no, value: b });
  if ((a.kind === 'list' || a.kind === 'tuple') && a.kind === b.kind && a.items.length === b.items.length) {
    return { ...a, items: a.items.map((item, i) => joinValues(cx, { ...yes, value: item }, { ...no, value: b.items[i] ?? unknown })) };
  }
  if (a.kind === 'float' && b.kind === 'float') return { kind: 'float', value: a.value === b.value ? a.value : undefined };
  if (a.kind === 'bool' && b.kind === 'bool') return { kind: 'bool', value: a.value === b.value ? a.value : undefined };
  if (a.kind === 'string' && b.kind === 'string') return { kind: 'string', value: a.value === b.value ? a.value : undefined };
  return a.kind === b.kind && keyOf(a, cx.session.idOf) === keyOf(b, cx.session.idOf) ? a : unknown;
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
