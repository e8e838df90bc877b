import { type IToken, tokenMatcher } from 'chevrotain';
import type { SourceToken } from '../../grammar/source-token.js';
import { T } from '../../grammar/tokens.js';
import type { Comment } from './ast.js';

interface Line {
  readonly token: IToken;
  readonly ownLine: boolean;
  readonly isDoc: boolean;
  /** The offset of the code that follows it. */
  readonly before: number;
}

/** Assigns the `##` lines of a file to its declarations; lines that no declaration takes stay comments. */
export class Docs {
  readonly #lines: readonly Line[];
  readonly #byDeclaration = new Map<number, Line[]>();
  readonly #taken = new Set<Line>();

  readonly #path: string;

  constructor(path: string, text: string, comments: readonly IToken[], tokens: readonly SourceToken[]) {
    this.#path = path;
    let next = 0;
    this.#lines = comments.map((token): Line => {
      while ((tokens[next]?.startOffset ?? text.length) < token.startOffset) next++;
      const before = tokens[next]?.startOffset ?? text.length;
      return { token, ownLine: isFirstOnLine(text, token.startOffset), isDoc: tokenMatcher(token, T.Doc), before };
    });
    for (const line of this.#lines) {
      if (!line.isDoc || !line.ownLine) continue;
      const lines = this.#byDeclaration.get(line.before) ?? [];
      lines.push(line);
      this.#byDeclaration.set(line.before, lines);
    }
  }

  /** The documentation of the declaration that starts at `offset`: its `##` lines without their marks. */
  take(offset: number): string | undefined {
    const lines = this.#byDeclaration.get(offset);
    if (lines === undefined) return undefined;
    for (const line of lines) this.#taken.add(line);
    return lines.map(({ token }) => token.image.replace(/^## ?/, '').trimEnd()).join('\n');
  }

  /** Everything that was not taken. */
  comments(): Comment[] {
    return this.#lines
      .filter((line) => !this.#taken.has(line))
      .map(({ token, ownLine }) => {
        const text = token.image.trimEnd();
        return { text, ownLine, span: { file: this.#path, start: token.startOffset, end: token.startOffset + text.length } };
      });
  }
}

function isFirstOnLine(text: string, offset: number): boolean {
  for (let at = offset - 1; at >= 0; at--) {
    const c = text.charCodeAt(at);
    if (c === 10 || c === 13) return true;
    if (c !== 32 && c !== 9 && c !== 0xfeff) return false;
  }
  return true;
}
