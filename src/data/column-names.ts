import { suggest } from '../diagnostics/suggest.js';
import { DataError } from './data-error.js';
import type { RowInput } from './inputs.js';

/** The columns that an input takes its values from, in order. */
export type ColumnNames = ReadonlyMap<string, readonly string[]>;

/**
 * The columns of each input: its own name, or what `--columns` says: `pixels`, several as `a+b`, or a range of them, `pixel0..pixel783`. `available` are the columns of `file`, in
 * their order. Throws `DataError`.
 */
export function columnNames(
  inputs: readonly RowInput[],
  given: ReadonlyMap<string, string>,
  available: readonly string[],
  file: string,
): ColumnNames {
  checkInputs(inputs, given);
  return new Map(inputs.map(({ name }) => [name, columnsIn(given.get(name) ?? name, name, available, file)]));
}

/** Throws `DataError` for names that are not inputs. */
export function checkInputs(inputs: readonly RowInput[], given: ReadonlyMap<string, unknown>, option = 'columns'): void {
  const known = inputs.map(({ name }) => name);
  for (const name of given.keys())
    if (!known.includes(name)) {
      const [near] = suggest(name, known);
      throw new DataError(
        `\`--${option}\`: the training has no input \`${name}\``,
        near === undefined ? `it has ${known.join(', ')}` : `did you mean \`${near}\`?`,
      );
    }
}

function columnsIn(text: string, input: string, available: readonly string[], file: string): readonly string[] {
  if (available.includes(text)) return [text];
  return text.split('+').flatMap((part) => {
    if (available.includes(part)) return [part];
    const [first = '', last] = part.split('..');
    if (last === undefined) throw unknownColumn(part, input, available, file);
    const [from, to] = [first, last].map((name) => {
      const at = available.indexOf(name);
      if (at < 0) throw unknownColumn(name, input, available, file);
      return at;
    }) as [number, number];
    if (to < from) throw new DataError(`${file}: the column \`${last}\` comes before \`${first}\``);
    return available.slice(from, to + 1);
  });
}

function unknownColumn(name: string, input: string, available: readonly string[], file: string): DataError {
  const [near] = suggest(name, available);
  const shown = available.slice(0, 6).join(', ') + (available.length > 6 ? `, ... (${available.length})` : '');
  const map = name === input ? `; \`--columns ${input}=NAME\` maps one` : '';
  return new DataError(
    `${file} has no column \`${name}\``,
    near === undefined
      ? `it has ${shown}${map}`
      : `did you mean \`${near}\`?${near !== name && name === input ? ` \`--columns ${input}=${near}\`` : ''}`,
  );
}
