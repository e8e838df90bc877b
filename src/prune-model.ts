import { elaborate } from './3-graph/elaborate.js';
import type { Parameter } from './3-graph/parameter.js';
import type { Program } from './3-graph/program.js';
import { joinChunks } from './6-emit/onnx/encode.js';
import { constantShape } from './6-emit/onnx/model.js';
import { type ModelWeights, modelWeights } from './6-emit/weights/model-weights.js';
import { reportUnusable } from './6-emit/weights/unusable-weight.js';
import { safetensorsChunks, type TensorToStore } from './6-emit/weights/write-safetensors.js';
import type { PruneOptions, PruneReport } from './api/prune.js';
import { type CompiledModel, type CompileOptions, type CompileResult, compile } from './compile.js';
import { demandOneOf, weightsOf } from './demand-options.js';
import { type Diagnostic, plainDiagnostic } from './diagnostics/diagnostic.js';
import { Report } from './diagnostics/report.js';
import { type BinaryHost, type Host, HostError } from './host.js';
import { defaultLimits } from './limits.js';
import { knownAt, matcherOf, nearTo } from './name-patterns.js';
import { isFloat } from './ops/types.js';
import { followChannels } from './prune/follow.js';
import { thresholdOf, Zeroing } from './prune/magnitude.js';
import { channelScores, keptBytes } from './prune/remove-channels.js';
import { layerReport, weightReport, zerosIn } from './prune/report.js';
import type { CheckResult } from './stages.js';

/** The result of pruning before anything is written. */
export interface PrunePreparation {
  readonly compiled: CompileResult;
  readonly report: Report;
  /** The texts of both compilations. */
  readonly sources: ReadonlyMap<string, string>;
  /** Undefined if there was an error, which was reported. */
  readonly pruned: PrunedModel | undefined;
}

/** A pruned model, whose weights are computed when they are written. Whoever requested it must close it. */
export interface PrunedModel {
  readonly from: CompiledModel;
  readonly to: CompiledModel;
  readonly weights: ModelWeights;
  /** The safetensors file. It can be made only once. */
  chunks(): Iterable<Uint8Array>;
  /** What has become smaller; complete once the file has been made. */
  report(): PruneReport;
  close(): void;
}

/** The result of the library function, but with the codes of the catalog. */
export interface PruneOutcome extends CheckResult {
  readonly bytes?: Uint8Array | undefined;
  readonly pruned?: PruneReport | undefined;
}

/**
 * Prunes a model in memory: makes the weights of a smaller model, or sets the smallest elements to zero. What cannot be pruned is a diagnostic. Throws `HostError` if a source file cannot be read, or if an
 * option has an invalid value.
 */
export function prune(entry: string, host: Host & BinaryHost, options: PruneOptions): PruneOutcome {
  const { compiled, report, sources, pruned } = preparePruning(entry, host, options);
  try {
    const bytes = pruned && unlessUnusable(() => joinChunks([...pruned.chunks()]), report);
    const { model: _, ...result } = {
      ...compiled,
      sources,
      diagnostics: report.diagnostics.map(plainDiagnostic),
      failed: report.hasErrors,
    };
    return bytes === undefined ? result : { ...result, bytes, pruned: pruned?.report() };
  } finally {
    pruned?.close();
  }
}

/** Compiles a model, and decides what happens to its weights: everything that pruning does before it writes. Throws as `prune` does. */
export function preparePruning(entry: string, host: Host & BinaryHost, options: PruneOptions): PrunePreparation {
  demandPruning(options);
  const { weights: _, map: __, to, sparsity = 0, only, scope, ...settings } = options;
  const compiled = compile(entry, host, settings);
  const sources = new Map(compiled.sources);
  const report = new Report(Number.POSITIVE_INFINITY, sources);
  for (const d of compiled.diagnostics) report.push(d);
  const failed: PrunePreparation = { compiled, report, sources, pruned: undefined };
  const from = compiled.model;
  if (from === undefined) return failed;
  const smaller = to === undefined ? compiled : compile(entry, host, { ...settings, set: { ...settings.set, ...to }, setOption: '--to' });
  for (const [path, text] of smaller.sources) sources.set(path, text);
  for (const d of smaller.diagnostics) if (d.severity === 'error') report.push(to === undefined ? d : withAdvice(d));
  if (smaller.model === undefined) return failed;
  const place = from.checked.span;
  const given = modelWeights(
    { parameters: from.parameters, elsewhere: from.elsewhere, frozen: [] },
    weightsOf(options),
    host,
    report,
    place,
  );
  if (given === undefined) return failed;
  const models = { from, to: smaller.model, weights: given };
  const decided = () =>
    to === undefined ? zeroed(models, { sparsity, only, scope }, report, sources) : withoutChannels(models, to, settings, report);
  const tensors = unlessUnusable(decided, report);
  if (tensors !== undefined) return { compiled, report, sources, pruned: prunedModel(models, tensors, to ?? {}) };
  given.close();
  return failed;
}

/** The result of work that reads weights; undefined if one of them has a value that cannot be written, which is reported. */
export function unlessUnusable<T>(work: () => T, report: Report): T | undefined {
  try {
    return work();
  } catch (error) {
    return reportUnusable(error, report);
  }
}

function demandPruning({ to, sparsity, only, scope }: PruneOptions): void {
  if ((to === undefined) === (sparsity === undefined))
    throw new HostError('a model is pruned either to smaller sizes (`to`) or to a share of zeros (`sparsity`), not both');
  if (to !== undefined && (only !== undefined || scope !== undefined))
    throw new HostError('`only` and `scope` choose which elements become zero, so they need `sparsity`');
  if (sparsity !== undefined && !(sparsity >= 0 && sparsity <= 1))
    throw new HostError(`the sparsity must be a share from 0 to 1, not ${sparsity}`);
  demandOneOf(scope, ['each', 'global'], 'the scope must be each or global, not');
}

type Models = Pick<PrunedModel, 'from' | 'to' | 'weights'>;
type MadeTensor = (parameter: Parameter) => Uint8Array;

function prunedModel(models: Models, bytesOf: MadeTensor, set: PruneReport['set']): PrunedModel {
  const { from, to, weights } = models;
  const before = new Map(from.parameters.map((parameter) => [parameter.name, parameter]));
  const zeros = new Map<string, number>();
  const made = (parameter: Parameter): Uint8Array => {
    const bytes = bytesOf(before.get(parameter.name) ?? parameter);
    zeros.set(parameter.name, zerosIn(parameter, bytes));
    return bytes;
  };
  const tensors = to.parameters.map((parameter): TensorToStore => {
    const { name, type } = parameter;
    return { name, dtype: type.dtype, shape: constantShape(type, name), bytes: () => made(parameter) };
  });
  return {
    ...models,
    chunks: () => safetensorsChunks(tensors),
    report: () => ({
      set,
      weights: to.parameters.map((parameter) =>
        weightReport(before.get(parameter.name) ?? parameter, parameter, zeros.get(parameter.name) ?? 0),
      ),
      entries: from.entries.map(({ name, graph }, i) => ({
        entry: name,
        layers: layerReport(graph, to.entries[i]?.graph ?? graph, to.parameters, zeros),
      })),
    }),
    close: () => weights.close(),
  };
}

/** The weights without the channels that the smaller model lacks; undefined if it is not a part of the original, which is reported. */
function withoutChannels(
  { from, to, weights }: Models,
  set: PruneReport['set'],
  { limits }: CompileOptions,
  report: Report,
): MadeTensor | undefined {
  const settings = Object.entries(set).map(([name, value]) => `${name} = ${value}`);
  const programOf = ({ checked }: CompiledModel): Program => elaborate(checked, new Report(), { ...defaultLimits, ...limits });
  const followed = followChannels(programOf(from), programOf(to));
  if ('problem' in followed) {
    report.add('cannot-prune', followed.span, { settings, problem: followed.problem });
    return undefined;
  }
  if ([...followed.weights.values()].every((axes) => axes.every((labels) => labels === undefined))) {
    report.add('nothing-pruned', from.checked.span, { model: from.name, settings });
    return undefined;
  }
  const { channels } = followed;
  const choice = channels.choose(channelScores(followed, from.parameters, weights.sources));
  if (choice.conflict !== undefined) {
    const { name, span } = choice.conflict;
    report.add('cannot-prune', span, { settings, problem: `no choice of whole channels gives \`${name}\` this size` });
    return undefined;
  }
  return (parameter) => keptBytes(parameter, followed.weights.get(parameter.name) ?? [], weights.sources, choice.isKept);
}

/** The weights with zeros in place of their smallest elements; undefined if a pattern matches none, which is reported. */
function zeroed(
  { from, weights }: Models,
  { sparsity = 0, only, scope = 'each' }: Pick<PruneOptions, 'sparsity' | 'only' | 'scope'>,
  report: Report,
  sources: Map<string, string>,
): MadeTensor | undefined {
  const prunable = from.parameters.filter(({ trainable, type }) => trainable && isFloat(type.dtype) && type.shape.length >= 2);
  const matchers = only?.map((pattern) => ({ pattern, matches: matcherOf(pattern) }));
  for (const { pattern, matches } of matchers ?? [])
    if (!prunable.some(({ name }) => matches(name))) reportUnmatched(pattern, from.name, prunable, report, sources);
  if (report.hasErrors) return undefined;
  const chosen = matchers === undefined ? prunable : prunable.filter(({ name }) => matchers.some(({ matches }) => matches(name)));
  const groups = scope === 'global' ? [chosen] : chosen.map((parameter) => [parameter]);
  const zeroings = new Map(
    groups.flatMap((group) => {
      const zeroing = new Zeroing(thresholdOf(group, sparsity, weights.sources));
      return group.map(({ name }) => [name, zeroing] as const);
    }),
  );
  return (parameter) => {
    const zeroing = zeroings.get(parameter.name);
    return zeroing === undefined ? keptBytes(parameter, [], weights.sources, () => true) : zeroing.bytes(parameter, weights.sources);
  };
}

/** Reports a pattern without a match. The option becomes a file of its own in the sources, as with `--set`. */
function reportUnmatched(
  pattern: string,
  model: string,
  prunable: readonly Parameter[],
  report: Report,
  sources: Map<string, string>,
): void {
  const names = prunable.map(({ name }) => name);
  const file = `--only ${pattern}`;
  sources.set(file, file);
  const span = { file, start: '--only '.length, end: file.length };
  report.add('unmatched-pattern', span, {
    pattern,
    model,
    of: 'weight',
    buffer: undefined,
    near: nearTo(pattern, names),
    known: knownAt(pattern, names),
  });
}

/** Says about sizes that do not fit each other which ones pruning can change. */
function withAdvice(problem: Diagnostic): Diagnostic {
  if (problem.code !== 'unmet-fact') return problem;
  const help =
    'choose other sizes for `--to`; heads can be removed one by one only if their width is a hyperparameter of its own, and does not depend on their number';
  return { ...problem, help };
}
