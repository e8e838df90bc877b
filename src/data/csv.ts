import { CsvError, parse } from 'csv-parse';
import { type Column, ColumnBuilder, joinedValues } from './column.js';
import { type ColumnNames, columnNames } from './column-names.js';
import { DataError, notFinite } from './data-error.js';
import type { RowInput } from './inputs.js';
import { jsonValue } from './json-value.js';
import type { Pause } from './pause.js';

/** Characters between two pauses. */
const pieceSize = 1 << 18;

/**
 * The columns of a CSV text with a header, separated by commas, semicolons or tabs. A cell is a number, or a list of them as JSON has it. `file` is its name in messages. Throws
 * `DataError`.
 */
export async function readCsv(
  text: string,
  file: string,
  inputs: readonly RowInput[],
  mapping: ReadonlyMap<string, string>,
  pause: Pause,
): Promise<readonly Column[]> {
  const builders = inputs.map((input) => ({ input, builder: new ColumnBuilder(input) }));
  let header: readonly string[] | undefined;
  let names: ColumnNames = new Map();
  const take = (cells: readonly string[], line: number): void => {
    if (header === undefined) {
      header = demandDistinct(cells, file);
      names = columnNames(inputs, mapping, header, file);
      return;
    }
    if (cells.length !== header.length)
      throw new DataError(`${file}:${line}: there are ${cells.length} cells, and ${header.length} columns`);
    for (const { input, builder } of builders) {
      const columns = names.get(input.name) ?? [];
      const values = columns.map((column) => cellValue(cells[header?.indexOf(column) ?? -1] ?? '', `${file}:${line}: \`${column}\``));
      builder.add(joinedValues(values), `${file}:${line}`);
    }
  };
  await records(text, file, take, pause);
  if (header === undefined) throw new DataError(`${file} is empty`);
  return builders.map(({ builder }) => builder.build());
}

/** Calls `take` for each record with its line. What it throws goes through. */
async function records(text: string, file: string, take: (cells: readonly string[], line: number) => void, pause: Pause): Promise<void> {
  const parser = parse({
    bom: true,
    trim: true,
    delimiter: delimiterOf(text),
    skip_empty_lines: true,
    relax_column_count: true,
    on_record: (cells: readonly string[], { lines }: { readonly lines: number }) => {
      take(cells, lines);
      return undefined;
    },
  });
  // Errors are reported to the writer of the piece as well.
  parser.on('error', () => {});
  try {
    for (const piece of pieces(text)) {
      await written((done) => parser.write(piece, done));
      await pause();
    }
    await written((done) => parser.end(done));
  } catch (error) {
    if (error instanceof CsvError) throw new DataError(`${file}:${String(error.lines ?? 1)}: ${reason(error.code)}`);
    throw error;
  }
}

function written(write: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => write((error) => (error ? reject(error) : resolve())));
}

/** The text in pieces that end with a line. */
function* pieces(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from + pieceSize) + 1 || text.length;
    yield text.slice(from, end);
    from = end;
  }
}

function reason(code: string): string {
  return code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is not closed' : 'a quote is in the middle of a cell';
}

/** The delimiter, as the first line shows it. */
function delimiterOf(text: string): string {
  const [line = ''] = text.slice(0, 1 << 20).split('\n', 1);
  return [',', ';', '\t'].find((symbol) => line.includes(symbol)) ?? ',';
}

function demandDistinct(header: readonly string[], file: string): readonly string[] {
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined) throw new DataError(`${file}: two columns are called \`${twice}\``);
  return header;
}

function cellValue(cell: string, place: string): ReturnType<typeof jsonValue> {
  if (cell === '') throw new DataError(`${place} is empty`);
  if (cell.startsWith('[')) return jsonValue(cell, place);
  const number = cell === 'true' || cell === 'false' ? Number(cell === 'true') : numberIn(cell);
  if (number === undefined) throw new DataError(`${place} is not a number: ${cell.slice(0, 30)}`);
  if (!Number.isFinite(number)) throw notFinite(`${place} must be finite, but it is ${cell.slice(0, 30)}`);
  return { shape: [], numbers: [number] };
}

/** The number in a cell; NaN for one that is not finite. */
function numberIn(cell: string): number | undefined {
  if (/^[-+]?(?:inf(?:inity)?|nan)$/i.test(cell)) return Number.NaN;
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(cell) ? Number(cell) : undefined;
}
