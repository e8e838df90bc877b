import type { Parameter } from './3-graph/parameter.js';
import type { Unfoldable } from './5-optimize/unfoldable.js';
import { checkEmitLimits } from './6-emit/emit.js';
import { checkFolds } from './6-emit/weights/check-folds.js';
import { derivedSources } from './6-emit/weights/derived-weights.js';
import { initializeWeights } from './6-emit/weights/initialize-weights.js';
import { type ModelWeights, modelWeights, type WeightsOfModel, type WeightsOptions } from './6-emit/weights/model-weights.js';
import type { Emission } from './api/module.js';
import { checkModule } from './check-module.js';
import { type CompiledModel, type CompileOptions, type CompileResult, compile } from './compile.js';
import { plainDiagnostic } from './diagnostics/diagnostic.js';
import { Report } from './diagnostics/report.js';
import type { BinaryHost, Host } from './host.js';
import { defaultLimits, type Limits } from './limits.js';

export interface PrepareOptions {
  readonly settings: CompileOptions;
  readonly weights: WeightsOptions;
  /** What is made; default: `onnx`. */
  readonly emit?: readonly Emission[] | undefined;
  /** Whether nothing will be written. */
  readonly isOnlyChecked?: boolean | undefined;
  /** Called once the model is known to be correct, before its weights are opened or drawn. Whatever it throws ends the build. */
  readonly onCompiled?: ((model: CompiledModel) => void) | undefined;
}

/** What a build made before anything is written. */
export interface Preparation {
  readonly compiled: CompileResult;
  /** All diagnostics; writing the model may add to them. */
  readonly report: Report;
  /** Undefined if there was an error, which was reported. */
  readonly prepared: PreparedModel | undefined;
}

/** A correct model and its weights. Whoever asked for it writes it, and then closes the weights. */
export interface PreparedModel {
  readonly model: CompiledModel;
  readonly weights: ModelWeights;
  readonly limits: Limits;
}

/**
 * Compiles a model, checks what limits its file, and finds its weights: all that a build does before it writes. Throws `HostError` if a
 * source file cannot be read, and `TypeError` for a weights file if the host cannot open any.
 */
export function prepareModel(entry: string, host: Host & Partial<BinaryHost>, options: PrepareOptions): Preparation {
  return prepared(entry, host, options, []);
}

/** The most compilations until no weight is computed from others. */
const mostAttempts = 8;

/** `unfoldable` holds the weights from which nothing could be computed in earlier attempts, one for each attempt. */
function prepared(
  entry: string,
  host: Host & Partial<BinaryHost>,
  options: PrepareOptions,
  unfoldable: readonly Unfoldable[],
): Preparation {
  const compiled = compile(entry, host, { ...options.settings, unfoldable: unfoldable.flat() });
  const { model, sources, diagnostics } = compiled;
  const report = new Report(Number.POSITIVE_INFINITY, sources);
  for (const d of diagnostics) report.push(d);
  const failed: Preparation = { compiled, report, prepared: undefined };
  if (model === undefined) return failed;
  const limits = { ...defaultLimits, ...options.settings.limits };
  const place = model.checked.span;
  for (const { onnx, checked } of model.entries) checkEmitLimits(onnx, limits, report, checked.span);
  reportUnknownFrozen(model, options.weights, report);
  if (options.emit?.some((emission) => emission !== 'onnx') === true) checkModule(model, report);
  if (report.hasErrors) return failed;
  if (unfoldable.length === 0) options.onCompiled?.(model);
  const weights = modelWeights(stored(model), options.weights, host, report, place);
  if (weights === undefined) return failed;
  const drawn = initializeWeights(model.training?.added ?? [], options.weights.seed, report);
  const declared = new Map([...weights.sources, ...drawn]);
  const derived = derivedParameters(model);
  const folds = options.isOnlyChecked === true ? undefined : checkFolds(derived, declared);
  if (folds !== undefined && folds.unfoldable.length > 0 && unfoldable.length <= mostAttempts) {
    weights.close();
    const found = unfoldable.length < mostAttempts ? folds.unfoldable : model.parameters.map(({ name }) => new Set([name]));
    return prepared(entry, host, options, [...unfoldable, found]);
  }
  const all = new Map([...declared, ...derivedSources(derived, declared, folds?.bytes)]);
  return { compiled, report, prepared: { model, weights: { ...weights, sources: all, close: () => weights.close() }, limits } };
}

/** The tensors of the graphs that are computed from others. */
function derivedParameters({ entries }: CompiledModel): readonly Parameter[] {
  return entries.flatMap(({ onnx }) => onnx.parameters.map(({ parameter }) => parameter)).filter(({ derived }) => derived !== undefined);
}

/** Files of weights for models that the block does not have. */
function reportUnknownFrozen({ checked, training }: CompiledModel, { frozen }: WeightsOptions, report: Report): void {
  const known = training?.checked.frozen ?? [];
  const span = training?.checked.span ?? checked.span;
  for (const [name, file] of frozen)
    if (!known.includes(name)) report.add('weights-frozen', span, { name, file, block: training?.checked.name, known });
}

/** What is read from a file of weights or drawn: what the graphs have, and what training changes. */
function stored({ parameters, elsewhere, training }: CompiledModel): WeightsOfModel {
  const added = new Set(training?.added.map(({ name }) => name));
  const known = new Set(parameters.map(({ name }) => name));
  const all = [...parameters, ...(training?.state ?? []).filter(({ name }) => !known.has(name))];
  return { parameters: all.filter(({ name }) => !added.has(name)), elsewhere, frozen: training?.checked.frozen ?? [] };
}

/** What a build returns apart from its files, once they are made. The spans in it do not move. */
export function outcomeOf({ compiled, report }: Preparation): CompileResult {
  return { ...compiled, diagnostics: report.diagnostics.map(plainDiagnostic), failed: report.hasErrors };
}
