import { joinAbsence } from './absence.js';
import { joinValues, withFacts } from './branches.js';
import type { Context, Flow } from './context.js';
import { always, both, choice, either, type Formula, negation, never } from './formula.js';
import type { Binding } from './scope.js';
import { unknown } from './values.js';

/** One side of an open condition: what holds there, and what is done. */
interface Branch {
  readonly facts: Parameters<typeof withFacts>[1];
  readonly run: () => Flow;
}

/** Runs both branches of an open condition from the same state, and joins what they leave behind. */
export function bothBranches(cx: Context, condition: Formula, [first, second]: readonly [Branch, Branch]): Flow {
  const path = cx.path;
  const paths: (readonly Formula[])[] = [];
  const start = snapshot(cx);
  const labels = cx.labels.snapshot();
  const flows: Flow[] = [];
  const ends: ReturnType<typeof snapshot>[] = [];
  const equals: Parameters<typeof joinValues>[1]['equal'][] = [];
  const used: ReturnType<typeof cx.labels.snapshot>[] = [];
  for (const branch of [first, second]) {
    restore(start);
    cx.labels.restore(labels);
    cx.path = [...path, branch === first ? condition : negation(condition)];
    const { equal } = withFacts(cx, branch.facts, () => {
      flows.push(branch.run());
      return unknown;
    });
    equals.push(equal);
    ends.push(snapshot(cx));
    paths.push(cx.path.slice(path.length));
    used.push(cx.labels.snapshot());
  }
  for (const names of used) cx.labels.merge(names);
  const [yes, no] = ends;
  const [equalYes, equalNo] = equals;
  if (yes === undefined || no === undefined || equalYes === undefined || equalNo === undefined) return 'goes-on';
  const [pathYes = [], pathNo = []] = paths;
  if (flows[0] === 'returned') {
    restore(no);
    cx.path = [...path, ...pathNo];
    return flows[1] === 'returned' ? 'returned' : 'goes-on';
  }
  if (flows[1] === 'returned') {
    restore(yes);
    cx.path = [...path, ...pathYes];
    return 'goes-on';
  }
  // What returned on the way is not here any more.
  cx.path = pathYes.length + pathNo.length > 2 ? [...path, either(pathYes.reduce(both, always), pathNo.reduce(both, always))] : path;
  for (const [scope, names] of yes) {
    const others = no.get(scope);
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
      // What only one branch assigns can be used where that branch was taken.
      const absent = choice(condition, a === undefined ? always : (a.absent ?? never), b === undefined ? always : (b.absent ?? never));
      const value =
        a === undefined || b === undefined
          ? binding.value
          : a.value === b.value
            ? a.value
            : joinAbsence(
                joinValues(cx, { value: a.value, equal: equalYes }, { value: b.value, equal: equalNo }),
                condition,
                a.value,
                b.value,
              );
      joined.set(name, { ...binding, value, absent: absent.kind === 'constant' && !absent.value ? undefined : absent });
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
