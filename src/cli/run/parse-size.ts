import { Dim } from '../../dims/dim.js';
import type { Fact } from '../../dims/facts.js';

/**
 * The size that a text of an ONNX file means: a name, or a formula as archc writes it, `floor((H + 31)/32)`. Undefined for
 * what is neither (other tools write free text there).
 */
export function parseSize(text: string): Dim | undefined {
  const tokens = text.match(/[A-Za-z_]\w*|\d+|\*\*|[-+*/(),]|\S/g) ?? [];
  const reader = new SizeReader(tokens);
  try {
    const size = reader.sum();
    return reader.isAtEnd ? size : undefined;
  } catch {
    // Not a formula, or one whose numbers leave the exact range.
    return undefined;
  }
}

/** A fact as archc writes it into the metadata: `H % 16 == 0`, `E == F`, `T <= 64`. Undefined for other text. */
export function parseFact(text: string): Fact | undefined {
  const [, left = '', operator, right = ''] = /^(.*?)\s*(==|>=|<=)\s*(.*)$/.exec(text) ?? [];
  const [, value, divisor] = /^(.*)\s%\s(.*)$/.exec(left) ?? [];
  if (operator === '==' && value !== undefined && divisor !== undefined && right === '0') {
    const parts = { value: parseSize(value), divisor: parseSize(divisor) };
    return parts.value === undefined || parts.divisor === undefined
      ? undefined
      : { kind: 'divides', value: parts.value, divisor: parts.divisor };
  }
  const [a, b] = [parseSize(left), parseSize(right)];
  if (a === undefined || b === undefined) return undefined;
  if (operator === '==') return { kind: 'equal', left: a, right: b };
  return operator === '>=' ? { kind: 'at-least', left: a, right: b } : { kind: 'at-least', left: b, right: a };
}

class SizeReader {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#next === this.#tokens.length;
  }

  sum(): Dim {
    let value = this.#take('-') ? this.#product().neg() : this.#product();
    for (;;) {
      if (this.#take('+')) value = value.add(this.#product());
      else if (this.#take('-')) value = value.sub(this.#product());
      else return value;
    }
  }

  #product(): Dim {
    let value = this.#power();
    while (this.#take('*')) value = value.mul(this.#power());
    return value;
  }

  #power(): Dim {
    const base = this.#primary();
    return this.#take('**') ? base.pow(Number(this.#word())) : base;
  }

  #primary(): Dim {
    if (this.#take('(')) return this.#closed(this.sum());
    const word = this.#word();
    if (/^\d+$/.test(word)) return Dim.of(Number(word));
    if (!/^[A-Za-z_]/.test(word)) throw new SyntaxError(`unexpected ${word}`);
    if (!this.#take('(')) return Dim.variable(word, 0);
    const first = this.#product();
    if (word === 'floor' && this.#take('/')) return this.#closed(first.floorDiv(this.#primary()));
    const left = this.#continueSum(first);
    if (!this.#take(',')) throw new SyntaxError(`${word} is no function of sizes`);
    const right = this.sum();
    if (word === 'max') return this.#closed(left.max(right));
    if (word === 'min') return this.#closed(left.min(right));
    throw new SyntaxError(`${word} is no function of sizes`);
  }

  /** The rest of a sum whose first term was read already. */
  #continueSum(first: Dim): Dim {
    let value = first;
    for (;;) {
      if (this.#take('+')) value = value.add(this.#product());
      else if (this.#take('-')) value = value.sub(this.#product());
      else return value;
    }
  }

  #closed(value: Dim): Dim {
    if (!this.#take(')')) throw new SyntaxError('expected )');
    return value;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#next] !== token) return false;
    this.#next++;
    return true;
  }

  #word(): string {
    const word = this.#tokens[this.#next++];
    if (word === undefined) throw new SyntaxError('unexpected end');
    return word;
  }
}
