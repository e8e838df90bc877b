import { Dim } from './dim.js';
import type { Fact } from './fact.js';

/** What a name in a text means; the sizes that tensors have, unless specified otherwise. */
export type Variable = (name: string) => Dim;

const anySize: Variable = (name) => Dim.variable(name, 0);

/**
 * The size that a text means: a name, or a formula in the syntax of the language, as `Dim` prints it: `(H + 31) // 32`. Undefined for
 * anything else, such as the free text that other tools write.
 */
export function parseSize(text: string, variable: Variable = anySize): Dim | undefined {
  return read(text, variable, (reader) => reader.sum());
}

/** A fact as archc writes it into the metadata: `H % 16 == 0`, `E == F`, `T <= 64`. Undefined for other text. */
export function parseFact(text: string, variable: Variable = anySize): Fact | undefined {
  const [, left = '', operator, right = ''] = /^(.*?)\s*(==|>=|<=|<|>)\s*(.*)$/.exec(text) ?? [];
  const divides = operator === '==' && right === '0' ? read(left, variable, (reader) => reader.remainder()) : undefined;
  if (divides !== undefined) return { kind: 'divides', ...divides };
  const [a, b] = [parseSize(left, variable), parseSize(right, variable)];
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case '==':
      return { kind: 'equal', left: a, right: b };
    case '>=':
      return { kind: 'at-least', left: a, right: b };
    case '<=':
      return { kind: 'at-least', left: b, right: a, written: '<=' };
    case '>':
      return { kind: 'at-least', left: a, right: b.add(1), written: '>' };
    default:
      return { kind: 'at-least', left: b, right: a.add(1), written: '<' };
  }
}

function read<T>(text: string, variable: Variable, rule: (reader: SizeReader) => T): T | undefined {
  const reader = new SizeReader(text, variable);
  try {
    const value = rule(reader);
    return reader.isAtEnd ? value : undefined;
  } catch {
    // Not a formula, or one whose numbers leave the exact range.
    return undefined;
  }
}

class SizeReader {
  readonly #tokens: readonly string[];
  readonly #variable: Variable;
  #next = 0;

  constructor(text: string, variable: Variable) {
    this.#tokens = text.match(/[A-Za-z_][\w.]*|\d+|\*\*|\/\/|[-+*%(),]|\S/g) ?? [];
    this.#variable = variable;
  }

  get isAtEnd(): boolean {
    return this.#next === this.#tokens.length;
  }

  sum(): Dim {
    let value = this.#product();
    for (;;) {
      if (this.#take('+')) value = value.add(this.#product());
      else if (this.#take('-')) value = value.sub(this.#product());
      else return value;
    }
  }

  /** `E % F` with both operands closed. */
  remainder(): { readonly value: Dim; readonly divisor: Dim } {
    const value = this.#primary();
    this.#expect('%');
    return { value, divisor: this.#primary() };
  }

  #product(): Dim {
    let value = this.#signed();
    for (;;) {
      if (this.#take('*')) value = value.mul(this.#signed());
      else if (this.#take('//')) value = value.floorDiv(this.#signed());
      else if (this.#take('%')) value = value.mod(this.#signed());
      else return value;
    }
  }

  #signed(): Dim {
    return this.#take('-') ? this.#signed().neg() : this.#power();
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
    if (!this.#take('(')) return this.#variable(word);
    const left = this.sum();
    this.#expect(',');
    const right = this.#closed(this.sum());
    if (word === 'max') return left.max(right);
    if (word === 'min') return left.min(right);
    throw new SyntaxError(`${word} is not a function of sizes`);
  }

  #closed(value: Dim): Dim {
    this.#expect(')');
    return value;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new SyntaxError(`expected ${token}`);
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
