import type { ModelSummary, TensorSummary } from '../../6-emit/onnx/summary.js';
import type { InitialState } from '../../api/signature.js';
import { holds } from '../../ops/dtype-range.js';
import { isFloat } from '../../ops/types.js';
import { FeedError } from './feed-error.js';
import type { DeclaredState } from './signature.js';

/** The states of a metadata entry, a JSON list. Throws `FeedError` if one does not fit the model: a run would start with other values than those that were meant. */
export function statesOfFile(
  json: string | undefined,
  { inputs, outputs }: Pick<ModelSummary, 'inputs' | 'outputs'>,
): readonly DeclaredState[] {
  if (json === undefined) return [];
  const names = new Set<string>();
  const find = (kind: 'input' | 'output', name: string | undefined): TensorSummary | undefined => {
    if (name === undefined) return undefined;
    const tensor = (kind === 'input' ? inputs : outputs).find((known) => known.name === name);
    if (tensor === undefined) return refuse(`the model has no ${kind} \`${name}\``);
    if (names.has(`${kind} ${name}`)) return refuse(`two are called \`${name}\``);
    names.add(`${kind} ${name}`);
    return tensor;
  };
  return listOf(json).map((item, index) => {
    const { input, output, start } = Object(item) as Readonly<Record<string, unknown>>;
    if (!isName(input) || !isName(output) || (input === undefined && output === undefined))
      return refuse(`number ${index + 1} is not a state`);
    const [before, after] = [find('input', input), find('output', output)];
    if (before !== undefined && after !== undefined && before.type !== after.type)
      return refuse(`\`${before.name}\` is ${before.type}, and \`${after.name}\` is ${after.type}`);
    const initial = initialStateOf(start) ?? refuse(`the initial value of \`${input ?? output}\` is missing or damaged`);
    if (before !== undefined) demandFit(initial, before);
    return { input, output, start: initial };
  });
}

function refuse(reason: string): never {
  throw new FeedError({ kind: 'damaged-states', reason });
}

function listOf(json: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(json);
    if (Array.isArray(list)) return list;
  } catch {
    // It is not a list in either case.
  }
  return refuse('they are not a list');
}

function isName(name: unknown): name is string | undefined {
  return name === undefined || typeof name === 'string';
}

function initialStateOf(start: unknown): InitialState | undefined {
  if (start === 'empty') return { kind: 'empty' };
  if (start === 'stored') return { kind: 'stored' };
  const value = numberOf(start);
  if (value !== undefined) return { kind: 'fill', value };
  const { shape, values } = Object(start) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(shape) || !shape.every(isSize) || !Array.isArray(values)) return undefined;
  const numbers = values.flatMap((item) => numberOf(item) ?? []);
  const isComplete = numbers.length === values.length && shape.reduce((a, b) => a * b, 1) === values.length;
  return isComplete ? { kind: 'values', shape, values: numbers } : undefined;
}

function isSize(size: unknown): size is number {
  return Number.isSafeInteger(size) && Number(size) >= 0;
}

/** A number, or the text for one that JSON does not have. */
function numberOf(item: unknown): number | undefined {
  if (typeof item === 'number') return item;
  return item === 'inf' ? Infinity : item === '-inf' ? -Infinity : item === 'nan' ? NaN : undefined;
}

function demandFit(start: InitialState, { name, dtype, shape }: TensorSummary): void {
  if (shape !== undefined && !fitsShape(start, shape)) refuse(`the initial value of \`${name}\` does not fit its shape`);
  if (dtype === undefined || isFloat(dtype) || start.kind === 'empty' || start.kind === 'stored') return;
  const values = start.kind === 'fill' ? [start.value] : start.values;
  if (!values.every((value) => holds(dtype, value))) refuse(`the initial value of \`${name}\` does not fit ${dtype}`);
}

function fitsShape(start: InitialState, shape: NonNullable<TensorSummary['shape']>): boolean {
  switch (start.kind) {
    case 'empty':
      return shape.some((size) => typeof size !== 'number' || size === 0);
    case 'fill':
    case 'stored':
      return true;
    case 'values': {
      const missing = shape.length - start.shape.length;
      return missing >= 0 && start.shape.every((size, axis) => size === 1 || size === shape[axis + missing]);
    }
  }
}
