import type { CheckedEntry, CheckedModel } from '../2-check/checked-model.js';
import { InternalError } from '../diagnostics/internal-error.js';
import type { Report } from '../diagnostics/report.js';
import { Dim } from '../dims/dim.js';
import { essentialFacts } from '../dims/essential-facts.js';
import type { Fact } from '../dims/fact.js';
import { boundsOf, type NewSize } from '../dims/new-size.js';
import type { Limits } from '../limits.js';
import { cast } from '../ops/elementwise/cast.js';
import { only } from '../ops/only.js';
import { type DType, isFloat } from '../ops/types.js';
import { Elaboration, type Shared } from './elaboration.js';
import { Graph, type Origin, type Value } from './graph.js';
import { inputRanges } from './input-ranges.js';
import { Tensors } from './level.js';
import type { Parameter } from './parameter.js';
import type { Place } from './place.js';
import { PlaceSizes } from './place-sizes.js';
import type { Program, ProgramEntry } from './program.js';
import { GraphStates, States } from './states.js';
import { Patterns, Taps } from './taps.js';

export interface ElaborateOptions {
  /** Inputs and outputs of the build's float type have this type instead, and are converted inside. */
  readonly edge?: DType | undefined;
  /** Patterns of inner values that are outputs, too: `layers[*].attn.scores`. A pattern that matches nothing is reported. */
  readonly taps?: readonly string[] | undefined;
}

/**
 * Unfolds a checked model into a graph for each entry: every call of a typed body is copied to its place, and its parameters and states
 * get the names of the labels along the way. Reports parameters and states whose names collide, and graphs beyond the limit.
 */
export function elaborate(model: CheckedModel, report: Report, limits: Limits, options: ElaborateOptions = {}): Program {
  const states = new States(report);
  const taps = new Patterns(options.taps ?? []);
  const parameters = new Map<string, Parameter>();
  const entries = model.entries.map((checked): ProgramEntry => {
    const graph = new Graph(model.entries.length === 1 ? model.name : `${model.name}.${checked.name}`, checked.doc ?? model.doc);
    unfoldEntry(model, checked, graph, { report, limits, edge: options.edge, taps, states, parameters });
    return { name: checked.name, checked, graph, ranges: inputRanges(graph) };
  });
  if (!report.hasErrors) {
    states.reportNeverSet();
    taps.reportUnmatched(report, model.span, model.name);
  }
  return { name: model.name, entries };
}

interface Unfolding extends Shared {
  readonly edge: DType | undefined;
  readonly taps: Patterns;
  readonly states: States;
}

function unfoldEntry(model: CheckedModel, entry: CheckedEntry, graph: Graph, unfolding: Unfolding): void {
  const { report, limits, edge } = unfolding;
  const taps = new Taps(unfolding.taps);
  const states = new GraphStates(unfolding.states, graph, report);
  const elaboration = new Elaboration(graph, entry, unfolding, taps, states);
  const convert = (value: Value, dtype: DType): Value => {
    const origin: Origin = { path: [], kinds: [model.name], span: entry.span };
    return value.type.dtype === dtype ? value : only(graph.op(cast, [value], { dtype }, [{ ...value.type, dtype }], origin));
  };
  const declared = [...entry.inputs];
  const inputs = entry.instance.inputs.map((local, i) => {
    if (local === undefined) return undefined;
    const dtype = declared.shift()?.isBuildFloat === true ? edge : undefined;
    const input = graph.input(local.hint ?? `input_${i}`, { ...local.type, dtype: dtype ?? local.type.dtype });
    return convert(input, local.type.dtype);
  });
  const sizes = new PlaceSizes(entry.instance);
  const top: Place = { prefix: '', path: [], kinds: [model.name], renames: new Map(), uses: [] };
  const outputs = elaboration.unfold(entry.instance, inputs, top, new Tensors(elaboration.outermost, sizes));
  for (const [i, output] of entry.outputs.entries()) {
    const value = outputs[i];
    // Unfolding stops at the limit of nodes, which was reported.
    if (value === undefined && report.hasErrors) continue;
    if (value === undefined) throw new InternalError(`output ${output.name} was not made`);
    const dtype = (output.isBuildFloat ? edge : undefined) ?? output.type.dtype;
    graph.output(output.name, convert(value, dtype), { ...sizes.type(output.type), dtype });
  }
  states.addTo(graph, () => namesOf(graph));
  if (!report.hasErrors)
    taps.addTo(graph, (value) => convert(value, isFloat(value.type.dtype) ? (edge ?? value.type.dtype) : value.type.dtype));
  graph.newSizes = elaboration.newSizes;
  for (const made of graph.newSizes) graph.facts = graph.facts.bound(made.name, boundsOf(made));
  graph.stated = [...entry.facts.map(({ fact }) => fact), ...graph.newSizes.flatMap(mayBeEmpty)];
  for (const fact of graph.stated) graph.facts = graph.facts.assume(fact);
  graph.open = essentialFacts(
    entry.residuals.flatMap(({ facts }) => [...facts.values()]),
    graph.facts,
  );
  for (const fact of graph.open) graph.facts = graph.facts.assume(fact);
  if (!report.hasErrors) states.reportUneven(graph.facts);
  const count = elaboration.nodes;
  if (count >= limits.manyNodes && !report.hasErrors) report.add('many-nodes', entry.span, { count, limit: limits.manyNodes });
}

/** The names of everything that enters or leaves a graph. */
function namesOf(graph: Graph): readonly string[] {
  return [...graph.inputs, ...graph.parameters].map(({ hint }) => hint ?? '').concat(graph.outputs.map(({ name }) => name));
}

/** A size that only states have is 0 in the first call of one that starts empty. */
function mayBeEmpty({ by, size }: NewSize): readonly Fact[] {
  return by === 'state' ? [{ kind: 'at-least', left: size, right: Dim.zero }] : [];
}
