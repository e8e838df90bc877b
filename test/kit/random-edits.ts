import { randomNumbers } from './random.js';

/** What a person does to a text: one of many small changes, or the way back to a text from before. */
export interface RandomEdit {
  readonly what: string;
  readonly text: string;
}

/**
 * A sequence of texts, each made from the one before by an edit of a random kind at a random place. More than half of the edits are followed by their undoing,
 * as in practice: a text is then correct again. `others` are texts from which pieces are pasted.
 */
export function* randomEdits(text: string, others: readonly string[], seed: number): Generator<RandomEdit, never> {
  const random = randomNumbers(seed);
  const below = (n: number) => Math.floor(random() * Math.max(1, n));
  const pick = <T>(items: readonly T[]): T | undefined => items[below(items.length)];
  const original = text;
  const before: string[] = [];
  let now = text;

  const wordAt = (): { readonly start: number; readonly end: number } => {
    const words = [...now.matchAll(/\w+/g)];
    const word = pick(words);
    const start = word?.index ?? 0;
    return { start, end: start + (word?.[0].length ?? 0) };
  };
  const replaced = (start: number, end: number, by: string) => now.slice(0, start) + by + now.slice(end);
  const lines = () => now.split('\n');

  const kinds: readonly (readonly [string, () => string])[] = [
    ['delete a character', () => ((at) => replaced(at, at + 1, ''))(below(now.length))],
    ['type a character', () => ((at) => replaced(at, at, pick([...'(){}[],:=->+*"#\n _.xN1']) ?? ''))(below(now.length))],
    ['delete some characters', () => ((at) => replaced(at, at + below(20), ''))(below(now.length))],
    ['delete a word', () => ((at) => replaced(at.start, at.end, ''))(wordAt())],
    [
      'type over a word',
      () => ((at) => replaced(at.start, at.end, pick(['x', 'N', 'D', '3', 'relu', 'Linear', 'none', 'return']) ?? ''))(wordAt()),
    ],
    ['another word of the text', () => ((other, at) => replaced(at.start, at.end, now.slice(other.start, other.end)))(wordAt(), wordAt())],
    [
      'rename everywhere',
      () => {
        const { start, end } = wordAt();
        return start === end ? now : now.replaceAll(new RegExp(`\\b${now.slice(start, end)}\\b`, 'g'), `${now.slice(start, end)}x`);
      },
    ],
    ['delete a line', () => ((all) => all.toSpliced(below(all.length), 1).join('\n'))(lines())],
    ['insert an empty line', () => ((all) => all.toSpliced(below(all.length), 0, '').join('\n'))(lines())],
    ['double a line', () => ((all, at) => all.toSpliced(at, 0, all[at] ?? '').join('\n'))(lines(), below(lines().length))],
    ['comment a line out', () => ((all, at) => all.with(at, `# ${all[at]}`).join('\n'))(lines(), below(lines().length))],
    ['change a number', () => now.replace(/\b\d+\b/, () => String(below(9)))],
    ['delete a declaration', () => ((all) => all.toSpliced(below(all.length), 1).join('\n'))(declarationsIn(now))],
    [
      'move a declaration',
      () => {
        const all = declarationsIn(now);
        const at = below(all.length);
        const [moved = ''] = all.slice(at, at + 1);
        const rest = all.toSpliced(at, 1);
        return rest.toSpliced(below(rest.length), 0, moved).join('\n');
      },
    ],
    [
      'paste a declaration',
      () => ((all) => all.toSpliced(below(all.length), 0, pick(declarationsIn(pick(others) ?? '')) ?? '').join('\n'))(declarationsIn(now)),
    ],
    ['nothing', () => now],
  ];

  while (true) {
    const last = before.at(-1);
    if (last !== undefined && random() < 0.55) {
      before.pop();
      now = last;
      yield { what: 'undo', text: now };
    } else if (before.length > 6) {
      before.length = 0;
      now = original;
      yield { what: 'start again', text: now };
    } else {
      before.push(now);
      const [what, change] = pick(kinds) ?? ['nothing', () => now];
      now = change();
      yield { what, text: now };
    }
  }
}

/** The declarations of a text, each with its comments. */
export function declarationsIn(text: string): readonly string[] {
  return text.split(/\n(?=(?:##|layer|model|fn|let|config|import|train)\b)/);
}
