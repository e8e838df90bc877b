import { suggest } from './diagnostics/suggest.js';

/** A piece of a pattern between two stars: text, and numbers within bounds. */
type Piece = readonly (string | { readonly from: number; readonly to: number })[];

/**
 * The names that a pattern matches: those that it describes completely and, unless `below` is false, all below them, so that `encoder` matches each weight of the
 * encoder. `*` is any text, and `*.` at the start may also be empty: `*.bn*` matches `bn1.weight` and `layer1.0.bn2.bias`. `[3]` is the
 * number 3 between dots, `[0..6]` one of 0 to 5. The time is proportional to both lengths, whatever the pattern.
 */
export function matcherOf(pattern: string, { below = true } = {}): (name: string) => boolean {
  const [, prefix, rest = ''] = /^(\*\.)?(.*)$/s.exec(pattern) ?? [];
  const [first = [], ...others] = dotted(rest).split('*').map(pieceOf);
  const last = others.pop();
  return (name) => {
    const starts = prefix === undefined ? [0] : [0, ...[...name.matchAll(/\./g)].map(({ index }) => index + 1)];
    const isEnd = (at: number) => at === name.length || (below && name[at] === '.');
    return starts.some((start) => {
      let at = endOf(first, name, start);
      for (const piece of others) at = find(piece, name, at, () => true);
      return last === undefined ? isEnd(at) : find(last, name, at, isEnd) >= 0;
    });
  };
}

/** The end of the first match of `piece` at or after `from` for which `isEnd` holds; -1 if there is none. */
function find(piece: Piece, name: string, from: number, isEnd: (at: number) => boolean): number {
  for (let start = from; start >= 0 && start <= name.length; start++) {
    const end = endOf(piece, name, start);
    if (end >= 0 && (isEnd(end) || piece.length === 0)) return end;
  }
  return -1;
}

/** Where `piece` ends in `name` if it matches at `start`; else -1. */
function endOf(piece: Piece, name: string, start: number): number {
  let at = start;
  for (const part of piece) {
    const digits = typeof part === 'string' ? '' : (/^\d+/.exec(name.slice(at, at + 16))?.[0] ?? '');
    const isHere =
      typeof part === 'string' ? name.startsWith(part, at) : digits !== '' && Number(digits) >= part.from && Number(digits) < part.to;
    if (!isHere) return -1;
    at += typeof part === 'string' ? part.length : digits.length;
  }
  return at;
}

/** `.<0..6>` is a number within bounds, `.<>` any number. */
function pieceOf(text: string): Piece {
  return text
    .split(/(<.*?>)/)
    .filter((part) => part !== '')
    .map((part) => {
      const [, from = 0, to = Number.POSITIVE_INFINITY] = /^<(\d+)\.\.(\d+)>$/.exec(part) ?? [];
      return part.startsWith('<') ? { from: Number(from), to: Number(to) } : part;
    });
}

/** `layers[3].fc` -> `layers.3.fc`, `[0..6]` -> `.<0..6>`, `[*]` -> `.<>`. */
function dotted(pattern: string): string {
  return pattern
    .replaceAll(/\.?\[(\d+)\]/g, '.$1')
    .replaceAll(/\.?\[\*\]/g, '.<>')
    .replaceAll(/\.?\[([^\]]*)\]/g, '.<$1>')
    .replace(/^\./, '');
}

/** What the pattern may have been meant to be: the same form with another name in it. */
export function nearTo(pattern: string, names: readonly string[]): readonly string[] {
  const [, prefix = '', rest = ''] = /^(\*\.)?(.*)$/s.exec(pattern) ?? [];
  const candidates = new Set<string>();
  for (const name of names) {
    const segments = name.split('.');
    const starts = prefix === '' ? [0] : segments.keys();
    for (const start of starts)
      for (let end = start + 1; end <= segments.length; end++) candidates.add(segments.slice(start, end).join('.'));
  }
  const matches = matcherOf(pattern);
  const meant = suggest(
    dotted(rest),
    [...candidates].filter((candidate) => !/^\d/.test(candidate)),
  );
  return meant.map((name) => prefix + indexed(name)).filter((name) => !matches(name));
}

/** The names at the position where the pattern goes wrong: `conv1`, `layers`, `fc`, or for `layers[9]` the existing layers. */
export function knownAt(pattern: string, names: readonly string[]): readonly string[] {
  const segments = dotted(pattern).split('.');
  const isThere = (depth: number) => names.some((name) => name.startsWith(`${segments.slice(0, depth).join('.')}.`));
  let depth = 0;
  while (depth < segments.length && isThere(depth + 1)) depth++;
  const below = depth === 0 ? names : names.filter((name) => name.startsWith(`${segments.slice(0, depth).join('.')}.`));
  return [
    ...new Set(
      below.map((name) =>
        indexed(
          name
            .split('.')
            .slice(0, depth + 1)
            .join('.'),
        ),
      ),
    ),
  ];
}

/** `layers.3.fc` -> `layers[3].fc`, as patterns are written. */
function indexed(name: string): string {
  return name.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]');
}
