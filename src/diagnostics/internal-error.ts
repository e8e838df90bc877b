/** A broken invariant: a bug in archc, never the user's mistake. The command line turns it into exit code 70. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}

/** Fails to compile if a union has a case that the code does not handle. */
export function unreachable(value: never, what: string): never {
  throw new InternalError(`unexpected ${what}: ${JSON.stringify(value)}`);
}
