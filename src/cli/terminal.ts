import { colorPalette, type Palette, plainPalette } from '../diagnostics/palette.js';
import type { PlainText } from './plain-text.js';

/** One of the two output streams. */
export interface Stream {
  readonly isTerminal: boolean;
  /** Cells in a line, if the stream is a terminal that knows its width. */
  readonly columns: number | undefined;
  /** Whether its reader has gone away (`archc ... | head`): what is written from then on is dropped. */
  readonly isClosed?: boolean;
  /** Bytes are the requested output, a model or a formatted file, and are not escaped. */
  write(data: PlainText | Uint8Array): void;
}

/** What the commands see of the process around them. */
export interface Terminal {
  readonly out: Stream;
  readonly err: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type ColorChoice = 'auto' | 'always' | 'never';

/** Colors if requested; otherwise as NO_COLOR and FORCE_COLOR say; otherwise on a terminal that supports them. */
export function paletteFor(stream: Stream, env: Terminal['env'], choice: string | undefined): Palette {
  return hasColor(stream, env, choice) ? colorPalette : plainPalette;
}

function hasColor(stream: Stream, env: Terminal['env'], choice: string | undefined): boolean {
  if (choice === 'always') return true;
  if (choice === 'never') return false;
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  const force = env.FORCE_COLOR;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return stream.isTerminal && env.TERM !== 'dumb';
}
