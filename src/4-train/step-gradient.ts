import { copyInto } from '../3-graph/copy.js';
import { Body, inputValues, type Node, type Region, type ScanNode, type Value } from '../3-graph/graph.js';
import { GraphBuilder } from '../3-graph/graph-builder.js';
import { removeUnused } from '../3-graph/remove-unused.js';
import { nth } from '../ops/only.js';
import { isFloat } from '../ops/types.js';
import type { UseOfNode } from './gradients.js';

/** An input or output of a scan by its number, and a value of the draft. */
export interface Numbered {
  readonly index: number;
  readonly value: Value;
}

/** A value of one step that the gradient reads, and the input of the draft that stands for it. */
export interface Kept {
  readonly original: Value;
  readonly value: Value;
}

/** The gradient of one step of a scan, in a body whose inputs are in no particular order. */
export interface StepGradient {
  readonly draft: Body;
  /** For each float carry, the gradient of its value after the step, which is an input, and of its value before the step. */
  readonly carries: readonly { readonly index: number; readonly after: Value; readonly before: Value }[];
  /** The gradients of what the step emits: inputs. */
  readonly emits: readonly Numbered[];
  /** The slices of operands and the captured values that it reads: inputs. */
  readonly slices: readonly Numbered[];
  readonly captures: readonly Numbered[];
  readonly kept: readonly Kept[];
  /** The gradients of slices and captured values that are wanted: results. */
  readonly ofSlices: readonly Numbered[];
  readonly ofCaptures: readonly Numbered[];
}

/** Writes the gradient of one step: a copy of the step, followed by its gradient, without what the step itself can keep. */
export function stepGradient(region: Region, node: ScanNode, { dy, isWanted, onMissing, differentiate }: UseOfNode): StepGradient {
  const [body] = node.bodies;
  const { carries, operandAxes } = node.steps;
  const draft = new Body(region);
  const g = new GraphBuilder(draft, node.origin);
  const values = new Map(body.inputs.map((value) => [value, draft.input(value.hint ?? 'value', value.type)]));
  const formals = [...values.values()];
  const results = copyInto(draft, body, values);
  const copied = new Set(draft.nodes);

  const from = new Map<Value, Value>();
  const seed = (index: number): Value => {
    const result = nth(results, index);
    const gradient = draft.input('gradient', result.type);
    const before = from.get(result);
    from.set(result, before === undefined ? gradient : g.add(before, gradient));
    return gradient;
  };
  const floats = [...node.outputs.keys()].filter((i) => isFloat(nth(node.outputs, i).type.dtype));
  const after = floats.filter((i) => i < carries).map((index) => ({ index, value: seed(index) }));
  const emits = floats
    .filter((i) => i >= carries && dy(nth(node.outputs, i)) !== undefined)
    .map((index) => ({ index, value: seed(index) }));
  const given = inputValues(node);
  const wanted = [...given.keys()].filter((i) => (i < carries ? isFloat(nth(given, i).type.dtype) : isWanted(nth(given, i))));
  const found = differentiate(draft, { from, of: wanted.map((i) => nth(formals, i)), onMissing });
  const gradients = new Map(wanted.map((i) => [i, found.get(nth(formals, i)) ?? g.zerosLike(nth(formals, i))]));
  for (const [i, gradient] of gradients) draft.output(`gradient_${i}`, gradient);
  removeUnused(draft);

  const originals = new Map([...values].map(([original, copy]) => [copy, original]));
  const isKept = (copy: Value) => [...copy.users].some((user) => user.kind === 'output' || !copied.has(user));
  // Values that are the same in each step, such as a transposed weight, are not kept for each: they are computed again, once, before the scan.
  const firstCapture = carries + operandAxes.length;
  const isFixed = fixedNodes(copied, formals.slice(firstCapture));
  const kept: Kept[] = [];
  for (const copy of [...copied].filter((copy) => draft.nodes.has(copy) && !isFixed.has(copy)).flatMap(({ outputs }) => outputs)) {
    const original = originals.get(copy);
    if (original === undefined || !isKept(copy) || mentionsNewSize(region, copy)) continue;
    const value = draft.input(copy.hint ?? 'kept', copy.type);
    draft.replaceUses(copy, value);
    kept.push({ original, value });
  }
  removeUnused(draft);
  const isRead = ({ value }: Numbered) => value.users.size > 0;
  const numbered = formals.map((value, index) => ({ index, value }));
  const before = numbered.slice(0, carries).filter(isRead);
  return {
    draft,
    carries: after.map(({ index, value }) => ({ index, after: value, before: result(draft, wanted.indexOf(index)) })),
    emits,
    slices: numbered.slice(carries, firstCapture).filter(isRead),
    captures: numbered.slice(firstCapture).filter(isRead),
    kept: [...before.map(({ index, value }) => ({ original: nth(body.inputs, index), value })), ...kept],
    ofSlices: resultsIn(draft, wanted, carries, firstCapture),
    ofCaptures: resultsIn(draft, wanted, firstCapture, formals.length),
  };
}

/** The nodes that read nothing of a step: only constants, captured values, and each other. */
function fixedNodes(nodes: Iterable<Node>, captures: readonly Value[]): ReadonlySet<Node> {
  const known = new Set(captures);
  const found = new Set<Node>();
  for (const node of nodes) {
    const isPure = node.kind === 'op' && (node.op.effects ?? 'pure') === 'pure';
    if (!isPure || !inputValues(node).every((value) => value.source.kind === 'constant' || known.has(value))) continue;
    found.add(node);
    for (const value of node.outputs) known.add(value);
  }
  return found;
}

/** What an output of the draft gives now: some values were replaced by inputs. */
function result(draft: Body, place: number): Value {
  return nth(draft.outputs, place).value;
}

function resultsIn(draft: Body, wanted: readonly number[], start: number, end: number): readonly Numbered[] {
  return wanted.flatMap((index, place) => (index >= start && index < end ? [{ index, value: result(draft, place) }] : []));
}

/** Whether the data decide a size of a value, whose values of several steps cannot be stacked then. */
function mentionsNewSize({ newSizes }: Region, { type }: Value): boolean {
  if (newSizes.length === 0) return false;
  const made = new Set(newSizes.map(({ name }) => name));
  return type.shape.some((size) => [...size.variables()].some((name) => made.has(name)));
}
