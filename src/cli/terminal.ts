import { colorPalette, type Palette, plainPalette } from '../diagnostics/palette.js';
import type { PlainText } from './plain-text.js';

/** One of the two output streams. */
export interface Stream {
  readonly isTerminal: boolean;
  /** Cells in a line, where the stream is a terminal that knows. */
  readonly columns: number | undefined;
  /** Whether its reader has gone away (`archc ... | head`): what is written from then on is dropped. */
  readonly isClosed?: boolean;
  /** Bytes are what was asked for, a model or a formatted file, and pass as they are. */
  write(data: PlainText | Uint8Array): void;
}

/** What the commands see of the world around the process. */
export interface Terminal {
  readonly out: Stream;
  readonly err: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type ColorChoice = 'auto' | 'always' | 'never';

/** Colours if asked for; else what NO_COLOR and FORCE_COLOR say; else on a terminal that has some. */
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
