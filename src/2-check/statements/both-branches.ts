import { decideEqual } from '../../dims/decide.js';
import type { Dim } from '../../dims/dim.js';
import type { Fact } from '../../dims/fact.js';
import type { Facts } from '../../dims/facts.js';
import type { Context, Flow } from '../context.js';
import type { Binding } from '../modules/scope.js';
import { always, both, choice, either, type Formula, isImpossible, negation, never } from '../values/formula.js';
import { type CheckValue, unknown } from '../values/values.js';
import { type Branch, joinValues } from './branches.js';

/** One branch of an open condition: the facts that hold in it, and the function that runs it. */
interface OpenBranch {
  readonly facts: readonly Fact[];
  readonly run: () => CheckValue;
}

/** How a branch ended. */
interface End extends Branch<CheckValue> {
  readonly flow: Flow;
  readonly facts: Facts;
  readonly names: OpenNames;
  readonly labels: ReturnType<Context['labels']['snapshot']>;
  /** The conditions that were added along the path. */
  readonly path: readonly Formula[];
}

/**
 * Runs both branches of an open condition from the same state, and joins the results: names, labels and the value. Only one of the two will
 * be taken, so they may use the same labels; a branch that returns leaves nothing behind, and what follows belongs to the other one.
 */
export function bothBranches(cx: Context, condition: Formula, [first, second]: readonly [OpenBranch, OpenBranch]): CheckValue {
  const { path, facts } = cx;
  const start = snapshot(cx);
  const labels = cx.labels.snapshot();
  const run = (branch: OpenBranch, holds: Formula): End => {
    restore(start);
    cx.labels.restore(labels);
    cx.path = [...path, holds];
    cx.flow = 'goes-on';
    for (const fact of branch.facts) cx.facts = cx.facts.assume(fact);
    try {
      const value = branch.run();
      const inside = cx.facts;
      const equal = (a: Dim, b: Dim) => decideEqual(a, b, inside).kind === 'proved';
      const { flow } = cx;
      return { value, equal, flow, facts: inside, names: snapshot(cx), labels: cx.labels.snapshot(), path: cx.path.slice(path.length) };
    } finally {
      cx.facts = facts.withBoundsOf(cx.facts);
      cx.path = path;
    }
  };
  const yes = run(first, condition);
  const no = run(second, negation(condition));
  cx.labels.restore(labels);
  for (const end of [yes, no]) if (end.flow === 'goes-on') cx.labels.merge(end.labels);
  if (yes.flow !== 'goes-on' && no.flow !== 'goes-on') {
    cx.flow = yes.flow === 'ended' && no.flow === 'ended' ? 'ended' : 'left';
    return unknown;
  }
  cx.flow = 'goes-on';
  if (yes.flow !== 'goes-on' || no.flow !== 'goes-on') {
    const remaining = yes.flow === 'goes-on' ? yes : no;
    restore(remaining.names);
    cx.path = [...path, ...remaining.path];
    cx.facts = remaining.facts;
    if (isImpossible(cx.path)) cx.flow = 'ended';
    return remaining.value;
  }
  // Paths that have returned are no longer here.
  const all = (conditions: readonly Formula[]) => conditions.reduce(both, always);
  if (yes.path.length + no.path.length > 2) cx.path = [...path, either(all(yes.path), all(no.path))];
  joinNames(cx, condition, yes, no);
  return joinValues(cx, condition, yes, no);
}

/** Gives every name the value that results from the two branches. What only one of them assigns can be used where that one was taken. */
function joinNames(cx: Context, condition: Formula, yes: End, no: End): void {
  for (const [scope, names] of yes.names) {
    const others = no.names.get(scope);
    if (others === names) continue;
    const joined = new Map<string, Binding>();
    for (const name of new Set([...names.keys(), ...(others?.keys() ?? [])])) {
      const a = names.get(name);
      const b = others?.get(name);
      const binding = a ?? b;
      if (binding === undefined) continue;
      if (a === b) {
        joined.set(name, binding);
        continue;
      }
      const absent = choice(condition, a === undefined ? always : (a.absent ?? never), b === undefined ? always : (b.absent ?? never));
      const join = (x: CheckValue, y: CheckValue) => (x === y ? x : joinValues(cx, condition, { ...yes, value: x }, { ...no, value: y }));
      const value = a === undefined || b === undefined ? binding.value : join(a.value, b.value);
      joined.set(name, { ...binding, value, absent: absent.kind === 'constant' && !absent.value ? undefined : absent });
    }
    scope.restore(joined);
  }
}

/** The bindings of every open block, to compare and to restore. */
export type OpenNames = ReadonlyMap<Context['scope'], ReadonlyMap<string, Binding>>;

export function snapshot(cx: Context): OpenNames {
  const all = new Map<Context['scope'], ReadonlyMap<string, Binding>>();
  for (let scope: Context['scope'] | undefined = cx.scope; scope !== undefined; scope = scope.parent) {
    all.set(scope, scope.snapshot());
    if (scope === cx.body) break;
  }
  return all;
}

/** Makes every name whose value has changed unknown. */
export function poisonChanged(cx: Context, before: OpenNames): void {
  for (const [scope, names] of snapshot(cx)) {
    for (const [name, binding] of names)
      if (before.get(scope)?.get(name)?.value !== binding.value) scope.define(name, { ...binding, value: unknown });
  }
}

function restore(all: OpenNames): void {
  for (const [scope, names] of all) scope.restore(names);
}
