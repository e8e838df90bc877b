import { parametersOf } from '../2-check/parameters-of.js';
import type { CheckedModel, Instance, Step, StepInput } from '../2-check/program.js';
import type { Local, ParameterSpec, SharedInstance } from '../2-check/values.js';
import { InternalError } from '../diagnostics/internal-error.js';
import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import type { Limits } from '../limits.js';
import type { Shape } from '../ops/types.js';
import { Graph, type Origin, type Value } from './graph.js';
import { onnxCall, onnxNode } from './onnx-node.js';

/** Where in the model a body is being unfolded. */
interface Place {
  /** Dot-joined parameter prefix with its final dot; empty at the top. */
  readonly prefix: string;
  readonly path: readonly string[];
  readonly kinds: readonly string[];
  /** The innermost use in a file of the user's. */
  readonly use?: Span;
  /** The outermost shared layer that this is inside of: its parameters are made once. */
  readonly owner?: SharedInstance;
}

/**
 * Unfolds a checked model into one graph: every call of a typed body is copied to where it stands, and its parameters get the names of the labels
 * on the way. Reports parameters that meet under one name, and graphs beyond the limit.
 */
export function elaborate(model: CheckedModel, report: Report, limits: Limits): Graph {
  const graph = new Graph(model.name, model.doc);
  const elaboration = new Elaboration(graph, report, limits);
  const inputs = model.instance.inputs.map((local, i) =>
    local === undefined ? undefined : graph.input(local.hint ?? `input_${i}`, local.type),
  );
  const outputs = elaboration.unfold(model.instance, inputs, { prefix: '', path: [], kinds: [model.name] });
  for (const [i, output] of model.outputs.entries()) {
    const value = outputs[i];
    // Past the limit of nodes, which was reported, unfolding stops where it is.
    if (value === undefined && report.hasErrors) continue;
    if (value === undefined) throw new InternalError(`output ${output.name} was not made`);
    graph.output(output.name, value, output.type);
  }
  for (const { fact } of model.facts) graph.facts = graph.facts.assume(fact);
  graph.open = model.residuals.flatMap(({ facts }) => [...facts.values()]);
  const count = graph.nodes.length;
  if (count >= limits.manyNodes && !report.hasErrors) report.add('many-nodes', model.span, { count, limit: limits.manyNodes });
  return graph;
}

class Elaboration {
  readonly #graph: Graph;
  readonly #report: Report;
  readonly #limits: Limits;
  readonly #parameters = new Map<string, { readonly value: Value; readonly span: Span; readonly owner: SharedInstance | undefined }>();
  /** Where shared layers live; inner scopes see those of the outer ones. */
  readonly #shared = new Map<SharedInstance, Place>();
  /** Uses whose parameters meet others of the same name: said of the first of them. */
  readonly #blamed = new Set<Span>();
  #full = false;
  /** The bodies by which the parameters of a shared layer were made, by its place. */
  readonly #claimed = new Map<string, Set<Instance>>();

  constructor(graph: Graph, report: Report, limits: Limits) {
    this.#graph = graph;
    this.#report = report;
    this.#limits = limits;
  }

  unfold(instance: Instance, inputs: readonly (Value | undefined)[], place: Place): readonly Value[] {
    const values = new Map<Local, Value>();
    for (const [i, local] of instance.inputs.entries()) {
      const value = inputs[i];
      if (local !== undefined && value !== undefined) values.set(local, value);
    }
    for (const step of instance.steps) {
      if (this.#full) break;
      this.#step(step, values, place);
    }
    return instance.outputs.map((output) => (this.#full ? (values.get(output.local) as Value) : at(values, output.local)));
  }

  #step(step: Step, values: Map<Local, Value>, place: Place): void {
    switch (step.kind) {
      case 'constant':
        values.set(step.output, this.#graph.constant(step.array));
        return;
      case 'parameter':
        values.set(step.output, this.#parameter(place.prefix + step.name, step.parameter, place));
        return;
      case 'bind':
        this.#shared.set(step.instance, { owner: step.instance, ...inner(place, step.instance.label, undefined) });
        return;
      case 'weight': {
        const home = this.#home(step.instance);
        values.set(step.output, this.#parameter(home.prefix + step.name, step.parameter, home));
        return;
      }
      case 'op': {
        const inputs = step.inputs.map((input) => mapInput(input, (local) => at(values, local)));
        this.#bind(
          step.outputs,
          this.#graph.node(
            step.op,
            inputs,
            step.attrs,
            step.outputs.map((o) => o.type),
            origin(place, step.span),
          ),
          values,
        );
        this.#checkTensors(step.outputs, step.span);
        this.#count(step.span);
        return;
      }
      case 'onnx': {
        const inputs = step.inputs.map((local) => (local === undefined ? undefined : at(values, local)));
        const attrs = onnxCall({ opType: step.opType, domain: step.domain, attrs: step.attrs, given: inputs.map((v) => v !== undefined) });
        const given = inputs.filter((v) => v !== undefined);
        this.#bind(
          step.outputs,
          this.#graph.node(
            onnxNode,
            [given],
            attrs,
            step.outputs.map((o) => o.type),
            origin(place, step.span),
          ),
          values,
        );
        this.#checkTensors(step.outputs, step.span);
        this.#count(step.span);
        return;
      }
      case 'call': {
        const inputs = step.inputs.map((local) => (local === undefined ? undefined : at(values, local)));
        const { scope, instance } = step;
        const target =
          scope.kind === 'none'
            ? place
            : scope.kind === 'label'
              ? inner(place, scope.label, instance.kind)
              : { ...this.#home(scope.instance), kinds: [...this.#home(scope.instance).kinds, instance.kind] };
        const inside = { ...place, ...target, ...(isStandard(step.span) ? {} : { use: step.span }) };
        if (scope.kind === 'shared') this.#claim(instance, inside);
        this.#bind(step.outputs, this.unfold(instance, inputs, inside), values);
      }
    }
  }

  #home(instance: SharedInstance): Place {
    const home = this.#shared.get(instance);
    if (home === undefined) throw new InternalError(`the shared layer ${instance.label} is used before it is bound`);
    return home;
  }

  /** Makes the parameters of a shared layer on its first use, so that later uses find them. */
  #claim(instance: Instance, home: Place): void {
    const bodies = this.#claimed.get(home.prefix) ?? new Set();
    this.#claimed.set(home.prefix, bodies);
    if (bodies.has(instance)) return;
    bodies.add(instance);
    for (const [name, spec] of parametersOf(instance.steps)) this.#parameter(home.prefix + name, spec, home);
  }

  #parameter(name: string, spec: ParameterSpec, { use, owner }: Place): Value {
    const span = isStandard(spec.span) && use !== undefined ? use : spec.span;
    const known = this.#parameters.get(name);
    if (known !== undefined) {
      const reused = owner !== undefined && owner === known.owner;
      if (!reused && !this.#blamed.has(span)) {
        this.#blamed.add(span);
        this.#report.add('duplicate-parameter', span, { name }, { notes: [{ span: known.span, text: 'first used here' }] });
      }
      return known.value;
    }
    this.#checkParameter(name, spec, span);
    const value = this.#graph.parameter({ name, type: spec.type, init: spec.init, trainable: spec.trainable, span });
    this.#parameters.set(name, { value, span, owner });
    return value;
  }

  #bind(locals: readonly Local[], made: readonly Value[], values: Map<Local, Value>): void {
    for (const [i, local] of locals.entries()) {
      const value = made[i];
      if (value !== undefined) values.set(local, value);
    }
  }

  #checkParameter(name: string, { type }: ParameterSpec, span: Span): void {
    const { parameterElements: limit } = this.#limits;
    if (elementsBeyond(type.shape, limit)) this.#report.add('parameter-too-large', span, { name, shape: showShape(type.shape), limit });
  }

  #checkTensors(outputs: readonly Local[], span: Span): void {
    const { tensorElements: limit } = this.#limits;
    const tooLarge = outputs.find(({ type }) => elementsBeyond(type.shape, limit));
    if (tooLarge !== undefined) this.#report.add('tensor-too-large', span, { shape: showShape(tooLarge.type.shape), limit });
  }

  #count(span: Span): void {
    if (this.#graph.nodes.length <= this.#limits.graphNodes || this.#full) return;
    this.#full = true;
    this.#report.add('too-many-nodes', span, { limit: this.#limits.graphNodes });
  }
}

function at(values: ReadonlyMap<Local, Value>, local: Local): Value {
  const value = values.get(local);
  if (value === undefined)
    throw new InternalError(`a tensor${local.hint === undefined ? '' : ` (${local.hint})`} is used before it is made`);
  return value;
}

/** Whether a shape has more elements than `limit`, as far as that is certain: an open size may be 1. Never overflows. */
function elementsBeyond(shape: Shape, limit: number): boolean {
  let count = 1;
  for (const { constant } of shape) {
    if (constant === 0) return false;
    // The product is above any limit once it is rounded.
    count *= constant ?? 1;
  }
  return count > limit;
}

function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

function isStandard(span: Span): boolean {
  return span.file.startsWith('std/');
}

function inner(place: Place, label: string, kind: string | undefined): Place {
  return {
    prefix: `${place.prefix}${label}.`,
    path: [...place.path, label],
    ...(place.owner === undefined ? {} : { owner: place.owner }),
    kinds: kind === undefined ? place.kinds : [...place.kinds, kind],
  };
}

function origin(place: Place, span: Span): Origin {
  return { path: place.path, kinds: place.kinds, span };
}

function mapInput(input: StepInput, map: (local: Local) => Value): Value | readonly Value[] | undefined {
  if (input === undefined) return undefined;
  return 'type' in input ? map(input) : input.map(map);
}
