/** The numbers that an option accepts. */
export interface Range {
  readonly least?: number;
  readonly most?: number;
  /** Greater than this. */
  readonly above?: number;
  /** Less than this. */
  readonly below?: number;
}

/** A value of an option. */
export type OptionValue = number | boolean | readonly [number, number];

/** What an option of something in a `train` block accepts, and the value that it has otherwise; without one, it must be given. */
export type OptionRule =
  | ValueRule
  /** A learning rate: a number, `input` or a schedule. */
  | { readonly kind: 'rate' };

/** The same for an option whose value is plain. */
export type ValueRule =
  | { readonly kind: 'number'; readonly range: Range; readonly fallback?: number }
  /** A whole number. */
  | { readonly kind: 'count'; readonly range: Range; readonly fallback?: number }
  | { readonly kind: 'pair'; readonly ranges: readonly [Range, Range]; readonly fallback: readonly [number, number] }
  | { readonly kind: 'flag'; readonly fallback: boolean };

/** The options in order; only those without a default may be given by position. */
export type OptionTable = Readonly<Record<string, OptionRule>>;

export const fromZero: Range = { least: 0 };
export const positive: Range = { above: 0 };
/** What a decay or a probability can be. */
export const belowOne: Range = { least: 0, below: 1 };

export const number = (range: Range, fallback?: number): ValueRule => ({
  kind: 'number',
  range,
  ...(fallback === undefined ? {} : { fallback }),
});
export const count = (least: number, fallback?: number): ValueRule => ({
  kind: 'count',
  range: { least },
  ...(fallback === undefined ? {} : { fallback }),
});
export const flag = (fallback: boolean): ValueRule => ({ kind: 'flag', fallback });
export const pair = (ranges: readonly [Range, Range], fallback: readonly [number, number]): ValueRule => ({
  kind: 'pair',
  ranges,
  fallback,
});

/** What a rule accepts, in words. */
export function wordsFor(rule: OptionRule): string {
  switch (rule.kind) {
    case 'number':
      return 'a number';
    case 'count':
      return 'a whole number';
    case 'pair':
      return 'a pair of numbers';
    case 'flag':
      return 'true or false';
    case 'rate':
      return 'a number, `input` or a schedule';
  }
}

export function isWithin(value: number, { least, most, above, below }: Range): boolean {
  // NaN is in no range, and infinity in none that a trainer can use.
  if (!Number.isFinite(value)) return false;
  const isHigh = (least === undefined || value >= least) && (above === undefined || value > above);
  return isHigh && (most === undefined || value <= most) && (below === undefined || value < below);
}

/** `at least 0 and less than 1` */
export function rangeText({ least, most, above, below }: Range): string {
  const parts = [
    least === undefined ? undefined : `at least ${least}`,
    above === undefined ? undefined : `greater than ${above}`,
    most === undefined ? undefined : `at most ${most}`,
    below === undefined ? undefined : `less than ${below}`,
  ];
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 ? 'finite' : said.join(' and ');
}
