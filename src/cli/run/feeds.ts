import type { Report } from '../../diagnostics/report.js';
import { suggest } from '../../diagnostics/suggest.js';
import { HostError } from '../../host.js';
import { FeedError, type FeedProblem } from '../../runtime/pure/feed-error.js';
import { makeFeeds } from '../../runtime/pure/feeds.js';
import { inputNamed } from '../../runtime/pure/input-slots.js';
import type { Signature } from '../../runtime/pure/signature.js';
import type { TensorData } from '../../runtime/pure/tensor-data.js';
import type { ParsedOptions } from '../arguments.js';
import { commandHost } from '../input.js';
import { UsageError } from '../usage-error.js';
import { readInput } from './read-input.js';
import type { Runnable } from './runnable.js';

/** A tensor for every input, from the options of the command line; undefined if something does not fit, which was reported. */
export function feedsOf(model: Runnable, options: ParsedOptions, report: Report): ReadonlyMap<string, TensorData> | undefined {
  try {
    const given = givenTensors(model.signature, options, report);
    if (report.hasErrors) return undefined;
    const request = { given, bound: options.sizes('bind'), seed: options.integer('seed') ?? 0, recheck: model.recheck };
    return makeFeeds(model.signature, request, report);
  } catch (error) {
    if (error instanceof FeedError) throw inWords(error.problem, model.path);
    throw error;
  }
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

function inWords(problem: FeedProblem, path: string): Error {
  const { name } = problem;
  switch (problem.kind) {
    case 'unknown-input':
      return unknownName('input', name, problem.known, 'it has no inputs');
    case 'unknown-size':
      return unknownName('size', name, problem.known, 'it has no sizes that are open');
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
