import { checkDeclarations } from './2-check/check.js';
import type { CheckedEntry, CheckedModel, Residual } from './2-check/checked-model.js';
import { spanKey } from './2-check/context.js';
import { checkModel } from './2-check/models/check-model.js';
import type { ModelChoice } from './2-check/models/choice.js';
import { chooseModel, isComplete, modelsOf, trainedModels } from './2-check/models/choose-model.js';
import { type Module, ModuleLoader } from './2-check/modules/modules.js';
import { Session } from './2-check/session.js';
import { noSettings, readSettings } from './2-check/settings/settings.js';
import { checkAllowComments } from './2-check/warnings/allow-comments.js';
import { reportUnused } from './2-check/warnings/unused.js';
import { elaborate } from './3-graph/elaborate.js';
import type { Graph } from './3-graph/graph.js';
import type { Parameter } from './3-graph/parameter.js';
import type { Program } from './3-graph/program.js';
import { divisionsByZero } from './5-optimize/constant-divisors.js';
import { nodeBeyond, type OnnxGraph } from './5-optimize/lowering/onnx-graph.js';
import { lowerToOnnx, optimize } from './5-optimize/pipeline.js';
import { scansOnCpu } from './5-optimize/scans-on-cpu.js';
import { checkEmission } from './6-emit/check-emission.js';
import type { CheckOptions, CompileOptions } from './api/options.js';
import type { CheckResult as PlainResult } from './api/results.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { InternalError } from './diagnostics/internal-error.js';
import { Report } from './diagnostics/report.js';
import type { Span } from './diagnostics/span.js';
import { suggest } from './diagnostics/suggest.js';
import { demandText } from './dims/fact-text.js';
import { type Host, HostError } from './host.js';
import { limitTable } from './limit-table.js';
import { defaultLimits, type Limits, limitProblem } from './limits.js';
import { append } from './lists.js';

export type { CheckOptions, CompileOptions } from './api/options.js';

/** As the library has it, with the codes of the catalog. */
export interface CheckResult extends PlainResult {
  readonly diagnostics: readonly Diagnostic[];
}

/** What `compile` makes, for those who go on with it: the library describes the model instead. */
export interface CompileResult extends CheckResult {
  /** Absent if there was an error. */
  readonly model?: CompiledModel | undefined;
}

export interface CompiledModel {
  readonly name: string;
  readonly checked: CheckedModel;
  /** The stored tensors of all entries, each once. */
  readonly parameters: readonly Parameter[];
  /** At least one; a model with a signature of its own has the entry `forward`. */
  readonly entries: readonly CompiledEntry[];
}

export interface CompiledEntry {
  readonly name: string;
  readonly checked: CheckedEntry;
  /** The optimized graph of archc operators. */
  readonly graph: Graph;
  /** What is written: ONNX nodes. */
  readonly onnx: OnnxGraph;
}

/**
 * The whole pipeline: source -> syntax -> types -> graph -> passes -> ONNX nodes. Throws `HostError` if the entry file cannot be read, or if archc does not
 * write the opset.
 */
export function compile(entry: string, host: Host, options: CompileOptions = {}): CompileResult {
  const { report, loader, session, module } = start(entry, host, options);
  const decl = chooseModel(session, module, options.model);
  checkDeclarations(session, module);
  const choice = decl === undefined ? undefined : choiceOf(session, options, true);
  const checked = decl === undefined || choice === undefined || report.hasErrors ? undefined : checkModel(session, module, decl, choice);
  demandReason(checked, report);
  if (options.strict === true) refuseOpen(residualsOf(checked), report);
  const program = checked === undefined ? undefined : elaborate(checked, report, session.limits, { edge: options.io, taps: options.tap });
  if (checked === undefined || program === undefined || report.hasErrors) return result(report, loader);
  reportWarnings(session, module, options);
  const chosen = chosenEntries(program, options.entry, report, checked.span);
  const entries = chosen.map((entry) => ({ ...entry, onnx: lowered(entry.graph, options, report, entry.checked.span, session.limits) }));
  if (report.hasErrors) return result(report, loader);
  return { ...result(report, loader), model: { name: checked.name, checked, parameters: parametersOf(entries), entries } };
}

/** The entry that is wanted, or all of them. Reports a name that none of them has. */
function chosenEntries({ name: model, entries }: Program, wanted: string | undefined, report: Report, place: Span): Program['entries'] {
  if (wanted === undefined) return entries;
  const known = entries.map((entry) => entry.name);
  if (!known.includes(wanted)) report.add('unknown-entry', place, { model, name: wanted, known, near: suggest(wanted, known) });
  return entries.filter((entry) => entry.name === wanted);
}

/** In the order of the graphs; those that no graph reads after the passes are left out. */
function parametersOf(entries: readonly CompiledEntry[]): readonly Parameter[] {
  const all = new Map<string, Parameter>();
  for (const { onnx } of entries) for (const { parameter } of onnx.parameters) all.set(parameter.name, parameter);
  return [...all.values()];
}

function residualsOf(model: CheckedModel | undefined): readonly Residual[] {
  return model?.entries.flatMap(({ residuals }) => residuals) ?? [];
}

/** The graph is optimized in place. Reports what has no value, and what leaves the device. */
function lowered(graph: Graph, options: CompileOptions, report: Report, place: Span, limits: Limits): OnnxGraph {
  optimize(graph, options);
  for (const node of divisionsByZero(graph))
    report.add('division-by-zero', node.origin.span ?? place, {
      message: 'division of integers by 0 has no value',
      help: 'the divisor is computed from constants, and holds a 0',
    });
  for (const scan of scansOnCpu(graph, options.target))
    report.add('scan-on-cpu', scan.origin.span ?? place, { target: options.target ?? 'portable', length: scan.steps.length });
  const onnx = lowerToOnnx(graph, options);
  const { bodyDepth: limit } = limits;
  const deep = nodeBeyond(onnx.nodes, limit);
  if (deep !== undefined) report.add('control-flow-depth', deep.span ?? place, { limit });
  return onnx;
}

/**
 * Checks a file: every declaration on its own, and every model that can be built without further settings, with its `train` blocks. Throws `HostError` as
 * `compile` does, but for an opset only with `lower`.
 */
export function check(entry: string, host: Host, options: CheckOptions = {}): CheckResult {
  const { report, loader, session, module } = start(entry, host, options);
  checkDeclarations(session, module);
  const chosen =
    options.model === undefined ? modelsOf(module) : [chooseModel(session, module, options.model)].filter((m) => m !== undefined);
  const choice = choiceOf(session, options, chosen.length === 1);
  const isMeant = options.model !== undefined || (chosen.length === 1 && hasSettings(options));
  const open: Residual[] = [];
  const graphs: { readonly graph: Graph; readonly place: Span }[] = [];
  const canBuild = !report.hasErrors;
  for (const decl of chosen) {
    const complete = isMeant || isComplete(session, module, decl);
    if (!complete || choice === undefined || !canBuild) continue;
    report.endRound();
    const checked = checkModel(session, module, decl, choice);
    demandReason(checked, report);
    if (checked === undefined) continue;
    append(open, residualsOf(checked));
    const { entries } = elaborate(checked, report, session.limits, { edge: options.io });
    if (options.lower === true)
      append(
        graphs,
        entries.map(({ graph, checked: { span } }) => ({ graph, place: span })),
      );
  }
  if (options.strict === true) refuseOpen(open, report);
  const trained = report.hasErrors || options.model !== undefined ? [] : trainedModels(session, module);
  for (const decl of trained) checkModel(session, module, decl, asDeclared);
  if (report.hasErrors) return result(report, loader);
  reportWarnings(session, module, options);
  for (const { graph, place } of graphs) {
    report.endRound();
    checkEmission(lowered(graph, options, report, place, session.limits), report, place, session.limits);
  }
  return result(report, loader);
}

/** Warns about code without effect in the given file, but not in files that it imports. */
function reportWarnings(session: Session, module: Module, { set = {}, config, setFrom }: CompileOptions): void {
  checkAllowComments(session.report, module);
  const given = [config, setFrom].map((file) => (typeof file === 'string' ? session.loader.sources.get(file) : JSON.stringify(file ?? '')));
  const texts = [...Object.values(set), ...given.map((text) => text ?? '')];
  reportUnused(session, module, new Set(texts.flatMap((text) => text.match(/[A-Za-z_]\w*/g) ?? [])));
}

/** If there is no model, a message says why: a build that makes nothing must not look successful. */
function demandReason(checked: CheckedModel | undefined, report: Report): void {
  if (checked === undefined && !report.hasErrors) throw new InternalError('there is no model, and no mistake was reported');
}

/** Under `strict`: what is left to run time, once for each place. */
function refuseOpen(residuals: readonly Residual[], report: Report): void {
  const places = new Map<string, { readonly span: Span; readonly demands: Set<string> }>();
  for (const { code, span, facts } of residuals) {
    const key = `${code} ${spanKey(span)}`;
    const place = places.get(key) ?? { span, demands: new Set() };
    for (const fact of facts.values()) place.demands.add(demandText(fact));
    places.set(key, place);
  }
  for (const { span, demands } of places.values()) report.add('unproved', span, { demands: [...demands] });
}

/** Nothing is set from outside. */
const asDeclared: ModelChoice = { settings: noSettings, isOnly: true, with: new Set(), sizes: new Map() };

function hasSettings({ config, setFrom, set = {} }: CompileOptions): boolean {
  return config !== undefined || setFrom !== undefined || Object.keys(set).length > 0;
}

/** `undefined` if a file of settings cannot be read. */
function choiceOf(session: Session, options: CompileOptions, isOnly: boolean): ModelChoice | undefined {
  const settings = readSettings(session, options);
  return settings && { settings, isOnly, with: new Set(options.with ?? []), sizes: new Map(Object.entries(options.bind ?? {})) };
}

function start(
  entry: string,
  host: Host,
  options: CompileOptions,
): { report: Report; loader: ModuleLoader; session: Session; module: Module } {
  const limits = { ...defaultLimits, ...options.limits };
  for (const name of Object.keys(limitTable) as (keyof Limits)[]) {
    const problem = limitProblem(name, limits[name]);
    if (problem !== undefined) throw new HostError(`the limit ${name} cannot be ${limits[name]}: ${problem}`);
  }
  const sources = new Map<string, string>();
  const report = new Report(limits.diagnostics, sources);
  const loader = new ModuleLoader(host, report, limits, sources);
  const module = loader.entry(entry);
  const session = new Session({ loader, report, limits, float: options.dtype ?? 'f32', training: false, opset: options.opset });
  return { report, loader, session, module };
}

function result(report: Report, loader: ModuleLoader): CheckResult {
  return { diagnostics: report.diagnostics, failed: report.hasErrors, sources: loader.sources, imports: loader.imports() };
}
