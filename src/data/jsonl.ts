import { type Column, ColumnBuilder, joinedValues } from './column.js';
import { columnNames } from './column-names.js';
import type { RowInput } from './inputs.js';
import { jsonRow, numbersIn } from './json-value.js';
import type { Pause } from './pause.js';

/** Characters between two pauses. */
const pieceSize = 1 << 18;

/** The columns of a text with a JSON object on each line, which has a number or nested lists for each input. Throws `DataError`. */
export async function readJsonl(
  text: string,
  file: string,
  inputs: readonly RowInput[],
  mapping: ReadonlyMap<string, string>,
  pause: Pause,
): Promise<readonly Column[]> {
  const builders = inputs.map((input) => ({ input, builder: new ColumnBuilder(input) }));
  let from = 0;
  let paused = 0;
  for (let line = 1; from < text.length; line++) {
    const end = text.indexOf('\n', from);
    const own = text.slice(from, end < 0 ? text.length : end).trim();
    from = end < 0 ? text.length : end + 1;
    if (own === '') continue;
    if (from - paused > pieceSize) {
      await pause();
      paused = from;
    }
    const place = `${file}:${line}`;
    const row = jsonRow(own, place);
    const names = columnNames(inputs, mapping, [...row.keys()], place);
    for (const { input, builder } of builders) {
      const columns = names.get(input.name) ?? [];
      const values = columns.map((column) => numbersIn(row.get(column) ?? null, `${place}: \`${column}\``));
      builder.add(joinedValues(values), place);
    }
  }
  return builders.map(({ builder }) => builder.build());
}
