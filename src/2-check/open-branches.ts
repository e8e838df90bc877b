import { joinValues, withFacts } from './branches.js';
import type { Context, Flow } from './context.js';
import type { Binding } from './scope.js';
import { unknown } from './values.js';

/** One side of an open condition: what holds there, and what is done. */
interface Branch {
  readonly facts: Parameters<typeof withFacts>[1];
  readonly run: () => Flow;
}

/** Runs both branches of an open condition from the same state, and joins what they leave behind. */
export function bothBranches(cx: Context, [first, second]: readonly [Branch, Branch]): Flow {
  const start = snapshot(cx);
  const labels = cx.labels.snapshot();
  const flows: Flow[] = [];
  const ends: ReturnType<typeof snapshot>[] = [];
  const equals: Parameters<typeof joinValues>[1]['equal'][] = [];
  const used: ReturnType<typeof cx.labels.snapshot>[] = [];
  for (const branch of [first, second]) {
    restore(start);
    cx.labels.restore(labels);
    const { equal } = withFacts(cx, branch.facts, () => {
      flows.push(branch.run());
      return unknown;
    });
    equals.push(equal);
    ends.push(snapshot(cx));
    used.push(cx.labels.snapshot());
  }
  for (const names of used) cx.labels.merge(names);
  const [yes, no] = ends;
  const [equalYes, equalNo] = equals;
  if (yes === undefined || no === undefined || equalYes === undefined || equalNo === undefined) return 'goes-on';
  if (flows[0] === 'returned') {
    restore(no);
    return flows[1] === 'returned' ? 'returned' : 'goes-on';
  }
  if (flows[1] === 'returned') {
    restore(yes);
    return 'goes-on';
  }
  for (const [scope, names] of yes) {
    const others = no.get(scope);
    const joined = new Map<string, Binding>();
    for (const name of new Set([...names.keys(), ...(others?.keys() ?? [])])) {
      const a = names.get(name);
      const b = others?.get(name);
      const binding = a ?? b;
      if (binding === undefined) continue;
      const value =
        a === undefined || b === undefined
          ? unknown
          : a.value === b.value
            ? a.value
            : joinValues(cx, { value: a.value, equal: equalYes }, { value: b.value, equal: equalNo });
      joined.set(name, { ...binding, value });
    }
    scope.restore(joined);
  }
  return 'goes-on';
}

/** The bindings of every block that is open, to come back to. */
export function snapshot(cx: Context): Map<Context['scope'], ReadonlyMap<string, Binding>> {
  const all = new Map<Context['scope'], ReadonlyMap<string, Binding>>();
  for (let scope: Context['scope'] | undefined = cx.scope; scope !== undefined; scope = scope.parent) {
    all.set(scope, scope.snapshot());
    if (scope === cx.body) break;
  }
  return all;
}

/** Makes every name that has another value than before unknown. */
export function poisonChanged(cx: Context, before: ReturnType<typeof snapshot>): void {
  for (const [scope, names] of snapshot(cx)) {
    for (const [name, binding] of names)
      if (before.get(scope)?.get(name)?.value !== binding.value) scope.define(name, { ...binding, value: unknown });
  }
}

function restore(all: ReadonlyMap<Context['scope'], ReadonlyMap<string, Binding>>): void {
  for (const [scope, names] of all) scope.restore(names);
}
