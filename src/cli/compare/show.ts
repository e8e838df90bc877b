import { differenceOf } from '../../runtime/pure/difference.js';
import { sizeNames } from '../../runtime/pure/signature.js';
import type { TensorData } from '../../runtime/pure/tensor-data.js';
import { lines, type PlainText } from '../plain-text.js';
import { type ComparedOutput, errorTable, lostNotes, undefinedNotes } from '../run/output-errors.js';
import type { Runnable } from '../run/runnable.js';
import { medianOf, time } from '../run/show.js';
import { asksForFewerBits, refusalLines, storedWeights } from '../stored-weights.js';
import { columns } from '../table.js';
import { byteSize, counted, storedRows } from '../wording.js';
import type { Device } from './device.js';

/** The results and times of a model that was called several times. */
export interface Calls {
  readonly outputs: ReadonlyMap<string, TensorData>;
  readonly milliseconds: readonly number[];
}

/** Two builds of a model that ran on the same inputs. */
export interface Comparison {
  readonly plain: Runnable;
  readonly small: Runnable;
  readonly exact: Calls;
  readonly rounded: Calls;
  readonly inputs: ReadonlyMap<string, TensorData>;
  /** The inputs that are random. */
  readonly drawn: ReadonlyMap<string, TensorData>;
  /** The names of sizes that nothing determined. */
  readonly chosen: readonly string[];
  readonly device: Device;
  /** The text of `--quantize`. */
  readonly forms: string;
  readonly width: number | undefined;
}

/** The printed comparison: sizes, errors, times. It failed if the quantized model has no numbers where the original has some, or if nothing could be compared. */
export interface ShownComparison {
  readonly texts: readonly PlainText[];
  /** What went wrong. */
  readonly faults: readonly string[];
}

export function comparison(parts: Comparison): ShownComparison {
  const { plain, small, inputs, drawn, chosen, exact, rounded, device, forms, width } = parts;
  const [before, after] = [plain, small].map(bytesOf) as [number, number];
  const { sizes, hints } = small.built === undefined ? { sizes: [], hints: [] } : storedWeights(small.built.model);
  const reasons = hints.length === 0 || small.built === undefined ? [] : refusalLines(small.built.model);
  const outputs = comparedOutputs(parts);
  const shapes = [...inputs].map(([name, { shape }]) => `${name} [${shape.join(', ')}]`);
  const isEmpty = outputs.every(({ difference: { rows, undefinedRows } }) => undefinedRows.length === rows);
  const texts = [
    lines([`inputs: ${shapes.join(', ')}${drawn.size === 0 ? '' : ', random where `--input` gives none'}`]),
    lines(
      chosen.length === 0
        ? []
        : [
            `  archc chose ${chosen.join(', ')}: \`--bind ${chosen.map((name) => `${name}=..`).join(',')}\` sets ${chosen.length === 1 ? 'it' : 'them'}`,
          ],
    ),
    lines([`size: ${byteSize(before)} -> ${byteSize(after)}, ${ratio(after, before)} of the original`]),
    columns(
      storedRows(sizes).map((row) => [`  ${row[0]}`, ...row.slice(1)]),
      { width, right: [1] },
    ),
    lines(
      asksForFewerBits(forms) && hints.length > 0
        ? [reasons.length === 0 ? (hints[0] ?? '') : 'much of this is not quantized:', ...reasons]
        : [],
    ),
    errorTable(outputs, width),
    lines(undefinedNotes(outputs, drawn)),
    lines(timeLines(exact.milliseconds, rounded.milliseconds, device, forms)),
  ];
  const faults = [
    ...lostNotes(outputs, `with ${forms}`),
    ...(isEmpty ? ['nothing could be compared: the original has no row without NaN'] : []),
  ];
  return { texts, faults };
}

/** Without the states of the model, unless it has no other outputs. */
function comparedOutputs({ plain, exact, rounded }: Comparison): readonly ComparedOutput[] {
  const states = new Set(plain.signature.states.map(({ output }) => output));
  const own = [...exact.outputs].filter(([name]) => !states.has(name));
  return (own.length === 0 ? [...exact.outputs] : own).flatMap(([name, wanted]) => {
    const got = rounded.outputs.get(name);
    const isSame = got !== undefined && got.shape.join() === wanted.shape.join();
    return isSame ? [{ name, dtype: wanted.dtype, difference: differenceOf(got, wanted) }] : [];
  });
}

/** The names of sizes that neither `--bind` nor a given input determines. */
export function chosenSizes(
  { signature: { inputs } }: Runnable,
  bound: Iterable<string>,
  given: ReadonlyMap<string, unknown>,
): readonly string[] {
  const known = new Set([...bound, ...sizeNames(inputs.filter(({ name }) => given.has(name)))]);
  return sizeNames(inputs).filter((name) => !known.has(name));
}

/** All files of a model. */
function bytesOf({ built }: Runnable): number {
  return (built?.files ?? []).reduce((sum, { size }) => sum + size, built?.dataFile?.size ?? 0);
}

/** The ratio up to which two medians count as equal: they vary by that much from run to run. */
const noise = 1.05;

function timeLines(exact: readonly number[], rounded: readonly number[], { provider, note }: Device, forms: string): readonly string[] {
  const [before, after] = [medianOf(exact), medianOf(rounded)];
  const head = `time: ${time(before)} ms -> ${time(after)} ms, ${ratio(after, before)} of the original (medians of ${counted(exact.length, 'call')} each, alternating, on ${provider})`;
  if (note !== undefined) return [head, note];
  return after <= before * noise || !asksForFewerBits(forms)
    ? [head]
    : [head, `${forms} is slower here than the original weights: it saves space, but no time`];
}

function ratio(after: number, before: number): string {
  return (after / before).toFixed(2);
}
