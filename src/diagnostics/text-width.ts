/** Ranges of code points that a terminal draws two cells wide (East Asian wide and emoji presentation). */
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];

/** Combining marks and joiners, which add nothing to the width of a line. */
const zeroWidth = /^(?:\p{Mn}|\p{Me}|[\u200b\u200c]|\u200d)$/u;

/** Characters that reorder or hide text: never sent to a terminal unescaped (Trojan Source). */
const invisible = /^[\u0080-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]$/u;

/** How many terminal cells one code point takes. */
export function cellWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (zeroWidth.test(character)) return 0;
  return wide.some(([low, high]) => code >= low && code <= high) ? 2 : 1;
}

/** One code point as it may be printed: control characters and bidi controls become visible replacements of one cell. */
export function printable(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
  return code >= 0x80 && invisible.test(character) ? '\ufffd' : character;
}

/** A text from outside (a name, a path, a message) on one line, without anything that could control a terminal or begin a line of a log. */
export function printableText(text: string): string {
  // Most texts consist of plain characters.
  if (/^[ -~]*$/.test(text)) return text;
  let result = '';
  for (const character of text) result += printable(character);
  return result;
}
