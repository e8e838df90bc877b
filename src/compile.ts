import type { TrainDecl } from './1-syntax/ast.js';
import { checkDeclarations } from './2-check/check.js';
import type { CheckedModel } from './2-check/checked-model.js';
import { checkModel } from './2-check/models/check-model.js';
import { chooseModel } from './2-check/models/choose-model.js';
import type { Module } from './2-check/modules/modules.js';
import { type DeclaredModel, modelNameOf, modelOf } from './2-check/train/trains-of.js';
import { elaborate } from './3-graph/elaborate.js';
import { declaredParameters, type Parameter } from './3-graph/parameter.js';
import type { Program } from './3-graph/program.js';
import { type Quantization, readQuantization, reportUnused } from './5-optimize/quantize/quantization.js';
import { storedParameters, storedSizes } from './5-optimize/quantize/stored-sizes.js';
import type { Unfoldable } from './5-optimize/unfoldable.js';
import type { CompileOptions } from './api/options.js';
import { Report } from './diagnostics/report.js';
import { suggest } from './diagnostics/suggest.js';
import type { Host } from './host.js';
import { type CompiledEntry, loweredEntries } from './lowered-entries.js';
import { placeOfOption } from './option-place.js';
import {
  type CheckResult,
  checkTrains,
  choiceOf,
  demandReason,
  refuseOpen,
  reportWarnings,
  residualsOf,
  result,
  type Started,
  start,
} from './stages.js';
import { type CompiledTraining, compileTraining } from './training.js';

export type { CompileOptions } from './api/options.js';
export type { CompiledEntry } from './lowered-entries.js';

/** The result of `compile` for callers inside archc: the library describes the model instead. */
export interface CompileResult extends CheckResult {
  /** Absent if there was an error. */
  readonly model?: CompiledModel | undefined;
}

export interface CompiledModel {
  readonly name: string;
  readonly checked: CheckedModel;
  /** The tensors that the model declares and its entries need, without duplicates. A file may hold others, which are computed from these. */
  readonly parameters: readonly Parameter[];
  /** The names of the stored tensors of entries that are not built. Some of them may be among `parameters`, too. */
  readonly elsewhere: ReadonlySet<string>;
  /** At least one; a model with a signature of its own has the entry `forward`. */
  readonly entries: readonly CompiledEntry[];
  /** What a `train` block adds, if one is compiled: its graphs are the last of the entries. */
  readonly training?: CompiledTraining | undefined;
  /** New graphs of the model's own entries as they are before any pass, and without what `tap` and `io` add. */
  readonly unfold: () => Program;
}

/** A model as its source says it, before any pass. */
export interface UnfoldResult extends CheckResult {
  /** Absent if there was an error. */
  readonly program?: Program | undefined;
  readonly checked?: CheckedModel | undefined;
}

/**
 * The whole pipeline: source -> syntax -> types -> graph -> passes -> ONNX nodes. Throws `HostError` if the entry file cannot be read, or if an
 * option cannot have its value.
 */
export function compile(entry: string, host: Host, options: CompileOptions & { readonly unfoldable?: Unfoldable } = {}): CompileResult {
  const started = start(entry, host, options);
  const { report, loader, session, module } = started;
  const { train, choice, checked } = checkedModel(started, options);
  const edges = { edge: options.io, taps: options.tap };
  const program = checked === undefined ? undefined : elaborate(checked, report, session.limits, edges);
  if (checked === undefined || program === undefined || report.hasErrors) return result(report, loader);
  reportWarnings(session, module, options);
  const chosen = chosenEntries(program, options, report, loader.sources);
  const again = () => chosenEntries(elaborate(checked, new Report(), session.limits, edges) ?? program, options, new Report(), new Map());
  const quantization = quantizationOf(program, options, report, loader.sources);
  if (report.hasErrors) return result(report, loader);
  const entries = loweredEntries(chosen, again, { ...options, quantization }, report, session.limits);
  if (report.hasErrors) return result(report, loader);
  if (quantization !== undefined) reportUnused(quantization, storedForms(entries), checked.name, report);
  const training = train && choice && compileTraining(started, train, choice, options);
  if (report.hasErrors) return result(report, loader);
  const all = [...entries, ...(training?.entries ?? [])];
  const elsewhere = new Set(program.entries.filter(({ name }) => !chosen.some((entry) => entry.name === name)).flatMap(parameterNames));
  return {
    ...result(report, loader),
    model: {
      name: checked.name,
      checked,
      parameters: parametersOf(all),
      elsewhere,
      entries: all,
      training,
      unfold: () => withEntry(elaborate(checked, new Report(), session.limits), options.entry),
    },
  };
}

/** The first half of the pipeline: everything that a model is before its graphs change. Throws `HostError` as `compile` does. */
export function unfold(entry: string, host: Host, options: CompileOptions = {}): UnfoldResult {
  const started = start(entry, host, options);
  const { report, loader, session, module } = started;
  const { checked } = checkedModel(started, options);
  const program = checked === undefined ? undefined : elaborate(checked, report, session.limits);
  if (checked === undefined || program === undefined || report.hasErrors) return result(report, loader);
  reportWarnings(session, module, options);
  const entries = chosenEntries(program, options, report, loader.sources);
  if (report.hasErrors) return result(report, loader);
  return { ...result(report, loader), program: { ...program, entries }, checked };
}

function withEntry(program: Program, wanted: string | undefined): Program {
  return wanted === undefined ? program : { ...program, entries: program.entries.filter(({ name }) => name === wanted) };
}

/** What the options ask for: a model, whether by its name or as that of a `train` block, with its hyperparameters. What is wrong is reported. */
function checkedModel(
  started: Started,
  options: CompileOptions,
): {
  readonly train: TrainDecl | undefined;
  readonly choice: ReturnType<typeof choiceOf>;
  readonly checked: CheckedModel | undefined;
} {
  const { report, loader, session, module } = started;
  const train = options.train === undefined ? undefined : chosenTrain(module, options.train, options, report, loader.sources);
  const isRefused = options.train !== undefined && train === undefined;
  const model = isRefused ? undefined : chosenModel(started, options.model, train);
  const decl = model?.decl;
  checkDeclarations(session, module);
  const choice = decl === undefined ? undefined : choiceOf(session, options, true);
  const checked =
    model === undefined || choice === undefined || report.hasErrors ? undefined : checkModel(session, model.module, model.decl, choice);
  demandReason(checked, report);
  const isMadeForBlock = train !== undefined && modelNameOf(train) === undefined;
  if (decl !== undefined && choice !== undefined && checked !== undefined && !isMadeForBlock) checkTrains(started, decl, choice);
  if (options.strict === true) refuseOpen(residualsOf(checked), report);
  return { train, choice, checked };
}

/** What `quantize` asks for; undefined if it is not given, or asks for something impossible, which is reported. */
function quantizationOf(
  { name, entries }: Program,
  options: CompileOptions,
  report: Report,
  sources: Map<string, string>,
): Quantization | undefined {
  const { quantize, target = 'portable', train } = options;
  if (quantize === undefined) return undefined;
  const names = [...new Set(entries.flatMap(parameterNames))];
  return readQuantization(
    quantize,
    { names, model: name, target, isTrained: train !== undefined },
    report,
    placeOfOption('quantize', quantize, options, sources),
  );
}

/** The forms in which the weights of these entries are stored. */
function storedForms(entries: readonly CompiledEntry[]): ReadonlySet<string> {
  return new Set(storedSizes(storedParameters(entries)).map(({ form }) => form));
}

/** The model that is wanted by its name, that a block trains, or that is the only one of the file. */
function chosenModel(
  { session, module, report }: Started,
  wanted: string | undefined,
  train: TrainDecl | undefined,
): DeclaredModel | undefined {
  if (train === undefined) {
    const decl = chooseModel(session, module, wanted);
    return decl && { decl, module };
  }
  const trained = modelOf(module, train);
  // Why a block has no model is reported where the declarations are checked.
  if (trained === undefined || wanted === undefined || wanted === trained.decl.name.text) return trained;
  report.add('other-model', train.model.span, { name: train.name.text, trained: trained.decl.name.text, wanted });
  return undefined;
}

/** The block with this name. Reports a name that none has. */
function chosenTrain(
  module: Module,
  wanted: string,
  options: CompileOptions,
  report: Report,
  sources: Map<string, string>,
): TrainDecl | undefined {
  const found = module.trains.find(({ name }) => name.text === wanted);
  if (found !== undefined) return found;
  const known = module.trains.map(({ name }) => name.text);
  report.add('unknown-train', placeOfOption('train', wanted, options, sources), { name: wanted, known, near: suggest(wanted, known) });
  return undefined;
}

function parameterNames({ graph }: Program['entries'][number]): readonly string[] {
  return graph.parameters.flatMap(({ source }) => (source.kind === 'parameter' ? [source.parameter.name] : []));
}

/** The entry that is wanted, or all of them. Reports a name that none of them has. */
function chosenEntries(
  { name: model, entries }: Program,
  options: CompileOptions,
  report: Report,
  sources: Map<string, string>,
): Program['entries'] {
  const wanted = options.entry;
  if (wanted === undefined) return entries;
  const known = entries.map((entry) => entry.name);
  if (!known.includes(wanted)) {
    report.add('unknown-entry', placeOfOption('entry', wanted, options, sources), {
      model,
      name: wanted,
      known,
      near: suggest(wanted, known),
    });
  }
  return entries.filter((entry) => entry.name === wanted);
}

/** The parameters in the order of the graphs; those that no graph reads after the passes are left out. */
function parametersOf(entries: readonly CompiledEntry[]): readonly Parameter[] {
  // In a graph for training, a weight of the model is placed where the block uses the model.
  const stored = new Map<string, Parameter>();
  for (const { onnx } of entries)
    for (const { parameter } of onnx.parameters) if (!stored.has(parameter.name)) stored.set(parameter.name, parameter);
  return declaredParameters(stored.values());
}

/** The entries of the model itself, without the graphs of its training. */
export function ownEntries({ entries, training }: Pick<CompiledModel, 'entries' | 'training'>): readonly CompiledEntry[] {
  const added = new Set<CompiledEntry>(training?.entries);
  return entries.filter((entry) => !added.has(entry));
}
