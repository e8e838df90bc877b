import type { Graph, Node, Value } from '../../src/3-graph/graph.js';
import { GraphBuilder } from '../../src/3-graph/graph-builder.js';
import { regionsIn } from '../../src/3-graph/regions.js';
import { differentiate } from '../../src/4-train/differentiate.js';
import type { GroupOf } from '../../src/4-train/recompute.js';
import { optimize } from '../../src/5-optimize/pipeline.js';
import type { CompileOptions } from '../../src/compile.js';
import { Dim } from '../../src/dims/dim.js';
import { holdsAt } from '../../src/dims/witness.js';
import { type CoreCall, EvalBuilder } from '../../src/ops/evaluate.js';
import { nth } from '../../src/ops/only.js';
import { type DType, isFloat, type NdArray } from '../../src/ops/types.js';
import type { Sum } from '../kit/central-difference.js';
import { evaluateGraph } from '../kit/evaluate-graph.js';
import { Draw } from './draw.js';
import { holds } from './execute.js';
import { openGraph } from './open-graph.js';
import type { Sizes } from './size.js';

/** A program to differentiate, with its sizes and data. */
export interface GradientProgram {
  readonly files: Readonly<Record<string, string>>;
  readonly options: CompileOptions;
  readonly seed: number;
  readonly sizes: Sizes;
  /** Data for an input of the model. */
  readonly data: (name: string, dtype: DType, shape: readonly number[]) => NdArray;
}

/** A graph that gives the gradients of a sum of its outputs, and what it is run on. */
export interface GradientGraph {
  readonly graph: Graph;
  readonly given: ReadonlyMap<Value, NdArray>;
  /** The names of the inputs and stored tensors with a gradient, by the names of the outputs that are these. */
  readonly gradients: ReadonlyMap<string, string>;
}

/** Evaluates a graph again and again; what `stop_gradient` gives is what it gave the first time, as the gradient takes it for constant. */
class WithStops extends EvalBuilder {
  /** Whether something has no value, as the variance of one sample. */
  sawNaN = false;
  readonly #stopped: (readonly NdArray[])[] = [];
  #next = 0;

  restart(): void {
    this.#next = 0;
  }

  protected override onCore(call: CoreCall): CoreCall {
    this.sawNaN ||= call.outputs.some(({ data }) => data.some(Number.isNaN));
    if (call.op.name !== 'stop_gradient') return call;
    this.#stopped[this.#next] ??= call.outputs.map((output) => ({ ...output, data: output.data.slice() }));
    return { ...call, outputs: nth(this.#stopped, this.#next++) };
  }
}

/**
 * The sum of the outputs of a random program that depend on it: those with a size that is known before the run by random weights, the others by a sine. What is not finite
 * is left out.
 */
export class GradientCase {
  readonly forward: Graph;
  readonly data = new Map<string, NdArray>();
  /** The outputs that count, and their weights. */
  readonly #weights: readonly (NdArray | 'sine' | undefined)[];
  readonly #sizes: ReadonlyMap<string, Dim>;
  readonly #program: GradientProgram;
  readonly #given: ReadonlyMap<Value, NdArray>;
  readonly #evaluation = new WithStops();

  /** Undefined for a program that is refused, that computes something without a value, or that has no output to be differentiated. */
  static of(program: GradientProgram): GradientCase | undefined {
    const forward = openGraph(program.files, program.options);
    if (forward === undefined || callsOnnx(forward)) return undefined;
    if (!forward.open.every((fact) => holds(() => holdsAt(fact, program.sizes)))) return undefined;
    const one = new GradientCase(program, forward);
    return one.#evaluation.sawNaN || one.#weights.every((weight) => weight === undefined) ? undefined : one;
  }

  private constructor(program: GradientProgram, forward: Graph) {
    this.forward = forward;
    this.#program = program;
    this.#sizes = new Map([...program.sizes].map(([name, size]) => [name, Dim.of(size)]));
    const draw = new Draw(program.seed + 3);
    for (const value of forward.inputs) this.data.set(nameOf(value), program.data(nameOf(value), value.type.dtype, this.#shapeOf(value)));
    for (const value of forward.parameters) this.data.set(nameOf(value), drawnWeight(value, this.#shapeOf(value), draw));
    this.#given = this.#givenTo(forward);
    const values = forward.outputs.map(({ value }) => value);
    this.#weights = this.outputs().map((array, i) => {
      const value = nth(values, i);
      if (!isFloat(value.type.dtype) || values.indexOf(value) < i || !array.data.every((x) => Math.abs(x) < 1e6)) return undefined;
      if (isSizedByData(forward, value)) return 'sine';
      return { ...array, data: array.data.map(() => Math.fround(2 * draw.number() - 1)) };
    });
  }

  /** The names of what is differentiated with respect to. */
  get sources(): readonly string[] {
    return [...this.forward.inputs, ...this.forward.parameters].flatMap((value) => (isFloat(value.type.dtype) ? [nameOf(value)] : []));
  }

  outputs(): readonly NdArray[] {
    this.#evaluation.restart();
    return evaluateGraph(this.#evaluation, this.forward, this.#given, this.#sizes);
  }

  /** What is differentiated, for the data as they are now. */
  sum(): Sum {
    let total = 0;
    let magnitude = 0;
    for (const [i, { data }] of this.outputs().entries()) {
      const weight = this.#weights[i];
      if (weight === undefined) continue;
      for (const [k, x] of data.entries()) {
        const part = weight === 'sine' ? Math.sin(x) : x * (weight.data[k] as number);
        total += part;
        magnitude += weight === 'sine' ? Math.max(1, Math.abs(x)) : Math.abs(part);
      }
    }
    return { total, magnitude };
  }

  /** Writes the gradients into a separate graph. Groups of nodes are computed again if `recomputed` says so. */
  differentiated(onMissing: (node: Node) => void, recomputed?: GroupOf): GradientGraph {
    const graph = openGraph(this.#program.files, this.#program.options) as Graph; // it was accepted before
    const from = new Map<Value, Value>();
    const weights = new Map<string, NdArray>();
    const outputs = [...graph.outputs];
    for (const [i, { value }] of outputs.entries()) {
      const weight = this.#weights[i];
      if (weight === undefined) continue;
      if (weight === 'sine') {
        const origin = { path: [], kinds: ['M'], span: undefined };
        from.set(value, new GraphBuilder(graph, origin).op('cos', [value]));
        continue;
      }
      from.set(value, graph.input(`weight_${i}`, value.type));
      weights.set(`weight_${i}`, weight);
    }
    const sources = [...graph.inputs, ...graph.parameters].filter((value) => isFloat(value.type.dtype) && !weights.has(nameOf(value)));
    const found = differentiate(graph, { from, of: sources, recomputed, onMissing });
    const gradients = new Map<string, string>();
    for (const [value, gradient] of found) {
      const name = `gradient_${gradients.size}`;
      graph.output(name, gradient, value.type);
      gradients.set(name, nameOf(value));
    }
    for (const parameter of [...graph.parameters]) graph.toInput(parameter);
    optimize(graph, { fused: false });
    return { graph, given: this.#givenTo(graph, weights), gradients };
  }

  /** The outputs of a graph with gradients, by name. */
  evaluate({ graph, given }: GradientGraph, g = new EvalBuilder(), change = (array: NdArray) => array): ReadonlyMap<string, NdArray> {
    const changed = new Map([...given].map(([value, array]) => [value, isFloat(array.dtype) ? change(array) : array]));
    const values = evaluateGraph(g, graph, changed, this.#sizes);
    return new Map(graph.outputs.map(({ name }, i) => [name, nth(values, i)]));
  }

  #givenTo(graph: Graph, more: ReadonlyMap<string, NdArray> = new Map()): ReadonlyMap<Value, NdArray> {
    const data = (name: string) => (more.get(name) ?? this.data.get(name)) as NdArray; // they were drawn for all inputs and parameters
    return new Map([...graph.inputs, ...graph.parameters].map((value) => [value, data(nameOf(value))]));
  }

  #shapeOf(value: Value): readonly number[] {
    return value.type.shape.map((size) => size.evaluate(this.#program.sizes));
  }
}

function nameOf({ hint }: Value): string {
  return hint ?? '';
}

/** Stored tensors begin as other numbers than in training, where many are 0 or 1: so are gradients with respect to others. Variances stay positive. */
function drawnWeight({ type, source }: Value, shape: readonly number[], draw: Draw): NdArray {
  const isTrained = source.kind === 'parameter' && source.parameter.trainable;
  const number = () => Math.fround(isTrained ? 2 * draw.number() - 1 : 0.5 + draw.number());
  return { dtype: type.dtype, shape, data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, number) };
}

function isSizedByData({ newSizes }: Graph, { type }: Value): boolean {
  const names = new Set(newSizes.map(({ name }) => name));
  return type.shape.some((size) => [...size.variables()].some((name) => names.has(name)));
}

/** The reference does not know the operators of ONNX, and they have no gradients. */
function callsOnnx(graph: Graph): boolean {
  return regionsIn(graph).some(({ nodes }) => [...nodes].some(({ kind }) => kind === 'onnx'));
}
