/** One `old=new` pattern: names in the file that match `from` are called `to` in the model. `*` matches any text. */
export interface NamePattern {
  readonly from: string;
  readonly to: string;
}

/** Why a pattern is invalid, or undefined. */
export function patternProblem({ from, to }: NamePattern): string | undefined {
  if (from === '') return 'the name before `=` is empty';
  const stars = (text: string) => text.split('*').length - 1;
  if (stars(to) > stars(from)) return 'it has more `*` after `=` than before';
  return undefined;
}

/**
 * The name in the model for a name in the file, and the pattern that gave it. The first pattern that matches is used; the n-th `*` of the
 * new name is replaced by what the n-th `*` of the old one matched. Without a match, the name is unchanged.
 */
export function mappedName(name: string, patterns: readonly NamePattern[]): { readonly name: string; readonly pattern?: NamePattern } {
  for (const pattern of patterns) {
    const parts = wildcards(name, pattern.from);
    if (parts === undefined) continue;
    let next = 0;
    return { name: pattern.to.replaceAll('*', () => parts[next++] ?? ''), pattern };
  }
  return { name };
}

/**
 * What the stars of `pattern` match in `name`, each as short as possible except the last; undefined without a match. Greedy from the left,
 * without backtracking, in linear time: no pattern can make it slow.
 */
function wildcards(name: string, pattern: string): readonly string[] | undefined {
  const [head = '', ...pieces] = pattern.split('*');
  const last = pieces.pop();
  if (last === undefined) return name === pattern ? [] : undefined;
  if (!name.startsWith(head) || !name.endsWith(last)) return undefined;
  const end = name.length - last.length;
  let at = head.length;
  const parts: string[] = [];
  for (const piece of pieces) {
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return undefined;
    parts.push(name.slice(at, found));
    at = found + piece.length;
  }
  if (at > end) return undefined;
  parts.push(name.slice(at, end));
  return parts;
}
