import type { Facts } from '../../dims/facts.js';
import type { Context } from '../context.js';
import { Labels } from '../layers/labels.js';
import type { Module } from '../modules/modules.js';
import type { Session } from '../session.js';
import type { NamedAxes } from '../sizes/axes.js';
import { NewSizes } from '../sizes/new-sizes.js';
import { type CheckValue, keyOf } from '../values/values.js';
import { entryContext, runAroundEntries } from './around-entries.js';
import type { EntryLayer } from './entry-layers.js';
import type { Surroundings } from './surroundings.js';

type Hyper = ReadonlyMap<string, CheckValue>;

interface Use {
  readonly session: Session;
  readonly module: Module;
  readonly hyper: Hyper;
  readonly axes: NamedAxes;
  readonly facts: Facts;
}

/**
 * The context of an entry's body where its model is used as a layer. All entries see the same layers that are bound around them, so that
 * they must agree on the weights.
 */
export function usedEntryContext(cx: Context, entry: EntryLayer, use: Use): Context {
  const { interpreter, rigid, choices, outermost, depth, newSizes } = cx;
  const { session, module, axes, facts } = use;
  const around = surroundings(cx, entry, use);
  const child = entryContext(around, entry, {
    session,
    interpreter,
    module,
    rigid,
    choices,
    outermost,
    facts,
    depth: depth + 1,
    axes,
    newSizes: new NewSizes(newSizes),
  });
  child.problems = [...around.problems];
  return child;
}

/** What is around the entries, run once for these hyperparameters. */
function surroundings(cx: Context, { entryOf: model }: EntryLayer, { session, module, hyper }: Use): Surroundings {
  const values = [...hyper.values()].map((value) => keyOf(value, session.idOf));
  const key = `${session.idOf(model)} ${values.join()} ${cx.facts.key} ${cx.rigid ? [...cx.choices].join() : 'fixed'}`;
  const known = session.surroundings.get(key);
  if (known !== undefined) return known;
  const around = cx.inner({ session, module, labels: new Labels() });
  for (const [name, value] of hyper) around.body.define(name, { value, span: model.name.span, role: 'hyper' });
  const made = runAroundEntries(around, model);
  session.surroundings.set(key, made);
  session.onRollback(() => session.surroundings.delete(key));
  return made;
}
