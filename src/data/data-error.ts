/** Data that do not fit the training; the message names file and row. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** The error for an infinite or NaN value, which would spoil the loss of every batch with its row. */
export function notFinite(message: string): DataError {
  return new DataError(message, 'fill the value in, or remove the row');
}
