/** The numbers that the names of sizes and hyperparameters stand for in one run of one body. */
export type Sizes = ReadonlyMap<string, number>;

/** A size expression: its text in the language, and its value. The two are written independently of the compiler's own algebra. */
export class Size {
  readonly text: string;
  /** Sums need brackets inside products, everything but names and numbers inside divisions. */
  readonly #tight: boolean;
  readonly at: (sizes: Sizes) => number;
  readonly #renamed: (by: (name: string) => Size) => Size;

  private constructor(text: string, tight: boolean, at: (sizes: Sizes) => number, renamed: (by: (name: string) => Size) => Size) {
    this.text = text;
    this.#tight = tight;
    this.at = at;
    this.#renamed = renamed;
  }

  static of(value: number): Size {
    const size: Size = new Size(
      String(value),
      value >= 0,
      () => value,
      () => size,
    );
    return size;
  }

  static named(name: string): Size {
    return new Size(
      name,
      true,
      (sizes) => numberOf(sizes, name),
      (by) => by(name),
    );
  }

  /** The same expression over other sizes. */
  renamed(by: (name: string) => Size): Size {
    return this.#renamed(by);
  }

  plus(other: Size | number): Size {
    const b = asSize(other);
    if (b.text === '0') return this;
    if (this.constant !== undefined && b.constant !== undefined) return Size.of(this.constant + b.constant);
    return new Size(
      `${this.text} + ${b.tight}`,
      false,
      (s) => this.at(s) + b.at(s),
      (by) => this.renamed(by).plus(b.renamed(by)),
    );
  }

  minus(other: Size | number): Size {
    const b = asSize(other);
    if (b.text === '0') return this;
    if (this.constant !== undefined && b.constant !== undefined) return Size.of(this.constant - b.constant);
    return new Size(
      `${this.text} - ${b.tight}`,
      false,
      (s) => this.at(s) - b.at(s),
      (by) => this.renamed(by).minus(b.renamed(by)),
    );
  }

  times(other: Size | number): Size {
    const b = asSize(other);
    if (b.text === '1') return this;
    if (this.text === '1') return b;
    if (this.constant !== undefined && b.constant !== undefined) return Size.of(this.constant * b.constant);
    return new Size(
      `${this.tight} * ${b.tight}`,
      false,
      (s) => this.at(s) * b.at(s),
      (by) => this.renamed(by).times(b.renamed(by)),
    );
  }

  /** Rounded down, as `//` is. */
  over(other: Size | number): Size {
    const b = asSize(other);
    if (b.text === '1') return this;
    if (this.constant !== undefined && b.constant !== undefined) return Size.of(Math.floor(this.constant / b.constant));
    return new Size(
      `${this.tight} // ${b.tight}`,
      false,
      (s) => Math.floor(this.at(s) / b.at(s)),
      (by) => this.renamed(by).over(b.renamed(by)),
    );
  }

  modulo(other: Size | number): Size {
    const b = asSize(other);
    return new Size(
      `${this.tight} % ${b.tight}`,
      false,
      (s) => {
        const divisor = b.at(s);
        return ((this.at(s) % divisor) + divisor) % divisor;
      },
      (by) => this.renamed(by).modulo(b.renamed(by)),
    );
  }

  max(other: Size | number): Size {
    const b = asSize(other);
    return new Size(
      `max(${this.text}, ${b.text})`,
      true,
      (s) => Math.max(this.at(s), b.at(s)),
      (by) => this.renamed(by).max(b.renamed(by)),
    );
  }

  min(other: Size | number): Size {
    const b = asSize(other);
    return new Size(
      `min(${this.text}, ${b.text})`,
      true,
      (s) => Math.min(this.at(s), b.at(s)),
      (by) => this.renamed(by).min(b.renamed(by)),
    );
  }

  /** Its value where it is written as a number. */
  get constant(): number | undefined {
    return /^-?\d+$/.test(this.text) ? Number(this.text) : undefined;
  }

  get isName(): boolean {
    return /^[A-Za-z]\w*$/.test(this.text);
  }

  /** The text as an operand. */
  get tight(): string {
    return this.#tight ? this.text : `(${this.text})`;
  }
}

function asSize(value: Size | number): Size {
  return typeof value === 'number' ? Size.of(value) : value;
}

function numberOf(sizes: Sizes, name: string): number {
  const value = sizes.get(name);
  if (value === undefined) throw new Error(`there is no size ${name}`);
  return value;
}
