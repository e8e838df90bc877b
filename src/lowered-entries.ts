import type { CheckedEntry } from './2-check/checked-model.js';
import type { Graph } from './3-graph/graph.js';
import { declaredParameters, type Parameter } from './3-graph/parameter.js';
import type { Program } from './3-graph/program.js';
import type { History } from './5-optimize/history.js';
import type { OnnxGraph } from './5-optimize/lowering/onnx-graph.js';
import type { Quantization } from './5-optimize/quantize/quantization.js';
import { storedParameters } from './5-optimize/quantize/stored-sizes.js';
import { allowance, storedBytes } from './5-optimize/stored-weights.js';
import type { Unfoldable } from './5-optimize/unfoldable.js';
import type { CompileOptions } from './api/options.js';
import { Report } from './diagnostics/report.js';
import type { Limits } from './limits.js';
import type { ValueRange } from './ops/value-range.js';
import { lowered } from './stages.js';

/** One graph: an entry of the model, or of a `train` block. */
export interface CompiledEntry {
  readonly name: string;
  readonly checked: CheckedEntry;
  /** The optimized graph of archc operators. */
  readonly graph: Graph;
  /** The ONNX nodes that are written. */
  readonly onnx: OnnxGraph;
  /** What optimization did; undefined for the graphs of a training. */
  readonly history?: History | undefined;
  /** The inputs that are i64 in the source, but i32 in the file. None if left out. */
  readonly narrow?: readonly string[] | undefined;
  /** Which integers its inputs may hold, if not all. */
  readonly ranges: ReadonlyMap<string, ValueRange>;
}

type Entries = Program['entries'];
type Settings = CompileOptions & { readonly quantization: Quantization | undefined; readonly unfoldable?: Unfoldable };

/**
 * The ONNX graphs of entries, which share the weights that are computed from others. If entries compute different ones, and would together store more than before, the weights stay as they
 * are. `again` makes new graphs, because they are optimized in place.
 */
export function loweredEntries(
  entries: Entries,
  again: () => Entries,
  options: Settings,
  report: Report,
  limits: Limits,
): readonly CompiledEntry[] {
  const keepsWeights = { ...options, optimize: options.optimize === 0 ? 0 : 1 } as const;
  const lower = (of: Entries, settings: Settings, to: Report) =>
    of.map((entry) => ({ ...entry, ...lowered(entry, settings, to, entry.checked.span, limits) }));
  // A trained model keeps its weights, because the graphs of its training read them, too.
  if (options.train !== undefined) return lower(entries, keepsWeights, report);
  if (entries.length === 1) return lower(entries, options, report);
  let attempt = new Report();
  let made = lower(entries, options, attempt);
  const kept = new Set<string>();
  for (let isShared = !growTogether(made) && weightsInTwoForms(made).size === 0; !isShared; isShared = weightsInTwoForms(made).size === 0) {
    attempt = new Report();
    const { quantization } = options;
    made = lower(again(), { ...keepsWeights, quantization: quantization && { ...quantization, kept } }, attempt);
    for (const name of weightsInTwoForms(made)) kept.add(name);
  }
  for (const problem of attempt.diagnostics) report.push(problem);
  return made;
}

/** Whether everything that the entries store is larger than the declared weights. */
function growTogether(entries: readonly CompiledEntry[]): boolean {
  const stored = storedParameters(entries);
  const bytes = (of: readonly Parameter[]) => of.reduce((sum, { type }) => sum + storedBytes(type), 0);
  return bytes(stored) > bytes(declaredParameters(stored)) + allowance * stored.length;
}

/** The weights that entries store in two different forms: as they are and computed, or computed in two ways. */
function weightsInTwoForms(entries: readonly CompiledEntry[]): ReadonlySet<string> {
  const stored = entries.flatMap(({ onnx }) => onnx.parameters.map(({ parameter }) => parameter));
  const asTheyAre = new Set(stored.flatMap(({ name, derived }) => (derived === undefined ? [name] : [])));
  const texts = new Map<string, string>();
  const mixed = new Set<string>();
  for (const { name, derived } of stored) {
    if (derived === undefined) continue;
    const isOther = (texts.get(name) ?? derived.text) !== derived.text;
    texts.set(name, derived.text);
    for (const parameter of derived.from) if (isOther || asTheyAre.has(parameter.name)) mixed.add(parameter.name);
  }
  return mixed;
}
