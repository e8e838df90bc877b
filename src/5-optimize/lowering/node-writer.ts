import type { Graph, Origin, Value } from '../../3-graph/graph.js';
import type { Parameter } from '../../3-graph/parameter.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import type { Dim } from '../../dims/dim.js';
import { factText } from '../../dims/fact-text.js';
import { roundTo } from '../../ops/nd/round.js';
import { nth } from '../../ops/only.js';
import type { OnnxAttr, OnnxBuilder, Target } from '../../ops/onnx-builder.js';
import { castNode } from '../../ops/onnx-cast.js';
import { nonconformities } from '../../ops/onnx-conformance.js';
import type { DType, NdArray, TensorType } from '../../ops/types.js';
import { fittingTypes } from './fit-types.js';
import { Names } from './names.js';
import type { OnnxGraph, OnnxNode, OnnxValue } from './onnx-graph.js';
import { RunTimeSizes } from './run-time-sizes.js';
import { vector } from './vector.js';
import { WrittenNodes } from './written-nodes.js';

/** A tensor of the ONNX graph under construction; graph outputs get their final name and type when the graph is finished. */
export interface OnnxVariable extends OnnxValue {
  name: string;
  type: TensorType;
}

const top: Origin = { path: [], kinds: [], span: undefined };

/** Collects the ONNX nodes of one graph; operators see it as an `OnnxBuilder`. */
export class NodeWriter implements OnnxBuilder<OnnxVariable> {
  readonly target: Target;
  readonly opset: number;
  readonly #graph: Graph;
  readonly #names = new Names();
  readonly #inputs: OnnxVariable[] = [];
  readonly #parameters: { parameter: Parameter; value: OnnxVariable }[] = [];
  readonly #constants = new Map<string, { value: OnnxVariable; array: NdArray }>();
  readonly #arrays = new Map<OnnxVariable, NdArray>();
  readonly #nodes = new WrittenNodes<OnnxVariable>();
  readonly #domains: Record<string, number> = {};
  readonly #sizes: RunTimeSizes<OnnxVariable>;
  #origin: Origin = top;

  constructor(graph: Graph, target: Target, opset: number) {
    this.#graph = graph;
    this.target = target;
    this.opset = opset;
    this.#sizes = new RunTimeSizes(this, () => this.#inputs);
    for (const { name } of graph.outputs) this.#names.take(name);
  }

  /** Sets the origin of the following nodes. */
  at(origin: Origin): void {
    this.#origin = origin;
  }

  input(value: Value): OnnxVariable {
    const variable = { name: this.#names.take(value.hint ?? 'input'), type: value.type };
    this.#inputs.push(variable);
    return variable;
  }

  parameter(value: Value): OnnxVariable {
    if (value.source.kind !== 'parameter') throw new TypeError('not a parameter');
    const { parameter } = value.source;
    const variable = { name: this.#names.take(parameter.name), type: parameter.type };
    this.#parameters.push({ parameter, value: variable });
    return variable;
  }

  type(value: OnnxVariable): TensorType {
    return value.type;
  }

  elements(value: OnnxVariable): NdArray | undefined {
    return this.#arrays.get(value);
  }

  node(
    opType: string,
    inputs: readonly (OnnxVariable | null | undefined)[],
    attrs: Readonly<Record<string, OnnxAttr | undefined>>,
    outputs: readonly (TensorType | null)[],
    domain = '',
  ): readonly OnnxVariable[] {
    const types = inputs.map((input) => input?.type);
    const fitting = domain === '' ? fittingTypes(opType, types, outputs, this.opset) : undefined;
    if (fitting === undefined) return this.verbatim(opType, inputs, attrs, outputs, domain);
    const wide = this.verbatim(
      opType,
      inputs.map((input, i) => input && this.#converted(input, fitting.input(i))),
      attrs,
      outputs.map((type, i) => (type === null ? null : { ...type, dtype: fitting.output(i) ?? type.dtype })),
    );
    return wide.map((value, i) => castNode(this, value, outputs[i]?.dtype ?? value.type.dtype));
  }

  #converted(value: OnnxVariable, dtype: DType | undefined): OnnxVariable {
    if (dtype === undefined) return value;
    const array = this.#arrays.get(value);
    return array === undefined ? castNode(this, value, dtype) : this.constant({ ...roundTo(array.dtype, array), dtype });
  }

  /** A node with the element types that it is given. */
  verbatim(
    opType: string,
    inputs: readonly (OnnxVariable | null | undefined)[],
    attrs: Readonly<Record<string, OnnxAttr | undefined>>,
    outputs: readonly (TensorType | null)[],
    domain = '',
  ): readonly OnnxVariable[] {
    const present: Record<string, OnnxAttr> = {};
    for (const [key, attr] of Object.entries(attrs)) if (attr !== undefined) present[key] = attr;
    const plan = this.#overTranspose({ opType, domain, inputs: withoutTrailingGaps(inputs), attrs: present });
    if ('same' in plan) return [plan.same];
    const key = this.#nodes.keyOf(
      plan,
      outputs.map((type) => (type === null ? '-' : `${type.dtype}[${type.shape.map((d) => d.key)}]`)).join(),
    );
    // Operators request only outputs to which they gave a type, so gaps are never read.
    return (this.#nodes.find(key) ?? this.#add(plan, outputs, domain, key)) as readonly OnnxVariable[];
  }

  #add(
    plan: Pick<OnnxNode, 'opType' | 'domain' | 'inputs' | 'attrs'>,
    outputs: readonly (TensorType | null)[],
    domain: string,
    key: string | undefined,
  ): readonly (OnnxVariable | null)[] {
    const { opType, inputs } = plan;
    const [problem] = nonconformities({ ...plan, inputs: inputs.map((value) => value?.type ?? null), outputs }, this.opset);
    if (problem !== undefined) throw new InternalError(problem);
    const name = this.#names.take(`/${[...this.#origin.path, opType].join('/')}`);
    const made = outputs.map((type, i) => (type === null ? null : { name: this.#names.take(`${name}_output_${i}`), type }));
    if (domain !== '') this.#domains[domain] = 1;
    const { path, kinds, span } = this.#origin;
    this.#nodes.add({ name, ...plan, outputs: withoutTrailingGaps(made), path, kinds, span }, made, key);
    return made;
  }

  /** Two consecutive transposes become one, or none if the second undoes the first. */
  #overTranspose<P extends Pick<OnnxNode, 'opType' | 'inputs' | 'attrs'>>(node: P): P | { readonly same: OnnxVariable } {
    const [input] = node.inputs;
    const inner = node.opType !== 'Transpose' || input === null || input === undefined ? undefined : this.#nodes.makerOf(input);
    const first = permOf(inner);
    const second = permOf(node);
    const source = inner?.inputs[0];
    if (first === undefined || second === undefined || source === undefined || source === null) return node;
    const ints = second.map((axis) => nth(first, axis));
    // Values that nodes read were made here, so they are variables.
    if (ints.every((from, to) => from === to)) return { same: source as OnnxVariable };
    return { ...node, inputs: [source], attrs: { perm: { ints } } };
  }

  constant(array: NdArray): OnnxVariable {
    const key = `${array.dtype} ${array.shape} ${Array.from(array.data, (n) => (Object.is(n, -0) ? '-0' : n)).join()}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known.value;
    const kind = array.shape.length === 0 ? 'scalar' : 'constant';
    const value = { name: this.#names.take(`${kind}_${this.#constants.size}`), type: vector.typeOf(array) };
    this.#constants.set(key, { value, array });
    this.#arrays.set(value, array);
    return value;
  }

  ints(values: readonly number[]): OnnxVariable {
    return this.constant(vector.ints(values));
  }

  scalar(value: number, dtype: DType): OnnxVariable {
    return this.constant({ dtype, shape: [], data: Float64Array.of(value) });
  }

  dims(sizes: readonly Dim[]): OnnxVariable {
    return this.#aside(() => this.#sizes.vector(sizes));
  }

  dim(size: Dim): OnnxVariable {
    return this.#aside(() => this.#sizes.scalar(size));
  }

  finish(outputs: readonly { readonly name: string; readonly type: TensorType; readonly value: OnnxVariable }[]): OnnxGraph {
    this.at(top);
    const named = new Set<OnnxValue>();
    const results: OnnxVariable[] = [];
    for (const { name, type, value } of outputs) {
      // An output that is an input, a weight or another output needs its own node to carry the name.
      const own = this.#nodes.makerOf(value) !== undefined && !named.has(value);
      const result = own ? value : this.#identity(value);
      result.name = name;
      result.type = type;
      named.add(result);
      results.push(result);
    }
    const nodes = this.#nodes.neededFor(results);
    // ONNX Runtime would warn about a buffer that only training reads, such as the batch count of batch norm.
    const read = new Set<OnnxValue | null>(nodes.flatMap((node) => node.inputs));
    return {
      name: this.#graph.name,
      doc: this.#graph.doc,
      inputs: this.#inputs,
      outputs: results,
      parameters: this.#parameters.filter(({ parameter, value }) => parameter.trainable || read.has(value)),
      constants: [...this.#constants.values()].filter(({ value }) => read.has(value)),
      nodes,
      facts: this.#graph.stated.map(factText),
      open: this.#graph.open.map(factText),
      opset: this.opset,
      domains: this.#domains,
    };
  }

  /** Never shared: two outputs with the same value need a node each. */
  #identity(value: OnnxVariable): OnnxVariable {
    const [copy] = this.#add({ opType: 'Identity', domain: '', inputs: [value], attrs: {} }, [value.type], '', undefined);
    return copy as OnnxVariable;
  }

  /** Sizes belong to the model, not to the layer that happens to ask first. */
  #aside<T>(make: () => T): T {
    const origin = this.#origin;
    this.#origin = { path: ['sizes'], kinds: [origin.kinds[0] ?? '', 'sizes'], span: origin.span };
    const made = make();
    this.#origin = origin;
    return made;
  }
}

/** Which axis of its input each axis of a Transpose is. */
function permOf(node: Pick<OnnxNode, 'opType' | 'attrs'> | undefined): readonly number[] | undefined {
  const perm = node?.opType === 'Transpose' ? node.attrs.perm : undefined;
  return perm !== undefined && 'ints' in perm ? perm.ints : undefined;
}

function withoutTrailingGaps<T>(list: readonly (T | null | undefined)[]): readonly (T | null)[] {
  const full = list.map((item) => item ?? null);
  while (full.length > 0 && full.at(-1) === null) full.pop();
  return full;
}
