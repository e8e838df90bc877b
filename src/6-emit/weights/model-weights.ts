import type { Parameter } from '../../3-graph/parameter.js';
import type { Report } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/span.js';
import type { BinaryHost } from '../../host.js';
import { initializeWeights } from './initialize-weights.js';
import { type MatchedWeights, matchWeights, reportUnused, usablePatterns } from './match-weights.js';
import type { NamePattern } from './name-map.js';
import { type OpenWeights, openWeights } from './weight-file.js';

/** Where the weights of a model come from. */
export interface WeightsOptions {
  /** A safetensors file, or the index of a sharded one; without it, weights are drawn from the seed. */
  readonly file: string | undefined;
  /** Files with the weights of frozen models of a `train` block, by their names there. */
  readonly frozen: ReadonlyMap<string, string>;
  /** Names in the file that differ from the model's; the first pattern that matches is used. */
  readonly patterns: readonly NamePattern[];
  /** Whether parameters of the model that `file` does not have, or has in another shape or kind, are drawn from the seed, and listed. */
  readonly skipsMismatch?: boolean | undefined;
  readonly seed: number;
}

/** The weights of all parameters, ready to be written. They may be read from files that stay open until `close` is called. */
export interface ModelWeights extends MatchedWeights {
  /** The files that they are read from. */
  readonly files: readonly string[];
  close(): void;
}

/** The weights of the entries that are built, and the names of the weights of the other entries. */
export interface WeightsOfModel {
  readonly parameters: readonly Parameter[];
  readonly elsewhere: ReadonlySet<string>;
  /** The names of frozen models of a `train` block, below which their weights are. */
  readonly frozen: readonly string[];
}

/**
 * The weights of a model, read from files or drawn from a seed. Problems are reported at their parameter, or at `place`; the result is then
 * undefined. Throws `TypeError` if a file is given but the host cannot open files.
 */
export function modelWeights(
  { parameters, elsewhere, frozen }: WeightsOfModel,
  options: WeightsOptions,
  host: Pick<BinaryHost, 'resolve'> & Partial<BinaryHost>,
  report: Report,
  place: Span,
): ModelWeights | undefined {
  const parts = partsOf(parameters, options);
  const drawn = parts.flatMap((part) => (part.file === undefined ? part.parameters : []));
  const sources = new Map(initializeWeights(drawn, options.seed, report));
  const patterns = parts.every(({ file }) => file === undefined) ? [] : usablePatterns(options.patterns, report, place);
  const opened: OpenWeights[] = [];
  const close = () => {
    for (const weights of opened) weights.close();
  };
  const found: MatchedWeights[] = [];
  for (const { parameters, file, below } of parts) {
    if (file === undefined) continue;
    const { openBinary, resolve } = host;
    if (openBinary === undefined) throw new TypeError('this host cannot open weights files');
    const weights = openWeights(file, { openBinary, resolve }, report, place);
    if (weights === undefined) continue;
    opened.push(weights);
    const names = below === undefined ? { patterns, frozen, skipsMismatch: options.skipsMismatch } : { patterns, below };
    const matched = matchWeights(parameters, weights, names, report, place, below === undefined ? elsewhere : undefined);
    found.push(matched);
    for (const [name, source] of initializeWeights(matched.skipped, options.seed, report)) sources.set(name, source);
  }
  const used = new Set(found.flatMap((matched) => [...matched.used]));
  const files = parts.flatMap(({ file }) => file ?? []);
  if (found.length === files.length) reportUnused(patterns, used, files, report, place);
  if (report.hasErrors) {
    close();
    return undefined;
  }
  for (const matched of found) for (const [name, source] of matched.sources) sources.set(name, source);
  const paths = new Set([...files, ...opened.flatMap(({ tensors }) => [...tensors.values()].map(({ path }) => path))]);
  return {
    sources,
    casts: found.flatMap(({ casts }) => casts),
    computed: found.flatMap(({ computed }) => computed),
    skipped: found.flatMap(({ skipped }) => skipped),
    used,
    files: [...paths],
    close,
  };
}

/** Parameters whose weights are together, in one file or drawn. */
interface Part {
  readonly parameters: readonly Parameter[];
  readonly file: string | undefined;
  readonly below: string | undefined;
}

/** The parts of a model: models with a file of their own, and the rest. */
function partsOf(parameters: readonly Parameter[], { file, frozen }: WeightsOptions): readonly Part[] {
  const below = new Map<string, Parameter[]>([...frozen.keys()].map((name) => [name, []]));
  const rest: Parameter[] = [];
  for (const parameter of parameters) {
    const owner = [...below.keys()].find((name) => parameter.name.startsWith(`${name}.`));
    (below.get(owner ?? '') ?? rest).push(parameter);
  }
  const parts = [...below].map(([name, own]): Part => ({ parameters: own, file: frozen.get(name), below: name }));
  return [{ parameters: rest, file, below: undefined }, ...parts];
}
