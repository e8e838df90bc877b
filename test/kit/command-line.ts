import { main } from '../../src/cli/main.js';
import type { Terminal } from '../../src/cli/terminal.js';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly bytes: Uint8Array;
  readonly err: string;
}

export interface Surroundings {
  /** Whether both streams are terminals. */
  readonly isTerminal?: boolean;
  /** The columns of a terminal. */
  readonly columns?: number;
  readonly env?: Terminal['env'];
}

/** Runs a command line in this process, in its current folder. */
export async function commandLine(
  args: readonly string[],
  { isTerminal = false, columns = 100, env = {} }: Surroundings = {},
): Promise<Outcome> {
  const collected = { out: [] as Uint8Array[], err: [] as Uint8Array[] };
  const encoder = new TextEncoder();
  const stream = (chunks: Uint8Array[]): Terminal['out'] => ({
    isTerminal,
    columns: isTerminal ? columns : undefined,
    write: (data) => void chunks.push(typeof data === 'string' ? encoder.encode(data) : data),
  });
  const code = await main(args, { env, out: stream(collected.out), err: stream(collected.err) });
  const bytes = Buffer.concat(collected.out);
  return { code, out: bytes.toString('utf8'), bytes, err: Buffer.concat(collected.err).toString('utf8') };
}
