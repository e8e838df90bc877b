import type { Origin, Region, Value } from '../../3-graph/graph.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import type { Dim } from '../../dims/dim.js';
import { roundTo } from '../../ops/nd/round.js';
import { only } from '../../ops/only.js';
import type { OnnxAttr, OnnxBuilder, OnnxTarget } from '../../ops/onnx-builder.js';
import { castNode } from '../../ops/onnx-cast.js';
import { nonconformities } from '../../ops/onnx-conformance.js';
import type { Target } from '../../ops/targets.js';
import type { DType, NdArray, TensorType } from '../../ops/types.js';
import { fittingTypes } from './fit-types.js';
import { RunTimeSizes } from './run-time-sizes.js';
import { vector } from './vector.js';

const top: Origin = { path: [], kinds: [], span: undefined };

/** Writes ONNX nodes at the end of a graph or body; to operators it is an `OnnxBuilder`. */
export class OnnxWriter implements OnnxBuilder<Value> {
  readonly target: Target;
  readonly opset: number;
  readonly #region: Region;
  readonly #constants = new Map<string, Value>();
  readonly #made: readonly string[];
  readonly #sizes: RunTimeSizes<Value>;
  #origin: Origin = top;

  /** Sizes are computed from the inputs of the region, unless `outer` gives them. `made` are the names of those that come into being in the graph. */
  constructor(region: Region, { target, opset }: OnnxTarget, made: readonly string[], outer?: (sizes: readonly Dim[]) => Value) {
    this.#region = region;
    this.target = target;
    this.opset = opset;
    this.#made = made;
    this.#sizes = new RunTimeSizes<Value>(this, { inputs: () => region.inputs, made, outer });
  }

  /** A writer for a body in this region. Sizes are computed here, once for all bodies, and are captured by them, except those that come into being in the body. */
  inside(body: Region, capture: (value: Value) => Value): OnnxWriter {
    return new OnnxWriter(body, this, this.#made, (sizes) => capture(this.dims(sizes)));
  }

  /** Sets the origin of the following nodes. */
  at(origin: Origin): void {
    this.#origin = origin;
  }

  /** Tells the sizes of the model about a result of one of its operators. */
  note(value: Value): void {
    this.#sizes.note(value);
  }

  type(value: Value): TensorType {
    return value.type;
  }

  elements({ source }: Value): NdArray | undefined {
    return source.kind === 'constant' ? source.array : undefined;
  }

  /** A node in the given element types, or in wider ones between casts if the opset does not define it for them. */
  node(
    opType: string,
    inputs: readonly (Value | null | undefined)[],
    attrs: Readonly<Record<string, OnnxAttr | undefined>>,
    outputs: readonly TensorType[],
    domain = '',
  ): readonly Value[] {
    const types = inputs.map((input) => input?.type);
    const fitting = domain === '' ? fittingTypes(opType, types, outputs, this.opset) : undefined;
    if (fitting === undefined) return this.verbatim(opType, inputs, attrs, outputs, domain);
    const wide = this.verbatim(
      opType,
      inputs.map((input, i) => input && this.#converted(input, fitting.input(i))),
      attrs,
      outputs.map((type, i) => ({ ...type, dtype: fitting.output(i) ?? type.dtype })),
    );
    return wide.map((value, i) => castNode(this, value, outputs[i]?.dtype ?? value.type.dtype));
  }

  #converted(value: Value, dtype: DType | undefined): Value {
    if (dtype === undefined) return value;
    const array = this.elements(value);
    return array === undefined ? castNode(this, value, dtype) : this.constant({ ...roundTo(array.dtype, array), dtype });
  }

  /** A node in the given element types. */
  verbatim(
    opType: string,
    inputs: readonly (Value | null | undefined)[],
    attrs: Readonly<Record<string, OnnxAttr | undefined>>,
    outputs: readonly TensorType[],
    domain = '',
  ): readonly Value[] {
    const present: Record<string, OnnxAttr> = {};
    for (const [key, attr] of Object.entries(attrs)) if (attr !== undefined) present[key] = attr;
    const given = inputs.map((input) => input ?? undefined);
    while (given.length > 0 && given.at(-1) === undefined) given.pop();
    const call = { opType, domain, attrs: present };
    const [problem] = nonconformities({ ...call, inputs: given.map((value) => value?.type ?? null), outputs }, this.opset);
    if (problem !== undefined) throw new InternalError(problem);
    return this.#region.onnx(call, given, outputs, this.#origin);
  }

  constant(array: NdArray): Value {
    const key = `${array.dtype} ${array.shape} ${Array.from(array.data, (n) => (Object.is(n, -0) ? '-0' : n)).join()}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const value = this.#region.constant(array);
    this.#constants.set(key, value);
    return value;
  }

  ints(values: readonly number[]): Value {
    return this.constant(vector(values));
  }

  scalar(value: number, dtype: DType): Value {
    return this.constant({ dtype, shape: [], data: Float64Array.of(value) });
  }

  dims(sizes: readonly Dim[]): Value {
    const numbers = sizes.map((size) => size.constant);
    if (numbers.every((n) => n !== undefined)) return this.ints(numbers);
    return this.#aside(() => this.#sizes.vector(sizes));
  }

  dim(size: Dim): Value {
    if (size.constant !== undefined) return this.scalar(size.constant, 'i64');
    const vector = this.dims([size]);
    return this.#aside(() => only(this.node('Gather', [vector, this.scalar(0, 'i64')], {}, [{ dtype: 'i64', shape: [] }])));
  }

  /** Sizes belong to the model, not to the layer that happens to ask first. */
  #aside<T>(make: () => T): T {
    const origin = this.#origin;
    this.#origin = { ...origin, path: ['sizes'], kinds: [origin.kinds[0] ?? '', 'sizes'] };
    const made = make();
    this.#origin = origin;
    return made;
  }
}
