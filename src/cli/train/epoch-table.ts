import type { EpochRecord, Results } from '../../data/history.js';
import { duration } from './show.js';

/** The cells of a line of the report, which is also read in files. */
export const lineWidth = 80;

const gap = '  ';
const numberWidth = 7;
const mark = 'best';

/** What the columns of an epoch table depend on. */
export interface EpochTableOptions {
  /** The names of the results: `loss` and the metrics. */
  readonly names: readonly string[];
  readonly hasHeldOut: boolean;
  readonly epochs: number;
}

/**
 * The results of epochs as a table that grows. Training and held-out rows are side by side if a line has room for both, and otherwise below each other; what is too long even then
 * continues in the next line.
 *
 *     epoch     loss  accuracy  val_loss  val_accuracy      time
 *       1/3   1.6480    0.5828    0.9871        0.8400     0.6 s  best
 */
export class EpochTable {
  readonly #options: EpochTableOptions;
  readonly #isStacked: boolean;

  constructor(options: EpochTableOptions) {
    this.#options = options;
    this.#isStacked = options.hasHeldOut && this.#lines('epoch', [...this.#sideBySide(), mark]).length > 1;
  }

  /** The lines with the names of the columns. */
  get head(): readonly string[] {
    return this.#lines('epoch', this.#isStacked ? [kind(''), ...this.#titles(''), time('time')] : this.#sideBySide());
  }

  /** The lines of an epoch. */
  rows({ epoch, train, heldOut }: EpochRecord, isBest: boolean, seconds: number): readonly string[] {
    const first = `${epoch}/${this.#options.epochs}`;
    const last = [time(duration(seconds)), ...(isBest ? [mark] : [])];
    if (this.#isStacked)
      return [
        ...this.#lines(first, [kind('training'), ...this.#numbers('', train)]),
        ...this.#lines('', [kind('held out'), ...this.#numbers('', heldOut), ...last]),
      ];
    const held = this.#options.hasHeldOut ? this.#numbers('val_', heldOut) : [];
    return this.#lines(first, [...this.#numbers('', train), ...held, ...last]);
  }

  #sideBySide(): readonly string[] {
    return [...this.#titles(''), ...(this.#options.hasHeldOut ? this.#titles('val_') : []), time('time')];
  }

  #titles(prefix: string): readonly string[] {
    return this.#options.names.map((name) => `${prefix}${name}`.padStart(numberWidth));
  }

  #numbers(prefix: string, results: Results | null): readonly string[] {
    return this.#options.names.map((name) => number(results?.[name] ?? null).padStart(Math.max(numberWidth, prefix.length + name.length)));
  }

  /** Cells of their widths, in as many lines as they need. */
  #lines(first: string, cells: readonly string[]): readonly string[] {
    const { epochs } = this.#options;
    const indent = Math.max('epoch'.length, `${epochs}/${epochs}`.length);
    const all: string[] = [];
    let open = first.padStart(indent);
    for (const cell of cells) {
      if (open.length + gap.length + cell.length > lineWidth) {
        all.push(open);
        open = ' '.repeat(indent);
      }
      open += gap + cell;
    }
    return [...all, open].map((line) => line.trimEnd());
  }
}

function kind(text: string): string {
  return text.padEnd('training'.length);
}

function time(text: string): string {
  return text.padStart('59:59 min'.length);
}

/** About five digits in seven cells, with the point in one place for results of one size. */
function number(value: number | null): string {
  if (value === null) return 'NaN';
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e6)) return value.toExponential(2);
  return value.toFixed(Math.max(0, Math.min(4, 4 - Math.floor(Math.log10(Math.max(1, size))))));
}
