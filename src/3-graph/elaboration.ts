import {
  type CheckedEntry,
  type Instance,
  outputsOf,
  ownOutputs,
  type Step,
  type StepBody,
  type StepInput,
} from '../2-check/checked-model.js';
import { eachParameter } from '../2-check/layers/parameters-of.js';
import { NewSizes } from '../2-check/sizes/new-sizes.js';
import type { Local, ParameterSpec, SharedInstance } from '../2-check/values/values.js';
import { InternalError } from '../diagnostics/internal-error.js';
import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import type { NewSize } from '../dims/new-size.js';
import type { Limits } from '../limits.js';
import { nth } from '../ops/only.js';
import { programElements } from '../ops/program.js';
import type { Shape, TensorType } from '../ops/types.js';
import { Captures } from './captures.js';
import { Body, type Graph, type Value } from './graph.js';
import { Level, Tensors } from './level.js';
import type { Parameter } from './parameter.js';
import { homeOf, inner, joined, nameIn, origin, type Place, statePlace, usedAt, userSpan } from './place.js';
import type { PlaceSizes } from './place-sizes.js';
import type { GraphStates } from './states.js';
import type { Taps } from './taps.js';

/** What the graphs of a program share while they are unfolded. */
export interface Shared {
  readonly report: Report;
  readonly limits: Limits;
  /** The parameters that were made, by name: all graphs have the same ones. */
  readonly parameters: Map<string, Parameter>;
}

type ControlStep = Extract<Step, { kind: 'cond' | 'scan' }>;

/** Copies typed bodies into a graph. */
export class Elaboration {
  readonly #graph: Graph;
  readonly outermost: Level;
  /** The nodes made so far, also in bodies of control flow. */
  nodes = 0;
  readonly #report: Report;
  readonly #limits: Limits;
  readonly #taps: Taps;
  readonly #states: GraphStates;
  readonly #parameters = new Map<string, { readonly value: Value; readonly span: Span; readonly owner: SharedInstance | undefined }>();
  readonly #all: Map<string, Parameter>;
  /** Where shared layers are; inner scopes see those of the outer ones. */
  readonly #shared = new Map<SharedInstance, Place>();
  /** Uses whose parameters collide with others of the same name: reported at the first of them. */
  readonly #blamed = new Set<Span>();
  #full = false;
  /** The bodies that made the parameters of a shared layer, by its place. */
  readonly #claimed = new Map<string, Set<Instance>>();
  readonly #newSizes = new NewSizes();

  constructor(graph: Graph, entry: CheckedEntry, { report, limits, parameters }: Shared, taps: Taps, states: GraphStates) {
    this.#graph = graph;
    this.#all = parameters;
    this.#states = states;
    this.outermost = Level.of(graph);
    this.#taps = taps;
    this.#report = report;
    this.#limits = limits;
    for (const { type } of entry.inputs) for (const size of type.shape) this.#newSizes.reserve(size.variables());
  }

  /** The sizes that came into being in the graph. */
  get newSizes(): readonly NewSize[] {
    return this.#newSizes.all;
  }

  /** Copies a body, whose tensors and new sizes are added to `values`. */
  unfold(instance: Instance, inputs: readonly (Value | undefined)[], place: Place, values: Tensors): readonly Value[] {
    for (const [i, local] of instance.inputs.entries()) {
      const value = inputs[i];
      if (local !== undefined && value !== undefined) values.set(local, value);
    }
    this.#steps(instance.steps, values, place);
    return this.#results(
      instance.outputs.map((output) => output.local),
      values,
    );
  }

  #steps(steps: readonly Step[], values: Tensors, place: Place): void {
    for (const step of steps) {
      if (this.#full) break;
      if (values.sizes.hasUnmade) this.#makeSizes(outputsOf(step), values.sizes);
      this.#step(step, values, place);
      if (!this.#taps.isEmpty) for (const local of outputsOf(step)) this.#noteVariable(local, values, place);
    }
  }

  /** The results of a body. Some are missing if the limit of nodes was reached, which was reported. */
  #results(locals: readonly Local[], values: Tensors): readonly Value[] {
    return locals.map((local) => (this.#full ? (values.find(local) as Value) : values.get(local)));
  }

  #step(step: Step, values: Tensors, place: Place): void {
    const { sizes, level } = values;
    const { region } = level;
    switch (step.kind) {
      case 'constant':
        values.set(step.output, region.constant(step.array));
        return;
      case 'parameter':
        values.set(step.output, this.#weight(place.prefix + step.name, step.parameter, place, level));
        return;
      case 'bind': {
        const home = homeOf(step.instance, place);
        this.#shared.set(step.instance, { ...home, owner: home.owner ?? step.instance });
        return;
      }
      case 'state':
        values.set(step.output, this.#states.read(step.state, sizes.type(step.output.type), statePlace(step.state, place)));
        return;
      case 'next':
        this.#states.set(step.state, values.get(step.input), statePlace(step.state, place));
        return;
      case 'weight': {
        const home = this.#home(step.instance);
        values.set(step.output, this.#weight(nameIn(home, step.name), step.parameter, home, level));
        return;
      }
      case 'op': {
        const inputs = step.inputs.map((input) => mapInput(input, (local) => values.get(local)));
        const { op, attrs, span } = step;
        this.#bind(step.outputs, region.op(op, inputs, sizes.attrs(attrs), typesOf(step, sizes), origin(place, span)), values);
        this.#checkTensors(step.outputs, step.span);
        this.#count(step.span);
        return;
      }
      case 'onnx': {
        const { opType, domain, attrs } = step;
        const inputs = step.inputs.map((local) => (local === undefined ? undefined : values.get(local)));
        const types = typesOf(step, sizes);
        this.#bind(step.outputs, region.onnx({ opType, domain, attrs }, inputs, types, origin(place, step.span)), values);
        this.#checkTensors(step.outputs, step.span);
        this.#count(step.span);
        return;
      }
      case 'call': {
        const inputs = step.inputs.map((local) => (local === undefined ? undefined : values.get(local)));
        const { scope, instance } = step;
        const inside = usedAt(this.#target(step, place), place, step.span);
        if (scope.kind === 'shared') this.#claim(scope.instance, instance, inside);
        const inner = sizes.inside(instance, step.sizes);
        const results = this.unfold(instance, inputs, inside, new Tensors(level, inner));
        for (const [name, size] of step.sizes) sizes.set(size.variableName ?? '', inner.get(name));
        if (scope.kind !== 'joined' && !this.#taps.isEmpty) this.#noteResults(instance, results, inside, level);
        this.#bind(step.outputs, results, values);
        return;
      }
      case 'cond':
        this.#cond(step, values, place);
        return;
      case 'scan':
        this.#scan(step, values, place);
    }
  }

  #cond(step: Extract<ControlStep, { kind: 'cond' }>, values: Tensors, place: Place): void {
    const { region } = values.level;
    const condition = values.get(step.condition);
    const bodies = [new Body(region), new Body(region)] as const;
    const captures = new Captures(bodies);
    for (const [i, body] of bodies.entries())
      this.#body(nth(step.sides, i), body, values.at(values.level.inside('cond', body, captures)), place, step);
    if (this.#full) return;
    const inputs = [condition, ...captures.values];
    this.#bind(step.outputs, region.cond(inputs, bodies, typesOf(step, values.sizes), origin(place, step.span)), values);
    this.#count(step.span);
  }

  #scan(step: Extract<ControlStep, { kind: 'scan' }>, values: Tensors, place: Place): void {
    const { region } = values.level;
    const body = new Body(region);
    const inputs = step.inputs.map((local) => values.get(local));
    const formals = step.formals.map(({ hint, type }) => body.input(hint ?? 'item', values.sizes.type(type)));
    const captures = new Captures([body]);
    const inside = values.at(values.level.inside('scan', body, captures));
    this.#bind(step.formals, formals, inside);
    this.#body(step.body, body, inside, place, step);
    if (this.#full) return;
    const made = region.scan([...inputs, ...captures.values], step.steps, body, typesOf(step, values.sizes), origin(place, step.span));
    this.#bind(step.outputs, made, values);
    this.#checkTensors(step.outputs, step.span);
    this.#count(step.span);
  }

  #body({ steps, results }: StepBody, body: Body, values: Tensors, place: Place, { outputs, span }: ControlStep): void {
    const { bodyDepth: limit } = this.#limits;
    if (values.level.depth > limit && !this.#full) {
      this.#full = true;
      this.#report.add('control-flow-depth', span, { limit });
    }
    this.#steps(steps, values, place);
    if (this.#full) return;
    for (const [i, value] of this.#results(results, values).entries()) body.output(outputs[i]?.hint ?? `result_${i}`, value);
  }

  #noteVariable(local: Local, values: Tensors, { path }: Place): void {
    const value = values.find(local);
    if (local.hint !== undefined && value !== undefined && value.source.kind === 'node')
      this.#taps.note(path, local.hint, value, values.level);
  }

  /** Makes the sizes that come into being with the results of a step. */
  #makeSizes(results: readonly Local[], sizes: PlaceSizes): void {
    for (const made of sizes.takeUnmade(results.map(({ type }) => type)))
      sizes.set(made.name, this.#newSizes.adopt(made, sizes.nameOf(made), made.span, sizes.all).size);
  }

  /** The result of a labeled layer has the name of the label; of several results, each has a name below it. */
  #noteResults(instance: Instance, results: readonly Value[], { path }: Place, level: Level): void {
    const outputs = ownOutputs(instance);
    for (const [i, value] of results.slice(0, outputs.length).entries())
      if (outputs.length === 1) this.#taps.note(path.slice(0, -1), path.at(-1) ?? '', value, level);
      else this.#taps.note(path, outputs[i]?.name ?? String(i), value, level);
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

  /** A parameter as it is read at a level. */
  #weight(name: string, spec: ParameterSpec, place: Place, level: Level): Value {
    return level.read(this.#parameter(name, spec, place), this.outermost);
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
    const parameter = this.#all.get(name) ?? { name, type: spec.type, init: spec.init, trainable: spec.trainable, span };
    this.#all.set(name, parameter);
    const value = this.#graph.parameter(parameter);
    this.#parameters.set(name, { value, span, owner });
    return value;
  }

  #reportDuplicate(name: string, span: Span, first: Span): void {
    if (this.#blamed.has(span)) return;
    this.#blamed.add(span);
    this.#report.add('duplicate-parameter', span, { name }, { notes: [{ span: first, text: 'first used here' }] });
  }

  #bind(locals: readonly Local[], made: readonly Value[], values: Tensors): void {
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
    for (const { type } of outputs) {
      if (!elementsBeyond(type.shape, limit)) continue;
      this.#report.add('tensor-too-large', span, { shape: showShape(type.shape), limit });
      return;
    }
  }

  #count(span: Span): void {
    this.nodes++;
    if (this.nodes <= this.#limits.graphNodes || this.#full) return;
    this.#full = true;
    this.#report.add('too-many-nodes', span, { limit: this.#limits.graphNodes });
  }
}

function typesOf({ outputs }: { readonly outputs: readonly Local[] }, sizes: PlaceSizes): readonly TensorType[] {
  return outputs.map((local) => sizes.type(local.type));
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

function mapInput(input: StepInput, map: (local: Local) => Value): Value | readonly Value[] | undefined {
  if (input === undefined) return undefined;
  return 'type' in input ? map(input) : input.map(map);
}
