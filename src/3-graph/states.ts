import type { SharedInstance, StateSpec, StateStart } from '../2-check/values/values.js';
import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import { decideEqual } from '../dims/decide.js';
import type { Dim } from '../dims/dim.js';
import type { Facts } from '../dims/facts.js';
import type { TensorType } from '../ops/types.js';
import { type Graph, Value } from './graph.js';

/** A tensor that is carried from call to call. All graphs of a program that have it mean the same one. */
export interface State {
  /** Its name in the source. */
  readonly name: string;
  /** The name of the graph input that takes its value before the call. */
  readonly input: string;
  /** The name of the graph output that gives its value after the call. */
  readonly output: string;
  /** The value before the first call. */
  readonly start: StateStart;
  /** Where it was declared; for a layer of the standard library, where the user uses it. */
  readonly span: Span;
}

/** A state in one graph: as an input where the graph reads it, as an output where it sets it. */
export interface StateInGraph {
  readonly state: State;
  /** What it is before the call; the output may have other sizes. */
  readonly type: TensorType;
  readonly isRead: boolean;
  readonly isSet: boolean;
}

/** What identifies a state across graphs: the same declaration in the same shared layer. */
interface Known {
  readonly state: State;
  readonly spec: StateSpec;
  readonly owner: SharedInstance | undefined;
  readonly graph: Graph;
  /** Its name below the labels around it, regardless of its name in the graph. */
  readonly path: string;
  isSet: boolean;
}

/** Where a state is unfolded. */
export interface StatePlace {
  /** Its name below the labels around it. */
  readonly nameOf: (name: string) => string;
  readonly owner: SharedInstance | undefined;
  readonly span: Span;
  /** The use of the layer that has it. */
  readonly use: Span;
  /** One unfolding of the body that declares it. */
  readonly body: object;
}

/** The states of a program. */
export class States {
  readonly #byInput = new Map<string, Known>();
  readonly #byOutput = new Map<string, Known>();
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  /** The state that a declaration refers to at a place. A name that belongs to another state is reported. */
  at(spec: StateSpec, { nameOf, owner, span }: StatePlace, graph: Graph): Known | undefined {
    const { naming } = spec;
    const input = naming.kind === 'full' ? naming.input : nameOf(naming.name);
    const output = naming.kind === 'full' ? naming.output : `${input}.next`;
    const known = this.#byInput.get(input);
    const path = nameOf(spec.name);
    if (known?.path === path && this.#isSame(known, spec, owner, graph)) return known;
    const other = known ?? this.#byOutput.get(output) ?? this.#byOutput.get(input) ?? this.#byInput.get(output);
    if (other !== undefined || input === output) {
      const notes = other === undefined ? [] : [{ span: other.state.span, text: 'the other one' }];
      this.#report.add(
        'state-name',
        span,
        {
          name: known === undefined ? output : input,
          what: input === output ? 'values' : 'states',
          isApart: other !== undefined && other.graph !== graph,
        },
        { notes },
      );
      return undefined;
    }
    const made: Known = { state: { name: spec.name, input, output, start: spec.start, span }, spec, owner, graph, path, isSet: false };
    this.#byInput.set(input, made);
    this.#byOutput.set(output, made);
    return made;
  }

  /** In one graph, the same declaration; in several, it must also be in a layer that they share. */
  #isSame(known: Known, spec: StateSpec, owner: SharedInstance | undefined, graph: Graph): boolean {
    const { file, start } = spec.span;
    if (known.spec.span.file !== file || known.spec.span.start !== start) return false;
    return known.graph === graph || (owner !== undefined && known.owner === owner);
  }

  /** Reports states that no graph sets. */
  reportNeverSet(): void {
    for (const { state, isSet, spec } of this.#byInput.values())
      if (!isSet) this.#report.add('state-never-set', state.span, { name: spec.name });
  }
}

/** The states of one graph while it is unfolded. */
export class GraphStates {
  readonly #states: States;
  readonly #graph: Graph;
  readonly #report: Report;
  readonly #here = new Map<Known, { readonly before: Value; readonly body: object; after: Value | undefined }>();

  constructor(states: States, graph: Graph, report: Report) {
    this.#states = states;
    this.#graph = graph;
    this.#report = report;
  }

  /** What a state is before the call. A second use of the layer that has it is reported, as is a loop that gives two states one name. */
  read(spec: StateSpec, type: TensorType, place: StatePlace): Value {
    const known = this.#states.at(spec, place, this.#graph);
    const name = known?.state.input ?? spec.name;
    const before = new Value(type, { kind: 'input', name }, name);
    if (known === undefined) return before;
    const here = this.#here.get(known);
    if (here === undefined) this.#here.set(known, { before, body: place.body, after: undefined });
    else if (here.body === place.body) this.#report.add('state-name', place.span, { name, what: 'states', isApart: false });
    else this.#report.add('state-applied-twice', place.use, { name: spec.name }, { notes: [{ span: spec.span, text: 'the state' }] });
    return before;
  }

  /** Says what a state is after the call. */
  set(spec: StateSpec, value: Value, place: StatePlace): void {
    const known = this.#states.at(spec, place, this.#graph);
    const here = known && this.#here.get(known);
    if (known === undefined || here === undefined) return;
    known.isSet = true;
    here.after = value;
  }

  /** Adds the inputs of the states that the graph reads, and the outputs of those that it sets. `names` are the names of all other inputs and outputs, which states must not use. */
  addTo(graph: Graph, names: () => readonly string[]): void {
    if (this.#here.size === 0) return;
    const taken = new Set(names());
    const claim = (name: string, span: Span, what: string): void => {
      if (taken.has(name)) this.#report.add('state-name', span, { name, what, isApart: false });
      taken.add(name);
    };
    // Values that only `next` reads do not have users yet: the outputs of states are made below.
    const kept = new Set([...this.#here.values()].map(({ after }) => after));
    for (const [{ state }, { before, after }] of this.#here) {
      const isRead = before.users.size > 0 || kept.has(before);
      if (isRead) {
        claim(state.input, state.span, 'values');
        graph.addInput(before);
      }
      if (after !== undefined) claim(state.output, state.span, 'values');
      graph.addState({ state, type: before.type, isRead, isSet: after !== undefined });
    }
    for (const [{ state }, { after }] of this.#here) if (after !== undefined) graph.output(state.output, after);
  }

  /**
   * Reports states that share a size before the call but not after it: in the next call, it would have to be two sizes. A state that a call does not set
   * keeps its size.
   */
  reportUneven(facts: Facts): void {
    const next = new Map<string, { readonly size: Dim; readonly name: string; readonly span: Span }>();
    for (const [{ state, spec }, { before, after = before }] of this.#here) {
      if (spec.start.kind !== 'empty') continue;
      for (const [axis, size] of before.type.shape.entries()) {
        const grown = after.type.shape[axis];
        if (size.constant !== undefined || grown === undefined) continue;
        const first = next.get(size.key);
        if (first === undefined) next.set(size.key, { size: grown, name: spec.name, span: state.span });
        else if (decideEqual(first.size, grown, facts).kind !== 'proved') {
          const notes = [{ span: first.span, text: `\`${first.name}\` has [.., ${first.size}, ..] there` }];
          const sizes = [String(first.size), String(grown)] as const;
          this.#report.add('states-apart', state.span, { names: [first.name, spec.name], size: String(size), sizes }, { notes });
          return;
        }
      }
    }
  }
}
