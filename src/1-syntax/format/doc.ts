/**
 * A layout: text with places where a line may break. After Wadler, "A prettier printer" (2003): a group is printed on one line if it fits, and otherwise breaks
 * at all of its own lines.
 */
export type Doc =
  | string
  | readonly Doc[]
  | Mark
  | LineBreak
  | { readonly kind: 'group'; readonly content: Doc }
  | { readonly kind: 'indent'; readonly content: Doc }
  /** A comment, which ends its line. */
  | { readonly kind: 'suffix'; readonly mark: Mark; readonly text: string };

/** Where a line breaks, always or if its group does not fit. */
export interface LineBreak {
  readonly kind: 'line';
  /** What is printed instead if it does not break. */
  readonly flat: string | Mark;
  readonly hard: boolean;
  /** The new line begins below the position of this mark, if that was printed. */
  readonly under?: Mark | undefined;
}

/**
 * A gap that the printer may widen so that what follows it aligns with neighboring lines: before `=`, `->`, `as`, `=>`, `from`, the target of a label, a
 * trailing comment.
 */
export interface Mark {
  readonly kind: 'mark';
  readonly before: '=' | '->' | 'as' | '=>' | 'from' | 'target' | '#';
  /** Where what follows the gap is in the source; -1 if it is not aligned with anything. */
  readonly offset: number;
  /** Marks of one pipeline that end their lines align, whatever the source does. */
  readonly family?: object | undefined;
  /** If this mark is printed, the line continues after the other one, which then belongs to no family. */
  readonly unless?: Mark | undefined;
}

/** One line of output, before its gaps are widened. */
export interface Line {
  readonly indent: number;
  readonly pieces: (string | Mark)[];
}

export const line: Doc = { kind: 'line', flat: ' ', hard: false };
export const softLine: Doc = { kind: 'line', flat: '', hard: false };
export const hardLine: Doc = { kind: 'line', flat: '', hard: true };

export function group(content: Doc): Doc {
  return { kind: 'group', content };
}

export function indent(content: Doc): Doc {
  return { kind: 'indent', content };
}

export function join(docs: readonly Doc[], separator: Doc): Doc {
  return docs.flatMap((doc, i) => (i === 0 ? [doc] : [separator, doc]));
}

export function isMark(piece: Doc): piece is Mark {
  return typeof piece === 'object' && 'kind' in piece && piece.kind === 'mark';
}

/** The width of the gap if nothing is aligned. */
export function narrowest(mark: Mark): number {
  return mark.before === '#' ? 2 : 1;
}

interface Command {
  readonly doc: Doc;
  readonly indent: number;
  readonly flat: boolean;
}

/** Lays out `doc` in lines of at most `width` columns where possible. */
export function layOut(doc: Doc, width: number): Line[] {
  const lines: Line[] = [];
  const columns = new Map<Mark, number>();
  const stack: Command[] = [{ doc, indent: 0, flat: false }];
  let pieces: (string | Mark)[] = [];
  let start = 0;
  let column = 0;
  let suffix: { mark: Mark; text: string } | undefined;

  const put = (piece: string | Mark) => {
    if (typeof piece !== 'string') {
      column += narrowest(piece);
      columns.set(piece, column);
    } else column += piece.length;
    if (piece !== '') pieces.push(piece);
  };
  const breakLine = (to: number) => {
    if (suffix !== undefined) pieces.push(suffix.mark, suffix.text);
    suffix = undefined;
    lines.push({ indent: start, pieces });
    pieces = [];
    start = to;
    column = to;
  };

  for (let command = stack.pop(); command !== undefined; command = stack.pop()) {
    const { doc: current, indent: by, flat } = command;
    if (typeof current === 'string') put(current);
    else if (!('kind' in current)) for (const part of [...current].reverse()) stack.push({ doc: part, indent: by, flat });
    else
      switch (current.kind) {
        case 'mark':
          put(current);
          break;
        case 'line':
          if (flat && !current.hard) put(current.flat);
          else breakLine((current.under === undefined ? undefined : columns.get(current.under)) ?? by);
          break;
        case 'group': {
          const fitsHere = flat || (!mustBreak(current.content) && fits(current.content, width - column, stack));
          stack.push({ doc: current.content, indent: by, flat: fitsHere });
          break;
        }
        case 'indent':
          stack.push({ doc: current.content, indent: by + 2, flat });
          break;
        case 'suffix':
          if (suffix !== undefined) suffix = { mark: suffix.mark, text: `${suffix.text} ${current.text}` };
          else suffix = { mark: current.mark, text: current.text };
      }
  }
  breakLine(0);
  return lines;
}

/** Whether a line must break in `doc`. */
export function mustBreak(doc: Doc): boolean {
  if (typeof doc === 'string') return false;
  if (!('kind' in doc)) return doc.some(mustBreak);
  switch (doc.kind) {
    case 'line':
      return doc.hard;
    case 'group':
    case 'indent':
      return mustBreak(doc.content);
    case 'suffix':
      return true;
    case 'mark':
      return false;
  }
}

/** Whether `doc` fits on one line, with what follows it up to the next possible break. */
function fits(doc: Doc, room: number, rest: readonly Command[]): boolean {
  let left = room;
  let next = rest.length;
  const stack: { doc: Doc; flat: boolean }[] = [{ doc, flat: true }];
  while (left >= 0) {
    let command = stack.pop();
    if (command === undefined) {
      next--;
      command = rest[next];
      if (command === undefined) return true;
    }
    const { doc: current, flat } = command;
    if (typeof current === 'string') left -= current.length;
    else if (!('kind' in current)) for (const part of [...current].reverse()) stack.push({ doc: part, flat });
    else if (current.kind === 'mark') left -= narrowest(current);
    else if (current.kind === 'line') {
      if (!flat || current.hard) return true;
      left -= typeof current.flat === 'string' ? current.flat.length : narrowest(current.flat);
    } else if (current.kind !== 'suffix')
      stack.push({ doc: current.content, flat: flat && !(next < rest.length && mustBreak(current.content)) });
  }
  return false;
}

/** The columns that `doc` takes on one line. */
export function flatWidth(doc: Doc): number {
  if (typeof doc === 'string') return doc.length;
  if (!('kind' in doc)) return doc.reduce<number>((sum, part) => sum + flatWidth(part), 0);
  switch (doc.kind) {
    case 'mark':
      return narrowest(doc);
    case 'line':
      return flatWidth(doc.flat);
    case 'group':
    case 'indent':
      return flatWidth(doc.content);
    case 'suffix':
      return 0;
  }
}

/** `doc` on one line; it must not have to break. */
export function flat(doc: Doc): Doc {
  if (typeof doc === 'string') return doc;
  if (!('kind' in doc)) return doc.map(flat);
  switch (doc.kind) {
    case 'line':
      return doc.flat;
    case 'group':
    case 'indent':
      return flat(doc.content);
    case 'mark':
    case 'suffix':
      return doc;
  }
}
