import type { Span } from '../../diagnostics/span.js';
import { knownAt, matcherOf, nearTo } from '../../name-patterns.js';
import type { Step } from '../checked-model.js';
import type { Context } from '../context.js';
import { type CheckValue, type Local, type TensorValue, unknown } from '../values/values.js';
import { type Call, exposing, insideOf } from './inner-values.js';

/** The steps of a `train` block, with the application of its model among them. */
export interface Application {
  readonly cx: Context;
  readonly name: string;
  readonly steps: Step[];
  readonly at: number;
}

/**
 * `tap("layers[*].aux")`: values inside the model, by the patterns of `--tap`. A pattern that describes one name gives the tensor with that name; one with `*` or
 * `[0..6]` gives all that it matches, stacked along a new first axis in the order in which they are computed.
 */
export class TappedModel {
  readonly #application: Application;
  readonly #read = new Map<string, Local>();

  constructor(application: Application) {
    this.#application = application;
  }

  read(pattern: string, span: Span): CheckValue {
    const { cx, name: model, steps, at } = this.#application;
    const { values, hidden } = insideOf(steps.slice(0, at + 1));
    const matches = matcherOf(pattern, { below: false });
    const names = [...values.keys()].filter(matches);
    if (names.length === 0) {
      const [name, within] = [...hidden].find(([inner]) => matches(inner)) ?? [];
      if (name !== undefined && within !== undefined) cx.error('inner-tap', span, { pattern, name, within });
      else {
        const known = [...values.keys()];
        cx.error('unmatched-tap', span, { pattern, model, near: nearTo(pattern, known), known: knownAt(pattern, known) });
      }
      return unknown;
    }
    const tapped: TensorValue[] = [];
    for (const name of names) {
      const local = this.#local(name);
      if (local === undefined) {
        cx.error('tap-size', span, { name });
        return unknown;
      }
      tapped.push({ kind: 'tensor', local });
    }
    const [first] = tapped;
    if (first === undefined) return unknown;
    return /[*]|\.\./.test(pattern) ? stacked(cx, names, tapped, span) : first;
  }

  /** The value with a name as an output of the application; undefined if its type means nothing outside. */
  #local(name: string): Local | undefined {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const { steps, at } = this.#application;
    const found = insideOf(steps.slice(0, at + 1)).values.get(name);
    const [application, ...calls] = found?.calls ?? [];
    if (found?.type === undefined) return undefined;
    // An output of the model.
    if (application === undefined) return found.local;
    const output: Local = { type: found.type, span: found.local.span };
    steps[at] = exposing(application satisfies Call, found.local, calls, output);
    this.#read.set(name, output);
    return output;
  }
}

/** They must have one type. */
function stacked(cx: Context, names: readonly string[], tapped: readonly TensorValue[], span: Span): CheckValue {
  const trial = cx.speculate(
    () => cx.interpreter.callOp(cx, 'stack', [tapped], { axis: 0 }, span),
    ({ problems }) => problems.length === 0,
  );
  if (trial.kept) return trial.value;
  const [first, ...others] = tapped.map(({ local }) => cx.show(local.type));
  const differing = others.findIndex((type) => type !== first) + 1;
  cx.error('tap-types', span, {
    names: [names[0] ?? '', names[differing] ?? ''],
    types: [first ?? '', others[differing - 1] ?? ''],
  });
  return unknown;
}
