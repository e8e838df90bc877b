import type { Parameter } from '../../3-graph/parameter.js';
import { diagnostic } from '../../diagnostics/diagnostic.js';
import type { Report } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/span.js';
import { lowestFinite } from '../../ops/float-limits.js';
import type { DType } from '../../ops/types.js';
import { constantShape } from '../onnx/model.js';
import { canCast, storedSource } from './cast.js';
import { isTrainingState } from './checkpoint-format.js';
import { initializeWeights } from './initialize-weights.js';
import { mappedName, type NamePattern, patternProblem } from './name-map.js';
import { cut, inFile, nothingFits, reportMissing, reportSkipped, showShape } from './report-weights.js';
import type { StoredTensor } from './stored-tensor.js';
import type { TensorSource } from './tensor-source.js';
import { UnusableWeight } from './unusable-weight.js';
import type { OpenWeights } from './weight-file.js';

/** How the names in a file become those of the model. */
export interface WeightNames {
  /** Names that differ; the first pattern that matches is used. */
  readonly patterns: readonly NamePattern[];
  /** The model is used by another one under this name, below which its weights are: `teacher` for `teacher.fc.weight`. */
  readonly below?: string | undefined;
  /** Whether parameters that the file does not have, or has in another shape or kind, are left out and listed. */
  readonly skipsMismatch?: boolean | undefined;
  /** Names of frozen models, below which their weights are in this file. They could be in files of their own. */
  readonly frozen?: readonly string[] | undefined;
}

/** Where the weights of a build come from, parameter by parameter, and what was converted in the process. */
export interface MatchedWeights {
  readonly sources: ReadonlyMap<string, TensorSource>;
  /** Floats are converted to the model's width automatically; callers report it. */
  readonly casts: readonly { readonly from: DType; readonly to: DType; readonly count: number }[];
  /** Buffers that are missing from the file and keep their computed values. */
  readonly computed: readonly string[];
  /** The parameters that the file does not give, if that is allowed. */
  readonly skipped: readonly Parameter[];
  /** The patterns that have renamed something. */
  readonly used: ReadonlySet<NamePattern>;
}

/**
 * Gives each parameter the tensor with its name. A parameter without one, or with one of another shape or kind, is an error, except a
 * buffer whose value is computed: PyTorch omits non-persistent ones. `skipsMismatch` makes it a warning, unless no parameter has a tensor. A tensor that no parameter takes is a warning, apart from
 * PyTorch's `num_batches_tracked` counters and what else a checkpoint of archc has, which inference does not use, and the weights `elsewhere`, of entries that are not built. Every problem is reported,
 * at the parameter if it has one and else at `place`.
 */
export function matchWeights(
  parameters: readonly Parameter[],
  weights: OpenWeights,
  names: WeightNames,
  report: Report,
  place: Span,
  elsewhere: ReadonlySet<string> = new Set(),
): MatchedWeights {
  const { path: file } = weights;
  const { stored, used } = renamed(weights, names, report, place);
  const sources = new Map<string, TensorSource>();
  const casts = new Map<string, { from: DType; to: DType; count: number }>();
  const missing: Parameter[] = [];
  const unlike = new Map<Parameter, StoredTensor>();
  const computed: Parameter[] = [];
  for (const parameter of parameters) {
    const tensor = stored.get(parameter.name);
    if (tensor === undefined) {
      const keeps = !parameter.trainable && parameter.init.kind === 'computed';
      (keeps ? computed : missing).push(parameter);
      continue;
    }
    stored.delete(parameter.name);
    const { dtype } = parameter.type;
    if (!fits(parameter, tensor)) {
      unlike.set(parameter, tensor);
      continue;
    }
    sources.set(
      parameter.name,
      storedSource(tensor, dtype, (value) => tooLarge(parameter, tensor, value)),
    );
    if (tensor.dtype === undefined || tensor.dtype === dtype) continue;
    const key = `${tensor.dtype} ${dtype}`;
    casts.set(key, { from: tensor.dtype, to: dtype, count: (casts.get(key)?.count ?? 0) + 1 });
  }
  const extra = [...stored].filter(([name, tensor]) => !isIgnored(tensor, weights) && !elsewhere.has(name)).map(([name]) => name);
  extra.sort();
  const isSkipping = names.skipsMismatch === true && sources.size > 0;
  const skipped = isSkipping ? parameters.filter((parameter) => missing.includes(parameter) || unlike.has(parameter)) : [];
  if (isSkipping) {
    const texts = skipped.map((parameter) => [parameter, differenceText(unlike.get(parameter))] as const);
    reportSkipped(new Map(texts), parameters.length, file, report);
  } else {
    for (const [parameter, tensor] of unlike) reportUnlike(parameter, tensor, file, names, report);
    reportMissing(missing, extra, weights, names, report);
  }
  if (extra.length > 0)
    report.add('weights-unexpected', place, { file, count: extra.length, names: cut(extra.map((name) => inFile(name, names))) });
  for (const [name, source] of initializeWeights(computed, 0, report)) sources.set(name, source);
  return { sources, casts: [...casts.values()], computed: computed.map(({ name }) => name), skipped, used };
}

/** Whether a tensor that no parameter takes need not be mentioned. */
function isIgnored(tensor: StoredTensor, { isCheckpoint }: OpenWeights): boolean {
  return tensor.name.endsWith('num_batches_tracked') || (isCheckpoint && isTrainingState(tensor));
}

/** The tensors under their names in the model. */
function renamed(
  weights: OpenWeights,
  { patterns, below }: WeightNames,
  report: Report,
  place: Span,
): { readonly stored: Map<string, StoredTensor>; readonly used: ReadonlySet<NamePattern> } {
  const used = new Set<NamePattern>();
  const stored = new Map<string, StoredTensor>();
  for (const tensor of weights.tensors.values()) {
    const { name: own, pattern } = mappedName(tensor.name, patterns);
    if (pattern !== undefined) used.add(pattern);
    const name = below === undefined ? own : `${below}.${own}`;
    const other = stored.get(name);
    if (other === undefined) stored.set(name, tensor);
    else report.add('weights-map-collision', place, { name, first: other.name, second: tensor.name });
  }
  return { stored, used };
}

/** The patterns that can be used; the others are reported. */
export function usablePatterns(patterns: readonly NamePattern[], report: Report, place: Span): readonly NamePattern[] {
  return patterns.filter((pattern) => {
    const problem = patternProblem(pattern);
    if (problem !== undefined) report.add('weights-map', place, { pattern: showPattern(pattern), problem });
    return problem === undefined;
  });
}

/** Reports the patterns that have renamed nothing in these files. */
export function reportUnused(
  patterns: readonly NamePattern[],
  used: ReadonlySet<NamePattern>,
  files: readonly string[],
  report: Report,
  place: Span,
): void {
  for (const pattern of patterns)
    if (!used.has(pattern)) report.add('weights-map-unused', place, { pattern: showPattern(pattern), file: files.join(' and ') });
}

function showPattern({ from, to }: NamePattern): string {
  return `${from}=${to}`;
}

function fits({ name, type }: Parameter, tensor: StoredTensor): boolean {
  return sameShape(constantShape(type, name), tensor.shape) && tensor.dtype !== undefined && canCast(tensor.dtype, type.dtype);
}

function reportUnlike(
  { name, span, type }: Parameter,
  tensor: StoredTensor,
  file: string,
  { skipsMismatch }: WeightNames,
  report: Report,
): void {
  const help = skipsMismatch === true ? { help: nothingFits } : {};
  const shape = constantShape(type, name);
  if (sameShape(shape, tensor.shape)) {
    report.add('weights-type', span, { name, wanted: type.dtype, got: tensor.dtype ?? tensor.storedType, file }, help);
    return;
  }
  const wanted = shape.map(String);
  const got = tensor.shape.map(String);
  const transposed = shape.length === 2 && sameShape(shape, [...tensor.shape].reverse());
  const params = { name, wanted: showShape(wanted), got: showShape(got), file, transposed };
  const table = wanted.length === got.length ? { table: { wanted, got } } : {};
  report.add('weights-shape', span, params, { ...table, ...help });
}

/** What the file has instead of a parameter. */
function differenceText(tensor: StoredTensor | undefined): string {
  return tensor === undefined ? '' : ` (the file has ${showShape(tensor.shape.map(String))} ${tensor.dtype ?? tensor.storedType})`;
}

function tooLarge({ name, span, type }: Parameter, { path }: StoredTensor, value: number): UnusableWeight {
  const largest = -lowestFinite(type.dtype);
  return new UnusableWeight(
    diagnostic('weights-value', span, { name, value, type: type.dtype, largest, origin: { kind: 'file', file: path } }),
  );
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}
