import type { Parameter } from '../../3-graph/parameter.js';
import type { Note } from '../../diagnostics/diagnostic.js';
import type { Report } from '../../diagnostics/report.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { WeightNames } from './match-weights.js';
import type { OpenWeights } from './weight-file.js';

/** Longer lists of places are truncated, with the number of omitted ones. */
const mostPlaces = 20;
/** How many of the weights that are declared in one place are named. */
const mostNames = 4;

/** What helps if skipping what does not fit would leave nothing. */
export const nothingFits = 'no tensor of the file fits the model, so that nothing would be taken from it';

/** Reports the parameters that a file does not have; `extra` are the names of the tensors that no parameter takes. */
export function reportMissing(
  missing: readonly Parameter[],
  extra: readonly string[],
  { path: file, isCheckpoint }: OpenWeights,
  names: WeightNames,
  report: Report,
): void {
  const [first] = missing;
  if (first === undefined) return;
  // The state of an optimizer has the shapes and the names of weights, but does not consist of weights.
  const candidates = extra.filter((name) => !name.startsWith('optimizer.'));
  const texts = new Map(
    missing.map((parameter) => {
      const near = suggest(parameter.name, candidates).map((candidate) => `\`${inFile(candidate, names)}\``);
      return [parameter, near.length === 0 ? '' : ` (the file has ${near.join(', ')})`] as const;
    }),
  );
  const pattern = renaming(
    missing.map(({ name }) => inFile(name, names)),
    candidates.map((name) => inFile(name, names)),
  );
  const owner = names.frozen?.find((model) => missing.every(({ name }) => name.startsWith(`${model}.`)));
  const help = helpFor({ nothing: names.skipsMismatch === true, owner, pattern, isCheckpoint });
  report.add(
    'weights-missing',
    first.span,
    { file, count: missing.length },
    { notes: notesAt(texts), ...(help === undefined ? {} : { help }) },
  );
}

interface Circumstances {
  readonly nothing: boolean;
  /** The frozen model that all of the missing weights are of. */
  readonly owner: string | undefined;
  readonly pattern: string | undefined;
  readonly isCheckpoint: boolean;
}

/** More than the catalog's help, if something is known. */
function helpFor({ nothing, owner, pattern, isCheckpoint }: Circumstances): string | undefined {
  if (nothing) return nothingFits;
  if (owner !== undefined) return `the weights of \`${owner}\` can come from a file of their own: \`--weights ${owner}=FILE\``;
  if (pattern !== undefined) return `rename those of the file: \`--map "${pattern}"\``;
  return isCheckpoint
    ? 'a checkpoint has the weights that its training changes; with those that are frozen, they are in `best.weights.safetensors` of `archc train`, or in what `exportWeights()` of a trainer gives'
    : undefined;
}

/** Reports the parameters that are drawn, although there is a file, with the shape of those that the file has in another one. */
export function reportSkipped(skipped: ReadonlyMap<Parameter, string>, count: number, file: string, report: Report): void {
  const [first] = skipped.keys();
  if (first === undefined) return;
  report.add('weights-skipped', first.span, { file, count: skipped.size, of: count }, { notes: notesAt(skipped) });
}

/** A note for each place in the source, with the parameters that are declared there and what there is to say about them. */
function notesAt(texts: ReadonlyMap<Parameter, string>): readonly Note[] {
  const places = new Map<string, { readonly span: Note['span']; readonly texts: string[] }>();
  for (const [{ name, type, span }, text] of texts) {
    const key = `${span.file}:${span.start}:${span.end}`;
    const place = places.get(key) ?? { span, texts: [] };
    places.set(key, place);
    place.texts.push(`\`${name}\` ${showShape(type.shape.map(String))}${text}`);
  }
  const notes = [...places.values()].map(({ span, texts }): Note => {
    const rest = texts.length - mostNames;
    // The weights of layers in a loop differ only in their number.
    return { span, text: rest > 1 ? `${texts.slice(0, mostNames).join(', ')} and ${rest} more` : texts.join(', ') };
  });
  const [first] = notes;
  const rest = notes.length - mostPlaces;
  return rest > 0 && first !== undefined ? [...notes.slice(0, mostPlaces), { span: first.span, text: `and ${rest} more places` }] : notes;
}

/** The names in quotes, with the number of those that there is no room for. */
export function cut(names: readonly string[]): string {
  const rest = names.length - mostPlaces;
  const items = names.map((name) => `\`${name}\``);
  return rest > 0 ? `${items.slice(0, mostPlaces).join(', ')} and ${rest} more` : items.join(', ');
}

export function showShape(sizes: readonly string[]): string {
  return `[${sizes.join(', ')}]`;
}

/** The name of a weight in a file with the weights of one model, which are below its name in the other. */
export function inFile(name: string, { below }: WeightNames): string {
  return below === undefined ? name : name.slice(below.length + 1);
}

/** The pattern that removes a prefix from the names of the file, or adds one, so that everything missing is found. */
function renaming(missing: readonly string[], extra: readonly string[]): string | undefined {
  const [first = ''] = missing;
  const stored = new Set(extra);
  for (const name of extra) {
    if (name.endsWith(`.${first}`)) {
      const prefix = name.slice(0, -first.length);
      if (missing.every((wanted) => stored.has(prefix + wanted))) return `${prefix}*=*`;
    } else if (first.endsWith(`.${name}`)) {
      const prefix = first.slice(0, -name.length);
      if (missing.every((wanted) => wanted.startsWith(prefix) && stored.has(wanted.slice(prefix.length)))) return `*=${prefix}*`;
    }
  }
  return undefined;
}
