/// <reference types="node" />
import { readFileSync } from 'node:fs';
import type { Node, Origin } from '../../src/3-graph/graph.js';
import { GraphBuilder } from '../../src/3-graph/graph-builder.js';
import { differentiate } from '../../src/4-train/differentiate.js';
import { lowerToOnnx, optimize } from '../../src/5-optimize/pipeline.js';
import type { CompileOptions } from '../../src/compile.js';
import { ndArray } from '../../src/ops/nd/array.js';
import { roundNumber } from '../../src/ops/nd/round.js';
import { type DType, isFloat, type NdArray } from '../../src/ops/types.js';
import { evaluateGraph } from '../kit/evaluate-graph.js';
import { bytesOf } from '../kit/op-graph.js';
import { modelOf } from '../kit/source.js';
import { gradientsOn, Tape } from '../kit/tape.js';

interface StoredTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: readonly (number | 'inf' | '-inf')[];
}

/** A call in archc, and what PyTorch computes from the same inputs. The scripts in this folder write it. */
export interface ReferenceCase {
  readonly title?: string;
  readonly call: string;
  /** With the axes of their types: names are sizes of the run. */
  readonly inputs: Readonly<Record<string, StoredTensor & { readonly axes: string }>>;
  readonly y: StoredTensor;
  /** The gradients of the sum of cos(i + 1) y_i. */
  readonly gradients?: Readonly<Record<string, StoredTensor['data']>>;
}

/** An input: its axes as they are written in its type, its sizes and its elements. */
export type Input = StoredTensor & { readonly axes: string };

export function casesOf(file: string): readonly ReferenceCase[] {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}

export function numbers(data: StoredTensor['data']): readonly number[] {
  return data.map((value) => (typeof value === 'number' ? value : Number(value.replace('inf', 'Infinity'))));
}

export function arrayOf({ dtype, shape, data }: StoredTensor): NdArray {
  return ndArray(dtype, shape, Float64Array.from(numbers(data)));
}

/** A model that returns the call. */
export function sourceOf({ call, inputs, y }: Pick<ReferenceCase, 'call' | 'inputs' | 'y'>): string {
  const element = (dtype: DType) => (dtype === 'f32' ? '' : `<${dtype}>`);
  const given = Object.entries(inputs).map(([name, { axes, dtype }]) => `${name}: Tensor${element(dtype)}[${axes}]`);
  return `model M(${given.join(', ')}) -> (y: Tensor${element(y.dtype)}[*R]) {\n  return ${call}\n}\n`;
}

/** The size of each name in the types of the inputs. */
export function sizesOf(inputs: ReferenceCase['inputs']): Readonly<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const { axes, shape } of Object.values(inputs))
    for (const [i, axis] of axes.split(', ').entries()) if (/^[A-Z]/.test(axis)) sizes[axis] = shape[i] as number;
  return sizes;
}

export function seedOf(y: NdArray): NdArray {
  return { ...y, data: y.data.map((_, i) => Math.cos(i + 1)) };
}

/** A call on its inputs in float64, and the gradient of the sum of cos(i + 1) y_i with respect to each of them, by the rules of the operators. */
export function differentiated(
  reference: Pick<ReferenceCase, 'call' | 'inputs' | 'y'>,
  options: CompileOptions = {},
): { readonly y: NdArray; readonly gradients: ReadonlyMap<string, NdArray | undefined> } {
  const { graph } = modelOf(sourceOf(reference), { ...options, bind: sizesOf(reference.inputs) });
  optimize(graph, { fused: false });
  const feeds = Object.fromEntries(Object.entries(reference.inputs).map(([name, input]) => [name, arrayOf(input)]));
  const tape = new Tape();
  const inputs = graph.inputs.map(({ hint = '' }) => feeds[hint] as NdArray);
  const [y] = evaluateGraph(tape, graph, inputs);
  if (y === undefined) throw new Error('no result');
  const gradient = gradientsOn(tape, [y], [seedOf(y)]);
  return { y, gradients: new Map(graph.inputs.map(({ hint = '' }) => [hint, gradient(feeds[hint] as NdArray)])) };
}

/** Inputs with elements that f16 has, and the same as they are fed to a model in f16. */
export function inHalfPrecision(given: ReferenceCase['inputs']): {
  readonly inputs: ReferenceCase['inputs'];
  readonly feeds: Readonly<Record<string, NdArray>>;
} {
  const rounded = (input: Input): Input =>
    input.dtype === 'f32' ? { ...input, data: numbers(input.data).map((value) => roundNumber('f16', value)) } : input;
  const inputs = Object.fromEntries(Object.entries(given).map(([name, input]) => [name, rounded(input)]));
  const fed = (input: Input): NdArray => ({ ...arrayOf(input), dtype: input.dtype === 'f32' ? 'f16' : input.dtype });
  return { inputs, feeds: Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, fed(input)])) };
}

const origin: Origin = { path: ['gradient'], kinds: ['M', 'Gradient'], span: undefined };

/** The ONNX file of a call with known sizes and of the same gradient: `y`, and `grad.x` for each input that has one. Steps of scans are written out. */
export function gradientFile(reference: Pick<ReferenceCase, 'call' | 'inputs' | 'y'>): Uint8Array {
  const options = { target: 'webgpu', fused: false } as const;
  const { graph } = modelOf(sourceOf(reference), { target: 'webgpu', bind: sizesOf(reference.inputs) });
  optimize(graph, options);
  const y = graph.outputs[0]?.value;
  if (y === undefined) throw new Error('no result');
  const g = new GraphBuilder(graph, origin);
  const shape = y.type.shape.map((size) => size.constant ?? 0);
  const seed = seedOf(ndArray('f32', shape));
  const of = g.sum(g.mul(y, g.constant(seed)));
  graph.output('sum', of);
  const inputs = graph.inputs.filter(({ type }) => isFloat(type.dtype));
  const onMissing = ({ origin: { path } }: Node) => {
    throw new Error(`there is no gradient in ${path.join('.')}`);
  };
  const found = differentiate(graph, { from: new Map([[of, g.scalar(1, of)]]), of: inputs, onMissing });
  for (const [input, gradient] of found) graph.output(`grad.${input.hint}`, gradient);
  optimize(graph, options);
  return bytesOf(lowerToOnnx(graph, options));
}
