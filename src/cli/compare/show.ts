import { storedParameters, storedSizes } from '../../5-optimize/quantize/stored-sizes.js';
import { type Difference, differenceOf } from '../../runtime/pure/difference.js';
import type { TensorData } from '../../runtime/pure/tensor-data.js';
import { lines, type PlainText } from '../plain-text.js';
import type { Runnable } from '../run/runnable.js';
import { medianOf, time } from '../run/show.js';
import { columns } from '../table.js';
import { byteSize, counted, storedRows } from '../wording.js';

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
  /** Whether some of them are random. */
  readonly isDrawn: boolean;
  readonly provider: string;
  /** The text of `--quantize`. */
  readonly forms: string;
  readonly width: number | undefined;
}

/** The printed comparison: sizes, errors, times. */
export function comparison({ plain, small, inputs, isDrawn, exact, rounded, provider, forms, width }: Comparison): readonly PlainText[] {
  const [before, after] = [plain, small].map(bytesOf) as [number, number];
  const sizes = storedRows(storedSizes(storedParameters(small.built?.model.entries ?? [])));
  const states = new Set(plain.signature.states.map(({ output }) => output));
  const errors = [...exact.outputs].flatMap(([name, wanted]) => {
    const got = rounded.outputs.get(name);
    return got === undefined || states.has(name) || !/^b?f\d+$/.test(wanted.dtype) ? [] : [errorRow(name, differenceOf(got, wanted))];
  });
  const shapes = [...inputs].map(([name, { shape }]) => `${name} [${shape.join(', ')}]`);
  return [
    lines([`inputs: ${shapes.join(', ')}${isDrawn ? ', random where `--input` gives none' : ''}`]),
    lines([`size: ${byteSize(before)} -> ${byteSize(after)}, ${ratio(after, before)} of the original`]),
    columns(
      sizes.map((row) => [`  ${row[0]}`, ...row.slice(1)]),
      { width, right: [1] },
    ),
    columns([['output', 'error', 'largest error', 'largest number', 'same choice'], ...errors], {
      right: [1, 2, 3, 4],
      width,
      hasHead: true,
    }),
    lines(timeLines(exact.milliseconds, rounded.milliseconds, provider, forms)),
  ];
}

/** All files of a model. */
function bytesOf({ built }: Runnable): number {
  return (built?.files ?? []).reduce((sum, { size }) => sum + size, built?.dataFile?.size ?? 0);
}

function errorRow(name: string, { relative, largest, largestNumber, sameChoice }: Difference): readonly string[] {
  return [name, percent(relative), short(largest), short(largestNumber), sameChoice === undefined ? '-' : percent(sameChoice)];
}

/** The ratio up to which two medians count as equal: they vary by that much from run to run. */
const noise = 1.05;

function timeLines(exact: readonly number[], rounded: readonly number[], provider: string, forms: string): readonly string[] {
  const [before, after] = [medianOf(exact), medianOf(rounded)];
  const head = `time: ${time(before)} ms -> ${time(after)} ms, ${ratio(after, before)} of the original (medians of ${counted(exact.length, 'call')} each, alternating, on ${provider})`;
  return after <= before * noise ? [head] : [head, `${forms} is slower here than the original weights: it saves space, but no time`];
}

function ratio(after: number, before: number): string {
  return (after / before).toFixed(2);
}

function percent(share: number): string {
  return `${(100 * share).toPrecision(3)} %`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
