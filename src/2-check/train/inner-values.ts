import { withSizes } from '../../ops/requested-sizes.js';
import type { TensorType } from '../../ops/types.js';
import { bodiesOf, type Instance, outputsOf, ownOutputs, type Step } from '../checked-model.js';
import type { Local, SharedInstance } from '../values/values.js';

/** The use of a layer, function or model. */
export type Call = Extract<Step, { kind: 'call' }>;
type Renames = ReadonlyMap<string, { readonly label: string }>;

/** Where a body is: the labels around it, and the names of its generated labels there if it is used without a level. */
interface Place {
  readonly path: readonly string[];
  readonly renames: Renames;
}

/** A value inside the application of a model. */
export interface InnerValue {
  readonly local: Local;
  /** The calls that it is in, outermost first: the first one is the application. */
  readonly calls: readonly Call[];
  /** Its type outside them; undefined if it has sizes that are made inside. */
  readonly type: TensorType | undefined;
}

/** What the application of a model consists of, by the names that `--tap` uses as well. */
export interface Inside {
  /** The values by name; if several have the same name, the last one. */
  readonly values: ReadonlyMap<string, InnerValue>;
  /** Names of values in control flow, which cannot be read from outside. */
  readonly hidden: ReadonlyMap<string, 'scan' | 'cond'>;
  /** The paths of its layers, those in control flow included. */
  readonly layers: ReadonlySet<string>;
}

const noRenames: ReadonlyMap<string, { readonly label: string }> = new Map();

/** Looks into `steps`, and into all that they call. */
export function insideOf(steps: readonly Step[]): Inside {
  const walk = new Walk();
  walk.steps(steps, { path: [], renames: noRenames }, [], undefined);
  return walk;
}

class Walk implements Inside {
  readonly values = new Map<string, InnerValue>();
  readonly hidden = new Map<string, 'scan' | 'cond'>();
  readonly layers = new Set<string>();
  readonly #shared = new Map<SharedInstance, Place>();

  steps(steps: readonly Step[], place: Place, calls: readonly Call[], within: 'scan' | 'cond' | undefined): void {
    for (const step of steps) {
      if (step.kind === 'bind') this.#shared.set(step.instance, this.#homeOf(step.instance, place));
      else if (step.kind === 'call') this.#call(step, place, calls, within);
      if (step.kind === 'cond' || step.kind === 'scan')
        for (const body of bodiesOf(step)) this.steps(body.steps, place, calls, within ?? step.kind);
      if (step.kind !== 'op' && step.kind !== 'onnx' && step.kind !== 'call' && step.kind !== 'cond' && step.kind !== 'scan') continue;
      for (const local of outputsOf(step)) if (local.hint !== undefined) this.#note([...place.path, local.hint], local, calls, within);
    }
  }

  #call(step: Call, place: Place, calls: readonly Call[], within: 'scan' | 'cond' | undefined): void {
    const { scope, instance } = step;
    const inside = this.#target(step, place);
    const path = inside.path.join('.');
    if (scope.kind !== 'joined' && path !== place.path.join('.')) this.layers.add(path);
    this.steps(instance.steps, inside, [...calls, step], within);
    if (scope.kind === 'joined' || path === '') return;
    const outputs = ownOutputs(instance);
    for (const [i, { name, local }] of outputs.entries())
      this.#note(outputs.length === 1 ? inside.path : [...inside.path, name ?? String(i)], local, [...calls, step], within);
  }

  #note(path: readonly string[], local: Local, calls: readonly Call[], within: 'scan' | 'cond' | undefined): void {
    const name = path.join('.');
    if (within !== undefined) this.hidden.set(name, within);
    else this.values.set(name, { local, calls, type: outsideType(local.type, calls) });
  }

  #target({ scope }: Call, place: Place): Place {
    if (scope.kind === 'joined') return joined(place, scope.renames);
    if (scope.kind === 'label') return inner(place, place.renames.get(scope.label)?.label ?? scope.label);
    return this.#shared.get(scope.instance) ?? inner(place, scope.instance.label);
  }

  #homeOf({ label, joins }: SharedInstance, place: Place): Place {
    return joins === undefined ? inner(place, label) : joined(place, joins.renames);
  }
}

function inner({ path }: Place, label: string): Place {
  return { path: [...path, label], renames: noRenames };
}

function joined({ path, renames }: Place, own: Renames): Place {
  return { path, renames: new Map([...own].map(([label, to]) => [label, renames.get(to.label) ?? to])) };
}

/** A type in a body as its outermost caller sees it. */
function outsideType(type: TensorType, calls: readonly Call[]): TensorType | undefined {
  let seen = type;
  for (const { instance, sizes } of calls.toReversed()) {
    const made = new Set(instance.newSizes.map(({ name }) => name));
    const isHidden = (name: string) => made.has(name) && !sizes.has(name);
    if (seen.shape.some((size) => [...size.variables()].some(isHidden))) return undefined;
    seen = withSizes(seen, sizes);
  }
  return seen;
}

/** The application of a model with one more output, a value inside. `calls` are those around the value, without the application. */
export function exposing(application: Call, local: Local, calls: readonly Call[], output: Local): Call {
  const { instance, outputs } = application;
  return { ...application, instance: exposed(instance, local, calls), outputs: [...outputs, output] };
}

function exposed(instance: Instance, local: Local, calls: readonly Call[]): Instance {
  const [next, ...others] = calls;
  if (next === undefined)
    return { ...instance, outputs: [...instance.outputs, { name: undefined, local, type: local.type, isTapped: true }] };
  const type = outsideType(local.type, calls) ?? local.type;
  const passed: Local = { type, span: local.span };
  const steps = instance.steps.map((step) => (step === next ? exposing(next, local, others, passed) : step));
  return { ...instance, steps, outputs: [...instance.outputs, { name: undefined, local: passed, type, isTapped: true }] };
}
