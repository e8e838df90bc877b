import type { TensorSummary } from '../../6-emit/onnx/summary.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Report } from '../../diagnostics/report.js';
import { suggest } from '../../diagnostics/suggest.js';
import { Dim } from '../../dims/dim.js';
import type { Fact } from '../../dims/facts.js';
import { parseFact, parseSize } from '../../dims/parse.js';
import { HostError } from '../../host.js';
import type { DType } from '../../ops/types.js';
import type { ParsedOptions } from '../arguments.js';
import { commandHost } from '../input.js';
import { UsageError } from '../usage-error.js';
import { randomTensor } from './random.js';
import { readInput } from './read-input.js';
import type { Runnable } from './runnable.js';
import { type Demands, type InputSlot, resolveSizes } from './sizes.js';
import type { TensorData } from './tensor-data.js';

/**
 * A tensor for every input: the given ones, and generated ones of sizes that fit. Everything that the model demands of the sizes holds for
 * them; undefined if something does not, which was reported.
 */
export function feedsOf(model: Runnable, options: ParsedOptions, report: Report): ReadonlyMap<string, TensorData> | undefined {
  const { inputs } = model.summary;
  const host = commandHost();
  const given = new Map<string, TensorData>();
  for (const [name, word] of options.pairs('input')) {
    const declared = inputs.find((candidate) => candidate.name === name);
    if (declared === undefined)
      throw unknownName(
        'input',
        name,
        inputs.map((known) => known.name),
      );
    const tensor = readInput({ name, dtype: numbersOf(declared, model), span: model.spanOf(name) }, word, host, report);
    if (tensor !== undefined) given.set(name, tensor);
  }
  if (report.hasErrors) return undefined;
  const slots = inputs.map((declared) => slotOf(declared, given.get(declared.name), model));
  const names = [...new Set(slots.flatMap((slot) => slot.shape.flatMap((size) => [...size.variables()])))];
  const bound = options.sizes('bind');
  // For a source file, the checker reports which names exist.
  const stray = model.sources.size > 0 ? undefined : [...bound.keys()].find((name) => !names.includes(name));
  if (stray !== undefined) throw unknownName('size', stray, names);
  const sizes = resolveSizes(slots, given, bound, demandsOf(model, names), report);
  if (sizes === undefined) return undefined;
  const problems = model.recheck(sizes);
  for (const problem of problems) report.push(withSizes(problem, slots, sizes));
  if (problems.length > 0) return undefined;
  const seed = options.integer('seed') ?? 0;
  const made = (slot: InputSlot): TensorData => randomTensor(slot, concrete(slot, sizes), seed);
  return new Map(slots.map((slot) => [slot.name, given.get(slot.name) ?? made(slot)]));
}

function numbersOf({ name, dtype, type }: TensorSummary, model: Runnable): DType {
  if (dtype === undefined || dtype === 'string')
    throw new HostError(`the input ${name} of ${model.path} is not a tensor of numbers that archc knows: it is ${type}`);
  return dtype;
}

/** An input whose rank the file leaves open has the shape of the given tensor. */
function slotOf(declared: TensorSummary, given: TensorData | undefined, model: Runnable): InputSlot {
  const { name } = declared;
  const dtype = numbersOf(declared, model);
  const shape = declared.shape ?? given?.shape;
  if (shape === undefined)
    throw new UsageError(`the input ${name} of ${model.path} has no known rank`, `give it with \`--input ${name}=FILE\``);
  const dims = shape.map((size, axis) => {
    if (typeof size === 'number') return Dim.of(size);
    // A size without a name, or with one that is not a formula, is a name of its own.
    return (size === undefined ? undefined : parseSize(size)) ?? Dim.variable(size ?? `${name}.${axis}`, 0);
  });
  return { name, dtype, shape: dims, span: model.spanOf(name) };
}

function unknownName(what: 'input' | 'size', name: string, known: readonly string[]): UsageError {
  const [near] = suggest(name, known);
  const list = known.length === 0 ? `it has no ${what}s${what === 'size' ? ' that are open' : ''}` : `it has ${known.join(', ')}`;
  return new UsageError(`the model has no ${what} \`${name}\``, near === undefined ? list : `did you mean \`${near}\`?`);
}

/** The metadata about sizes of a model that archc wrote. Sizes of the language are at least 1. */
function demandsOf({ summary: { metadata }, sources }: Runnable, names: readonly string[]): Demands {
  const isOwn = metadata['archc.version'] !== undefined;
  const positive = names.map((name): Fact => ({ kind: 'at-least', left: Dim.variable(name, 0), right: Dim.of(1) }));
  const facts = [...(isOwn ? positive : []), ...factsOf(metadata['archc.facts'])];
  const open = factsOf(metadata['archc.open']);
  // For a source file, the checker reports where and why a size is invalid.
  return sources.size > 0 ? { facts, open } : { facts: [...facts, ...open] };
}

function factsOf(json = '[]'): readonly Fact[] {
  try {
    const texts: unknown = JSON.parse(json);
    return Array.isArray(texts) ? texts.flatMap((text) => (typeof text === 'string' ? (parseFact(text) ?? []) : [])) : [];
  } catch {
    // Written by another tool.
    return [];
  }
}

function concrete(slot: InputSlot, sizes: ReadonlyMap<string, number>): readonly number[] {
  return slot.shape.map((size) => size.evaluate(sizes));
}

/** The problem with a note at each input about its sizes in this run. */
function withSizes(problem: Diagnostic, slots: readonly InputSlot[], sizes: ReadonlyMap<string, number>): Diagnostic {
  if (problem.code === 'unknown-size') return problem;
  const open = slots.filter((slot) => slot.shape.some((size) => size.constant === undefined));
  const notes = open.map((slot) => ({ span: slot.span, text: `[${concrete(slot, sizes).join(', ')}] in this run` }));
  return { ...problem, notes: [...problem.notes, ...notes] };
}
