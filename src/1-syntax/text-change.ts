/** The part of the old text, from `start` to `oldEnd`, that another one replaces, and by how much what follows moves. */
export interface TextChange {
  readonly start: number;
  readonly oldEnd: number;
  readonly shift: number;
}

/** What changes one text into another, from the first character that differs to the last. */
export function changeBetween(before: string, after: string): TextChange {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let same = 0;
  while (same < shorter - start && before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)) same++;
  return { start, oldEnd: before.length - same, shift: after.length - before.length };
}
