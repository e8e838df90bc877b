import type { AliasDecl, LayerDecl } from './1-syntax/ast.js';
import type { CheckedModel, Residual } from './2-check/checked-model.js';
import type { ModelChoice } from './2-check/models/choice.js';
import { type Module, ModuleLoader } from './2-check/modules/modules.js';
import { Session } from './2-check/session.js';
import { readSettings } from './2-check/settings/settings.js';
import { checkTraining } from './2-check/train/check-training.js';
import { trainsOf } from './2-check/train/trains-of.js';
import { checkAllowComments } from './2-check/warnings/allow-comments.js';
import { reportUnused } from './2-check/warnings/unused.js';
import { reportedAt } from './3-graph/graph.js';
import type { ProgramEntry } from './3-graph/program.js';
import { divisionsByZero } from './5-optimize/constant-divisors.js';
import type { History } from './5-optimize/history.js';
import { kernelGaps } from './5-optimize/kernel-gaps.js';
import { nodeBeyond, type OnnxGraph } from './5-optimize/lowering/onnx-graph.js';
import { type LoweringOptions, lowerToOnnx, optimize } from './5-optimize/pipeline.js';
import { scansOnCpu } from './5-optimize/scans-on-cpu.js';
import type { CompileOptions } from './api/options.js';
import type { CheckResult as PlainResult } from './api/results.js';
import { demandOptions } from './demand-options.js';
import { placeKey } from './diagnostics/anchor.js';
import { deviceCodes } from './diagnostics/catalog/device.js';
import { type Diagnostic, plainDiagnostic } from './diagnostics/diagnostic.js';
import { InternalError } from './diagnostics/internal-error.js';
import { Report } from './diagnostics/report.js';
import type { Span } from './diagnostics/span.js';
import { demandText } from './dims/fact-text.js';
import type { Host } from './host.js';
import type { Limits } from './limits.js';
import { defaultOpset } from './ops/opsets.js';

/** The result in the library's form, with the codes of the catalog. */
export interface CheckResult extends PlainResult {
  readonly diagnostics: readonly Diagnostic[];
}

export function residualsOf(model: CheckedModel | undefined): readonly Residual[] {
  return model?.entries.flatMap(({ residuals }) => residuals) ?? [];
}

/** The graph is optimized in place; `ranges` are the integers that its inputs may hold. Reports what has no value, and what leaves the device. */
export function lowered(
  { graph, ranges }: Pick<ProgramEntry, 'graph' | 'ranges'>,
  options: CompileOptions & Pick<LoweringOptions, 'fused' | 'quantization' | 'unfoldable'>,
  report: Report,
  place: Span,
  limits: Limits,
): { readonly onnx: OnnxGraph; readonly history: History } {
  const history = optimize(graph, options);
  for (const node of divisionsByZero(graph))
    report.add('division-by-zero', reportedAt(node.origin) ?? place, {
      message: 'division of integers by 0 has no value',
      help: 'the divisor is computed from constants, and holds a 0',
    });
  for (const scan of scansOnCpu(graph, options.target))
    report.add('scan-on-cpu', reportedAt(scan.origin) ?? place, { target: options.target ?? 'portable', length: scan.steps.length });
  const onnx = { ...lowerToOnnx(graph, options, history), ranges };
  for (const { span = place, outcome, gaps: operators } of kernelGaps(onnx, options.target)) {
    const { target = 'portable' } = options;
    if (outcome === 'untried') report.add('untried-kernel', span, { target, operators });
    else if (outcome === 'wrong-on-cpu') report.add('wrong-kernel', span, { target: 'cpu', operators });
    else if (outcome === 'wrong') report.add('wrong-kernel', span, { target, operators });
    else report.add('no-kernel', span, { target, operators, isLoaded: outcome === 'on-cpu' });
  }
  const { bodyDepth: limit } = limits;
  const deep = nodeBeyond(onnx.nodes, limit);
  if (deep !== undefined) report.add('control-flow-depth', reportedAt(deep) ?? place, { limit });
  return { onnx, history };
}

/** Warns about code without effect in the given file, but not in files that it imports. */
export function reportWarnings(session: Session, module: Module, { set = {}, config, setFrom, setIn }: CompileOptions): void {
  checkAllowComments(session.report, module);
  const given = [config, setFrom].map((object = '') => (typeof object === 'string' ? object : JSON.stringify(object)));
  const texts = [...Object.values(set), ...given, setIn?.text.slice(setIn.start, setIn.end) ?? ''];
  reportUnused(session, module, new Set(texts.flatMap((text) => text.match(/[A-Za-z_]\w*/g) ?? [])));
}

/** If there is no model, a message says why: a build that makes nothing must not look successful. */
export function demandReason(checked: CheckedModel | undefined, report: Report): void {
  if (checked === undefined && !report.hasErrors) throw new InternalError('there is no model, and no mistake was reported');
}

/** Under `strict`, reports what is left to run time, once for each place. */
export function refuseOpen(residuals: readonly Residual[], report: Report): void {
  const places = new Map<string, { readonly span: Span; readonly demands: Set<string> }>();
  for (const { code, span, facts } of residuals) {
    const key = `${code} ${placeKey(span)}`;
    const place = places.get(key) ?? { span, demands: new Set() };
    for (const fact of facts.values()) place.demands.add(demandText(fact));
    places.set(key, place);
  }
  for (const { span, demands } of places.values()) report.add('unproved', span, { demands: [...demands] });
}

export function hasSettings({ config, setIn, setFrom, set = {} }: CompileOptions): boolean {
  return config !== undefined || setIn !== undefined || setFrom !== undefined || Object.keys(set).length > 0;
}

/** `undefined` if a file of settings cannot be read. */
export function choiceOf(session: Session, options: CompileOptions, isOnly: boolean): ModelChoice | undefined {
  const settings = readSettings(session, options);
  return settings && { settings, isOnly, with: new Set(options.with ?? []), sizes: new Map(Object.entries(options.bind ?? {})) };
}

/** One compilation, or the checks of one file while it is edited. */
export interface Started {
  readonly report: Report;
  readonly loader: ModuleLoader;
  readonly session: Session;
  readonly module: Module;
}

/** Reads the entry file and what it imports. Throws `HostError` if that file cannot be read, or an option cannot have its value. */
export function start(entry: string, host: Host, options: CompileOptions): Started {
  const limits = demandOptions(options);
  const sources = new Map<string, string>();
  const report = new Report(limits.diagnostics, sources, options.denyFallback === true ? deviceCodes : []);
  const loader = new ModuleLoader(host, report, limits, sources);
  const module = loader.entry(entry);
  const { dtype: float = 'f32', target = 'portable', opset = defaultOpset(target) } = options;
  const session = new Session({ loader, report, limits, float, training: false, opset });
  return { report, loader, session, module };
}

/** The session in which `train` blocks are checked: like this one, but with training forms, or without them for held-out data. What it reports is reported here, too. */
export function trainingSession({ session, loader, report }: Pick<Started, 'session' | 'loader' | 'report'>, training = true): Session {
  const { limits, float, opset } = session;
  const own = new Report();
  const made = new Session({ loader, report: own, limits, float, training, startsStates: true, opset });
  own.onPush = (problem) => report.push(problem);
  return made;
}

/** Checks the blocks that train a model, which has been found correct. */
export function checkTrains(started: Started, decl: LayerDecl | AliasDecl, choice: ModelChoice): void {
  const { module, report } = started;
  const trains = report.hasErrors ? [] : trainsOf(module, decl);
  if (trains.length === 0) return;
  const session = trainingSession(started);
  for (const train of trains) checkTraining(session, module, train, choice);
}

/** The spans in it do not move when the file is checked again. */
export function result(report: Report, loader: ModuleLoader): CheckResult {
  return {
    diagnostics: report.diagnostics.map(plainDiagnostic),
    failed: report.hasErrors,
    sources: loader.sources,
    imports: loader.imports(),
  };
}
