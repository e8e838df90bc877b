/** How the parts of a printed diagnostic are colored. Each function wraps a text in escape codes, or returns it unchanged. */
export interface Palette {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  /** The message in the first line. */
  readonly strong: (text: string) => string;
  /** Line numbers, bars and arrows. */
  readonly frame: (text: string) => string;
  readonly note: (text: string) => string;
  readonly help: (text: string) => string;
}

const same = (text: string): string => text;

/** No colors: files, pipes, tests. */
export const plainPalette: Palette = { error: same, warning: same, strong: same, frame: same, note: same, help: same };

function sgr(code: string): (text: string) => string {
  return (text) => (text === '' ? '' : `\u001b[${code}m${text}\u001b[0m`);
}

/** The sixteen colors that every terminal has. */
export const colorPalette: Palette = {
  error: sgr('1;31'),
  warning: sgr('1;33'),
  strong: sgr('1'),
  frame: sgr('34'),
  note: sgr('36'),
  help: sgr('32'),
};
