import type { ModelSummary, TensorSummary } from '../../6-emit/onnx/summary.js';
import type { Span } from '../../diagnostics/span.js';
import { Dim } from '../../dims/dim.js';
import type { Fact } from '../../dims/fact.js';
import { parseFact, parseSize } from '../../dims/parse.js';
import type { DType } from '../../ops/types.js';
import { rangesOfFile } from './ranges-of-file.js';
import { type DeclaredInput, positiveSizes, type Signature, sizeNames } from './signature.js';
import { statesOfFile } from './states-of-file.js';

/**
 * The signature of an ONNX file from any tool, as far as the file has it: sizes and facts are text there. Messages about its inputs point
 * to `span`. Throws `FeedError` if its states do not fit it.
 */
export function signatureOfFile(summary: Pick<ModelSummary, 'inputs' | 'outputs' | 'metadata'>, span: Span): Signature {
  const ranges = rangesOfFile(summary.metadata['archc.ranges']);
  const inputs = summary.inputs.map((input): DeclaredInput => ({ ...input, shape: sizesOf(input), range: ranges.get(input.name), span }));
  const outputs = new Map<string, DType>();
  for (const { name, dtype } of summary.outputs) if (dtype !== undefined) outputs.set(name, dtype);
  const { 'archc.version': version, 'archc.facts': facts, 'archc.open': open, 'archc.states': states } = summary.metadata;
  const stated = factsOf(facts);
  const positive = version === undefined ? [] : positiveSizes(sizeNames(inputs), stated);
  return { inputs, outputs, states: statesOfFile(states, summary), demands: { facts: [...positive, ...stated], open: factsOf(open) } };
}

function sizesOf({ name, shape }: TensorSummary): readonly Dim[] | undefined {
  return shape?.map((size, axis) => {
    // No array has more elements: a run will refuse the size.
    if (typeof size === 'number') return Dim.of(Math.max(-Number.MAX_SAFE_INTEGER, Math.min(size, Number.MAX_SAFE_INTEGER)));
    // A size without a name, or with one that is not a formula, is a name of its own.
    return (size === undefined ? undefined : parseSize(size)) ?? Dim.variable(size ?? `${name}.${axis}`, 0);
  });
}

/** The facts of a metadata entry, a JSON list of texts. Whatever is not a fact was written by another tool, and is skipped. */
function factsOf(json = '[]'): readonly Fact[] {
  return jsonList(json).flatMap((text) => (typeof text === 'string' ? (parseFact(text) ?? []) : []));
}

function jsonList(json: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}
