/** Whether the source breaks the line between two offsets. */
export function breaksLine(text: string, from: number, to: number): boolean {
  return /[\r\n]/.test(text.slice(from, to));
}

/** Whether the source has an empty line between two offsets. */
export function leavesBlank(text: string, from: number, to: number): boolean {
  return /(\r\n|\r|\n)[ \t]*(\r\n|\r|\n)/.test(text.slice(from, to));
}

/** The offset of `what` at or after `from`, outside comments; `from` if it is not found. */
export function find(text: string, what: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text.charAt(at) === '#') at = endOfLine(text, at);
    else if (text.startsWith(what, at)) return at;
  }
  return from;
}

function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charAt(at) !== '\n' && text.charAt(at) !== '\r') at++;
  return at;
}
