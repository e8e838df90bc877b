import type { Difference } from '../../runtime/pure/difference.js';
import type { TensorData } from '../../runtime/pure/tensor-data.js';
import type { PlainText } from '../plain-text.js';
import { columns } from '../table.js';
import { counted, shapeText } from '../wording.js';

/** An output of two models that ran on the same inputs. */
export interface ComparedOutput {
  readonly name: string;
  readonly dtype: string;
  readonly difference: Difference;
}

const head = ['output', 'error', 'largest error', 'largest number', 'cosine', 'same choice'];

/** A row for each output. Columns in which nothing has a value are left out. */
export function errorTable(outputs: readonly ComparedOutput[], width: number | undefined): PlainText {
  const all = [head, ...outputs.map(errorRow)];
  const kept = head.flatMap((_, i) => (i < 2 || all.slice(1).some((row) => row[i] !== '-') ? [i] : []));
  const rows = all.map((row) => kept.map((i) => row[i] ?? '-'));
  return columns(rows, { right: [...kept.keys()].slice(1), width, hasHead: true });
}

function errorRow({ name, dtype, difference }: ComparedOutput): readonly string[] {
  const { relative, largest, largestNumber, cosine, sameChoice } = difference;
  const choice = sameChoice === undefined ? '-' : percent(sameChoice);
  if (!isFloatName(dtype)) return [name, '-', '-', '-', '-', choice];
  if (Number.isNaN(relative) && difference.lost === undefined) return [name, '-', '-', '-', '-', '-'];
  return [name, percent(relative), short(largest), short(largestNumber), cosine === undefined ? '-' : cosine.toFixed(6), choice];
}

/** Which rows were left out because they are NaN in the original. `drawn` are the inputs that are random: a mask among them may keep nothing of a row. */
export function undefinedNotes(outputs: readonly ComparedOutput[], drawn: ReadonlyMap<string, TensorData>): readonly string[] {
  return outputs.flatMap(({ name, difference: { rows, undefinedRows } }) =>
    undefinedRows.length === 0 ? [] : [`${undefinedText(name, rows, undefinedRows)}${adviceFor(drawn)}`],
  );
}

/** Which outputs have no number where the original has one; `changed` says with what: `with int8`. */
export function lostNotes(outputs: readonly ComparedOutput[], changed: string): readonly string[] {
  return outputs.flatMap(({ name, difference: { lost } }) =>
    lost === undefined ? [] : [`\`${name}\` is ${lost.value} at ${shapeText(lost.index)} ${changed}, but a finite number in the original`],
  );
}

function undefinedText(name: string, rows: number, found: readonly (readonly number[])[]): string {
  const are = found.length === 1 ? 'is' : 'are';
  const which = found.length > 3 ? '' : ` (${found.map(shapeText).join(', ')})`;
  return `${found.length} of ${counted(rows, 'row')} of \`${name}\`${which} ${are} NaN in the original, too, and ${are} not compared`;
}

/** A mask is a boolean, or a float that is added. */
function adviceFor(drawn: ReadonlyMap<string, TensorData>): string {
  const booleans = [...drawn].filter(([, { dtype }]) => dtype === 'bool');
  const suspects = (booleans.length > 0 ? booleans : [...drawn]).map(([name]) => name);
  const [first] = suspects;
  if (first === undefined) return '';
  return `: ${suspects.map((name) => `\`${name}\``).join(', ')} ${suspects.length === 1 ? 'is' : 'are'} random, give ${suspects.length === 1 ? 'it' : 'them'} with \`--input ${first}=FILE\``;
}

function isFloatName(dtype: string): boolean {
  return /^b?f\d+$/.test(dtype);
}

export function percent(share: number): string {
  return share === 0 ? '0 %' : Number.isFinite(share) ? `${(100 * share).toPrecision(3)} %` : String(share);
}

/** Three significant digits. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
