/** What arithmetic on sizes can reject. */
export type DimErrorCode = 'division-by-zero' | DimLimitCode;

/** The limits of a single size: integers are exact up to 2^53 - 1, and expressions stay small. */
export type DimLimitCode = 'dim-overflow' | 'dim-too-large';

/** A size that does not exist. Code that builds sizes from the user's source catches it and reports it at the source location. */
export class DimError extends Error {
  override readonly name: string = 'DimError';
  readonly code: DimErrorCode;

  constructor(code: DimErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A division by 0 or by a negative number. */
export class DivisionError extends DimError {
  override readonly name = 'DivisionError';
  readonly divisor: number;

  constructor(divisor: number) {
    super('division-by-zero', divisor === 0 ? 'division by zero' : `division by ${divisor}, which is not positive`);
    this.divisor = divisor;
  }
}

/** A size beyond the limits: above 2^53 - 1, or an expression with too high a degree, too many terms or too deep a nesting. */
export class DimLimitError extends DimError {
  override readonly name = 'DimLimitError';
  declare readonly code: DimLimitCode;

  constructor(code: DimLimitCode, message: string) {
    super(code, message);
  }
}
