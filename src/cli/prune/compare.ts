import { join } from 'node:path';
import type { PruneReport } from '../../api/prune.js';
import type { CompiledModel } from '../../compile.js';
import { Report } from '../../diagnostics/report.js';
import { differenceOf } from '../../runtime/pure/difference.js';
import { signatureOfEntry } from '../../runtime/pure/signature-of-entry.js';
import type { TensorData } from '../../runtime/pure/tensor-data.js';
import type { ParsedOptions } from '../arguments.js';
import type { Progress } from '../progress.js';
import type { Findings } from '../reporting.js';
import { feedsOf, givenFeeds } from '../run/feeds.js';
import type { ComparedOutput } from '../run/output-errors.js';
import type { RunReply } from '../run/protocol.js';
import { builtFile, type Runnable, requestTo } from '../run/runnable.js';
import { RunChild } from '../run/runtime.js';
import { withTemporaryFolder } from '../run/temporary-folder.js';
import { UsageError } from '../usage-error.js';

export type Comparison =
  | { readonly kind: 'compared'; readonly outputs: readonly ComparedOutput[]; readonly drawn: ReadonlyMap<string, TensorData> }
  /** The models were not run. */
  | { readonly kind: 'left-out'; readonly reason: string }
  /** A given input does not fit the model. */
  | ({ readonly kind: 'faulty' } & Findings);

export interface ComparisonRequest {
  readonly word: string;
  /** The files of the original weights and of the pruned ones. */
  readonly weights: string;
  readonly output: string;
  readonly set: PruneReport['set'];
  readonly options: ParsedOptions;
  readonly progress: Progress;
}

/** Reads the inputs that `--input` gives before anything is written, and reports or throws what is wrong with them. */
export function checkInputs({ name, entries }: CompiledModel, options: ParsedOptions, report: Report): void {
  if (!options.has('input')) return;
  const [entry, ...others] = entries;
  if (entry === undefined || others.length > 0)
    throw new UsageError(
      `\`${name}\` has several entries: \`--input\` cannot tell which one is meant`,
      'leave it out: the outputs are then not compared',
    );
  givenFeeds({ signature: signatureOfEntry(entry), entry: entry.name, path: name }, options, report);
}

/** Runs both models on the same inputs: those that `--input` gives, and random ones for the rest. States begin as in a first call. */
export function comparedOutputs({ word, weights, output, set, options, progress }: ComparisonRequest): Promise<Comparison> {
  const settings = Object.entries(set).map(([name, value]) => `${name}=${value}`);
  const prunedOptions = options.with({ weights: [output], map: [], set: [...options.values('set'), ...settings] });
  return withTemporaryFolder(async (folder) => {
    const build = async (name: string, own: ParsedOptions) => {
      const built = await builtFile(word, join(folder, name), own, progress);
      return built.signature === undefined ? undefined : (built as Runnable);
    };
    try {
      const model = await build('before', options.with({ weights: [weights] }));
      const pruned = await build('after', prunedOptions);
      if (model === undefined || pruned === undefined)
        return { kind: 'left-out', reason: 'the models cannot be built with all their weights inside' };
      return await compared(model, pruned, options, progress);
    } catch (error) {
      if (error instanceof UsageError && !options.has('input')) return { kind: 'left-out', reason: error.message };
      throw error;
    }
  });
}

async function compared(model: Runnable, pruned: Runnable, options: ParsedOptions, progress: Progress): Promise<Comparison> {
  const report = new Report();
  const first = { index: 0, states: new Map() };
  const given = givenFeeds(model, options, report);
  const feeds = given && feedsOf(model, given, first, report);
  if (given === undefined || feeds === undefined) return { kind: 'faulty', diagnostics: report.diagnostics, sources: model.sources };
  const ofStates = new Set(model.signature.states.flatMap(({ input, output }) => [input, output]));
  // States of the pruned model may be smaller.
  const tensors = new Map([...feeds].filter(([name]) => !ofStates.has(name)));
  const prunedFeeds = feedsOf(pruned, { ...given, tensors }, first, report);
  if (prunedFeeds === undefined) return { kind: 'faulty', diagnostics: report.diagnostics, sources: pruned.sources };
  const child = new RunChild();
  try {
    progress.start('comparing the outputs');
    const before = await child.run(requestTo(model, feeds));
    const after = before.kind === 'done' ? await child.run(requestTo(pruned, prunedFeeds)) : before;
    if (before.kind !== 'done' || after.kind !== 'done')
      return { kind: 'left-out', reason: whyNot(before.kind === 'done' ? after : before) };
    const outputs = [...before.outputs].filter(([name]) => !ofStates.has(name));
    return {
      kind: 'compared',
      outputs: outputs.flatMap(([name, tensor]) => comparedOutput(name, tensor, after.outputs.get(name)) ?? []),
      drawn: new Map([...tensors].filter(([name]) => !given.tensors.has(name))),
    };
  } finally {
    progress.stop();
    child.close();
  }
}

function whyNot(reply: RunReply): string {
  if (reply.kind === 'missing') return 'this needs the package onnxruntime-node beside archc';
  if (reply.kind === 'unfit') return reply.reason;
  return reply.kind === 'failed' ? `ONNX Runtime could not run the model: ${reply.reason.split('\n')[0]}` : '';
}

/** Undefined if the shapes of the outputs differ, which happens where the data decide them. */
function comparedOutput(name: string, before: TensorData, after: TensorData | undefined): ComparedOutput | undefined {
  if (after === undefined || before.shape.join() !== after.shape.join()) return undefined;
  return { name, dtype: before.dtype, difference: differenceOf(after, before) };
}
