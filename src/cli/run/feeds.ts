import type { Report } from '../../diagnostics/report.js';
import { suggest } from '../../diagnostics/suggest.js';
import { HostError } from '../../host.js';
import { FeedError, type FeedProblem } from '../../runtime/pure/feed-error.js';
import { makeFeeds } from '../../runtime/pure/feeds.js';
import { inputNamed } from '../../runtime/pure/input-slots.js';
import type { Signature } from '../../runtime/pure/signature.js';
import { emptySizes } from '../../runtime/pure/state-start.js';
import type { TensorData } from '../../runtime/pure/tensor-data.js';
import type { ParsedOptions } from '../arguments.js';
import { commandHost } from '../input.js';
import { UsageError } from '../usage-error.js';
import { shapeText } from '../wording.js';
import { readInput } from './read-input.js';
import type { Runnable } from './runnable.js';

/** What the command line says about the inputs of a model. */
export interface GivenFeeds {
  readonly tensors: ReadonlyMap<string, TensorData>;
  readonly sizes: ReadonlyMap<string, number>;
  readonly seed: number;
}

/** Reads the inputs that the options name; undefined if one does not fit, which was reported. */
export function givenFeeds(
  { signature, entry, path }: Pick<Runnable, 'signature' | 'entry' | 'path'>,
  options: ParsedOptions,
  report: Report,
): GivenFeeds | undefined {
  const tensors = inWords(path, () => givenTensors(signature, options, report));
  if (report.hasErrors) return undefined;
  return { tensors, sizes: sizesFor(entry, options.sizes('bind')), seed: options.integer('seed') ?? 0 };
}

/** `step.T=1` is a size of the entry `step`. */
function sizesFor(entry: string | undefined, bound: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const prefix = `${entry}.`;
  return new Map([...bound].map(([name, size]) => [name.startsWith(prefix) ? name.slice(prefix.length) : name, size]));
}

/** A tensor for every input of a call; undefined if something does not fit, which was reported. */
export function feedsOf(model: Runnable, given: GivenFeeds, call: Call, report: Report): ReadonlyMap<string, TensorData> | undefined {
  const { signature, recheck, path } = model;
  const later = call.index > 0;
  // In later calls, the states have the sizes that they have grown to.
  const bound = later ? new Map([...given.sizes].filter(([name]) => !emptySizes(signature).has(name))) : given.sizes;
  const request = {
    given: new Map([...given.tensors, ...call.states]),
    bound,
    seed: given.seed + call.index,
    recheck: later && signature.demands.open.length === 0 ? () => [] : recheck,
  };
  return inWords(path, () => makeFeeds(signature, request, report));
}

/** One of several calls that hand on their states. */
export interface Call {
  /** From 0. */
  readonly index: number;
  /** The states as the call before left them, by the names of their inputs. */
  readonly states: ReadonlyMap<string, TensorData>;
}

/** What the next call takes: each state as this call left it, or as it was. */
export function statesAfter(
  { signature }: Runnable,
  inputs: ReadonlyMap<string, TensorData>,
  outputs: ReadonlyMap<string, TensorData>,
): ReadonlyMap<string, TensorData> {
  const after = new Map<string, TensorData>();
  for (const { input, output } of signature.states) {
    const tensor = (output === undefined ? undefined : outputs.get(output)) ?? (input === undefined ? undefined : inputs.get(input));
    if (input !== undefined && tensor !== undefined) after.set(input, tensor);
  }
  return after;
}

/** The tensors that `--input` names. */
function givenTensors(signature: Signature, options: ParsedOptions, report: Report): ReadonlyMap<string, TensorData> {
  const host = commandHost();
  const given = new Map<string, TensorData>();
  for (const [name, word] of options.pairs('input')) {
    const tensor = readInput(inputNamed(signature, name), word, host, report);
    if (tensor !== undefined) given.set(name, tensor);
  }
  return given;
}

/** Does `work`, and says how to correct a request that does not fit the model at `path`. */
export function inWords<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof FeedError) throw errorFor(error, path);
    throw error;
  }
}

function errorFor({ problem, message }: FeedError, path: string): Error {
  switch (problem.kind) {
    case 'damaged-states':
      return new HostError(`the states in the metadata of ${path}, \`archc.states\`, cannot be used: ${problem.reason}`);
    case 'missing-input':
    case 'not-inputs':
    case 'not-a-tensor':
    case 'bad-value':
    case 'out-of-range':
    case 'bad-shape':
      return new UsageError(message);
    default:
      return errorOfInput(problem, path);
  }
}

function errorOfInput(
  problem: Exclude<
    FeedProblem,
    { readonly reason: string } | { readonly kind: 'missing-input' | 'not-inputs' | 'bad-value' | 'out-of-range' }
  >,
  path: string,
): Error {
  const { name } = problem;
  switch (problem.kind) {
    case 'unknown-input':
      return unknownName('input', name, problem.known, 'it has no inputs');
    case 'unknown-size':
      return unknownName('size', name, problem.known, 'all its sizes are fixed');
    case 'too-large':
      return new UsageError(
        `the inputs would be too large for a run: \`${name}\` is ${shapeText(problem.shape)}`,
        'choose smaller sizes with `--bind`',
      );
    case 'open-rank':
      return new UsageError(`the input ${name} of ${path} has no known rank`, `give it with \`--input ${name}=FILE\``);
    case 'not-numbers':
      return new HostError(`the input ${name} of ${path} is not a tensor of numbers that archc knows: it is ${problem.type}`);
  }
}

function unknownName(what: string, name: string, known: readonly string[], none: string): UsageError {
  const [near] = suggest(name, known);
  const list = known.length === 0 ? none : `it has ${known.join(', ')}`;
  return new UsageError(`the model has no ${what} \`${name}\``, near === undefined ? list : `did you mean \`${near}\`?`);
}
