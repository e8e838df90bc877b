import { type CheckedModel, type Instance, outputsOf, type Step, type StepInput } from '../2-check/checked-model.js';
import { eachParameter, isStandard } from '../2-check/layers/parameters-of.js';
import { type MadeSize, NewSizes } from '../2-check/sizes/new-sizes.js';
import { renamed } from '../2-check/statements/joined-scopes.js';
import type { Local, ParameterSpec, SharedInstance } from '../2-check/values/values.js';
import { InternalError } from '../diagnostics/internal-error.js';
import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import { essentialFacts } from '../dims/essential-facts.js';
import { boundsOf, type NewSize } from '../dims/new-size.js';
import type { Limits } from '../limits.js';
import { cast } from '../ops/elementwise/cast.js';
import { only } from '../ops/only.js';
import { programElements } from '../ops/program.js';
import { type DType, isFloat, type Shape, type TensorType } from '../ops/types.js';
import { Graph, type Origin, type Value } from './graph.js';
import { PlaceSizes } from './place-sizes.js';
import { Taps } from './taps.js';

/** Where in the model a body is being unfolded. */
interface Place {
  /** Dot-joined parameter prefix with its final dot; empty at the top. */
  readonly prefix: string;
  readonly path: readonly string[];
  readonly kinds: readonly string[];
  /** The names of the body's generated labels here, if it is used without a level. */
  readonly renames: ReadonlyMap<string, { readonly label: string }>;
  /** The innermost use in a file of the user's. */
  readonly use?: Span;
  /** The outermost shared layer that this is inside: its parameters are made once. */
  readonly owner?: SharedInstance;
}

export interface ElaborateOptions {
  /** Inputs and outputs of the build's float type have this type instead, and are converted inside. */
  readonly edge?: DType | undefined;
  /** Patterns of inner values that are outputs, too: `layers[*].attn.scores`. A pattern that matches nothing is reported. */
  readonly taps?: readonly string[] | undefined;
}

/**
 * Unfolds a checked model into one graph: every call of a typed body is copied to its place, and its parameters get the names of the labels
 * along the way. Reports parameters whose names collide, and graphs beyond the limit.
 */
export function elaborate(
  model: CheckedModel,
  report: Report,
  limits: Limits,
  { edge, taps: patterns = [] }: ElaborateOptions = {},
): Graph {
  const graph = new Graph(model.name, model.doc);
  const taps = new Taps(patterns);
  const elaboration = new Elaboration(graph, report, limits, taps);
  const convert = (value: Value, dtype: DType): Value => {
    const origin: Origin = { path: [], kinds: [model.name], span: model.span };
    return value.type.dtype === dtype ? value : only(graph.op(cast, [value], { dtype }, [{ ...value.type, dtype }], origin));
  };
  const declared = [...model.inputs];
  const inputs = model.instance.inputs.map((local, i) => {
    if (local === undefined) return undefined;
    const dtype = declared.shift()?.isBuildFloat === true ? edge : undefined;
    const input = graph.input(local.hint ?? `input_${i}`, { ...local.type, dtype: dtype ?? local.type.dtype });
    return convert(input, local.type.dtype);
  });
  const sizes = new PlaceSizes();
  const outputs = elaboration.unfold(model.instance, inputs, { prefix: '', path: [], kinds: [model.name], renames: new Map() }, sizes);
  for (const [i, output] of model.outputs.entries()) {
    const value = outputs[i];
    // Beyond the limit of nodes, which was reported, unfolding stops.
    if (value === undefined && report.hasErrors) continue;
    if (value === undefined) throw new InternalError(`output ${output.name} was not made`);
    const dtype = (output.isBuildFloat ? edge : undefined) ?? output.type.dtype;
    graph.output(output.name, convert(value, dtype), { ...sizes.type(output.type), dtype });
  }
  if (!report.hasErrors)
    taps.addTo(graph, report, model.span, (value) =>
      convert(value, isFloat(value.type.dtype) ? (edge ?? value.type.dtype) : value.type.dtype),
    );
  graph.newSizes = elaboration.newSizes;
  for (const made of graph.newSizes) graph.facts = graph.facts.bound(made.name, boundsOf(made));
  graph.stated = model.facts.map(({ fact }) => fact);
  for (const fact of graph.stated) graph.facts = graph.facts.assume(fact);
  graph.open = essentialFacts(
    model.residuals.flatMap(({ facts }) => [...facts.values()]),
    graph.facts,
  );
  for (const fact of graph.open) graph.facts = graph.facts.assume(fact);
  const count = graph.nodes.size;
  if (count >= limits.manyNodes && !report.hasErrors) report.add('many-nodes', model.span, { count, limit: limits.manyNodes });
  return graph;
}

class Elaboration {
  readonly #graph: Graph;
  readonly #report: Report;
  readonly #limits: Limits;
  readonly #taps: Taps;
  readonly #parameters = new Map<string, { readonly value: Value; readonly span: Span; readonly owner: SharedInstance | undefined }>();
  /** Where shared layers are; inner scopes see those of the outer ones. */
  readonly #shared = new Map<SharedInstance, Place>();
  /** Uses whose parameters collide with others of the same name: reported at the first of them. */
  readonly #blamed = new Set<Span>();
  #full = false;
  /** The bodies that made the parameters of a shared layer, by its place. */
  readonly #claimed = new Map<string, Set<Instance>>();
  readonly #newSizes = new NewSizes();

  constructor(graph: Graph, report: Report, limits: Limits, taps: Taps) {
    this.#graph = graph;
    this.#taps = taps;
    this.#report = report;
    this.#limits = limits;
    for (const { type } of graph.inputs) for (const size of type.shape) this.#newSizes.reserve(size.variables());
  }

  /** The sizes that came into being in the graph. */
  get newSizes(): readonly NewSize[] {
    return this.#newSizes.all;
  }

  /** Copies a body. `sizes` are those that its inputs mention; those that come into being in it are added. */
  unfold(instance: Instance, inputs: readonly (Value | undefined)[], place: Place, sizes: PlaceSizes): readonly Value[] {
    const unmade = new Map(instance.newSizes.filter(({ isOwn }) => isOwn).map((made) => [made.name, made]));
    const values = new Map<Local, Value>();
    for (const [i, local] of instance.inputs.entries()) {
      const value = inputs[i];
      if (local !== undefined && value !== undefined) values.set(local, value);
    }
    for (const step of instance.steps) {
      if (this.#full) break;
      if (unmade.size > 0) this.#makeSizes(outputsOf(step), unmade, sizes);
      this.#step(step, values, place, sizes, instance);
      if (!this.#taps.isEmpty) for (const local of outputsOf(step)) this.#noteVariable(local, values, place);
    }
    return instance.outputs.map((output) => (this.#full ? (values.get(output.local) as Value) : at(values, output.local)));
  }

  #step(step: Step, values: Map<Local, Value>, place: Place, sizes: PlaceSizes, around: Instance): void {
    switch (step.kind) {
      case 'constant':
        values.set(step.output, this.#graph.constant(step.array));
        return;
      case 'parameter':
        values.set(step.output, this.#parameter(place.prefix + step.name, step.parameter, place));
        return;
      case 'bind':
        this.#shared.set(step.instance, { owner: step.instance, ...homeOf(step.instance, place) });
        return;
      case 'weight': {
        const home = this.#home(step.instance);
        values.set(step.output, this.#parameter(nameIn(home, step.name), step.parameter, home));
        return;
      }
      case 'op': {
        const inputs = step.inputs.map((input) => mapInput(input, (local) => at(values, local)));
        const { op, attrs, span } = step;
        this.#bind(step.outputs, this.#graph.op(op, inputs, sizes.attrs(attrs), typesOf(step, sizes), origin(place, span)), values);
        this.#checkTensors(step.outputs, step.span);
        this.#count(step.span);
        return;
      }
      case 'onnx': {
        const { opType, domain, attrs } = step;
        const inputs = step.inputs.map((local) => (local === undefined ? undefined : at(values, local)));
        const types = typesOf(step, sizes);
        this.#bind(step.outputs, this.#graph.onnx({ opType, domain, attrs }, inputs, types, origin(place, step.span)), values);
        this.#checkTensors(step.outputs, step.span);
        this.#count(step.span);
        return;
      }
      case 'call': {
        const inputs = step.inputs.map((local) => (local === undefined ? undefined : at(values, local)));
        const { scope, instance } = step;
        const inside = { ...place, ...this.#target(step, place), ...(isStandard(step.span) ? {} : { use: step.span }) };
        if (scope.kind === 'shared') this.#claim(scope.instance, instance, inside);
        const inner = sizes.inside(step.sizes, around);
        const results = this.unfold(instance, inputs, inside, inner);
        for (const [name, size] of step.sizes) sizes.set(size.variableName ?? '', inner.get(name));
        if (scope.kind !== 'joined') this.#noteResults(instance, results, inside);
        this.#bind(step.outputs, results, values);
      }
    }
  }

  /** Makes the sizes that come into being with the results of a step. */
  #makeSizes(results: readonly Local[], unmade: Map<string, MadeSize>, sizes: PlaceSizes): void {
    for (const name of results.flatMap(({ type }) => type.shape.flatMap((size) => [...size.variables()]))) {
      const made = unmade.get(name);
      if (made === undefined) continue;
      unmade.delete(name);
      sizes.set(name, this.#newSizes.adopt(made, sizes.nameOf(made), made.span, sizes.all).size);
    }
  }

  #noteVariable(local: Local, values: ReadonlyMap<Local, Value>, { path }: Place): void {
    const value = values.get(local);
    if (local.hint !== undefined && value !== undefined && value.source.kind === 'node') this.#taps.note(path, local.hint, value);
  }

  /** The result of a labeled layer has the name of the label; of several results, each has a name below it. */
  #noteResults({ outputs }: Instance, results: readonly Value[], { path }: Place): void {
    for (const [i, value] of results.entries())
      if (results.length === 1) this.#taps.note(path.slice(0, -1), path.at(-1) ?? '', value);
      else this.#taps.note(path, outputs[i]?.name ?? String(i), value);
  }

  /** Where the body of a use is unfolded. */
  #target({ scope, instance }: Extract<Step, { kind: 'call' }>, place: Place): Place {
    if (scope.kind === 'joined') return joined(place, scope.renames);
    if (scope.kind === 'label') return inner(place, place.renames.get(scope.label)?.label ?? scope.label, instance.kind);
    const home = this.#home(scope.instance);
    return scope.instance.joins === undefined ? { ...home, kinds: [...home.kinds, instance.kind] } : home;
  }

  #home(instance: SharedInstance): Place {
    const home = this.#shared.get(instance);
    if (home === undefined) throw new InternalError(`the shared layer ${instance.label} is used before it is bound`);
    return home;
  }

  /** Makes the parameters of a shared layer on its first use, so that later uses find them. */
  #claim(shared: SharedInstance, instance: Instance, home: Place): void {
    const key = `${shared.id} ${home.prefix}`;
    const bodies = this.#claimed.get(key) ?? new Set();
    this.#claimed.set(key, bodies);
    if (bodies.has(instance)) return;
    bodies.add(instance);
    const seen = new Map<string, Span>();
    for (const { name, spec, use = userSpan(spec, home) } of eachParameter(instance.steps)) {
      const before = seen.get(name);
      seen.set(name, before ?? use);
      if (before === undefined) this.#parameter(nameIn(home, name), spec, home);
      else this.#reportDuplicate(nameIn(home, name), use, before);
    }
  }

  #parameter(name: string, spec: ParameterSpec, place: Place): Value {
    const { owner } = place;
    const span = userSpan(spec, place);
    const known = this.#parameters.get(name);
    if (known !== undefined) {
      if (owner === undefined || owner !== known.owner) this.#reportDuplicate(name, span, known.span);
      return known.value;
    }
    this.#checkParameter(name, spec, span);
    const value = this.#graph.parameter({ name, type: spec.type, init: spec.init, trainable: spec.trainable, span });
    this.#parameters.set(name, { value, span, owner });
    return value;
  }

  #reportDuplicate(name: string, span: Span, first: Span): void {
    if (this.#blamed.has(span)) return;
    this.#blamed.add(span);
    this.#report.add('duplicate-parameter', span, { name }, { notes: [{ span: first, text: 'first used here' }] });
  }

  #bind(locals: readonly Local[], made: readonly Value[], values: Map<Local, Value>): void {
    for (const [i, local] of locals.entries()) {
      const value = made[i];
      if (value !== undefined) values.set(local, value);
    }
  }

  #checkParameter(name: string, { type, init }: ParameterSpec, span: Span): void {
    const { parameterElements: limit, initialElements } = this.#limits;
    const count = init.kind === 'computed' ? programElements(init.program) : 0;
    if (count > initialElements) this.#report.add('initial-value-too-large', span, { name, count, limit: initialElements });
    if (elementsBeyond(type.shape, limit)) this.#report.add('parameter-too-large', span, { name, shape: showShape(type.shape), limit });
  }

  #checkTensors(outputs: readonly Local[], span: Span): void {
    const { tensorElements: limit } = this.#limits;
    const tooLarge = outputs.find(({ type }) => elementsBeyond(type.shape, limit));
    if (tooLarge !== undefined) this.#report.add('tensor-too-large', span, { shape: showShape(tooLarge.type.shape), limit });
  }

  #count(span: Span): void {
    if (this.#graph.nodes.size <= this.#limits.graphNodes || this.#full) return;
    this.#full = true;
    this.#report.add('too-many-nodes', span, { limit: this.#limits.graphNodes });
  }
}

function typesOf({ outputs }: { readonly outputs: readonly Local[] }, sizes: PlaceSizes): readonly TensorType[] {
  return outputs.map((local) => sizes.type(local.type));
}

function at(values: ReadonlyMap<Local, Value>, local: Local): Value {
  const value = values.get(local);
  if (value === undefined)
    throw new InternalError(`a tensor${local.hint === undefined ? '' : ` (${local.hint})`} is used before it is made`);
  return value;
}

/** Whether a shape certainly has more elements than `limit`: an open size may be 1. Never overflows. */
function elementsBeyond(shape: Shape, limit: number): boolean {
  let count = 1;
  for (const { constant } of shape) {
    if (constant === 0) return false;
    // Once the product is rounded, it is above any limit.
    count *= constant ?? 1;
  }
  return count > limit;
}

function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Where to report a parameter: in the user's file. */
function userSpan(spec: ParameterSpec, { use }: Place): Span {
  return isStandard(spec.span) && use !== undefined ? use : spec.span;
}

function inner(place: Place, label: string, kind: string | undefined): Place {
  return {
    prefix: `${place.prefix}${label}.`,
    path: [...place.path, label],
    renames: new Map(),
    ...(place.owner === undefined ? {} : { owner: place.owner }),
    kinds: kind === undefined ? place.kinds : [...place.kinds, kind],
  };
}

/** The same scope with other names for the generated labels of a body. */
function joined(place: Place, renames: ReadonlyMap<string, { readonly label: string }>): Place {
  return { ...place, renames: new Map([...renames].map(([label, to]) => [label, place.renames.get(to.label) ?? to])) };
}

/** Where the weights are of a shared layer that is bound here. */
function homeOf({ label, joins }: SharedInstance, place: Place): Place {
  return joins === undefined ? inner(place, label, undefined) : joined(place, joins.renames);
}

function nameIn(place: Place, name: string): string {
  return place.prefix + renamed(name, place.renames);
}

function origin(place: Place, span: Span): Origin {
  return { path: place.path, kinds: place.kinds, span };
}

function mapInput(input: StepInput, map: (local: Local) => Value): Value | readonly Value[] | undefined {
  if (input === undefined) return undefined;
  return 'type' in input ? map(input) : input.map(map);
}
