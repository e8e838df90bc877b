import { randomNumbers } from './random.js';

/** The value that a chain reads next: rows `[2, 5, C]`, a matrix `[5, C]`, columns `[2, C, 5]` or images `[2, C, S, S]`. */
interface Draft {
  readonly kind: 'rows' | 'matrix' | 'columns' | 'images';
  readonly channels: number;
  readonly side: number;
}

/**
 * A random chain of operators that the rules on weights look for, and of obstacles to these rules: linear layers and convolutions with operands in any order, scales and shifts by scalars
 * and per channel, batch norms, adapters, moves, weights and values that are read twice, and activations. Parameters whose names begin with `s` must be positive.
 */
export function weightChain(seed: number): string {
  return new Chain(randomNumbers(seed)).write();
}

class Chain {
  readonly #random: () => number;
  readonly #params: string[] = [];
  readonly #lines: string[] = [];
  /** Matrices that may be read again. */
  readonly #matrices: { readonly name: string; readonly from: number; readonly to: number }[] = [];
  #now: Draft = { kind: 'rows', channels: 4, side: 7 };
  #value = 'x';

  constructor(random: () => number) {
    this.#random = random;
  }

  write(): string {
    const kind = this.#pick(['rows', 'rows', 'matrix', 'images', 'images', 'ids'] as const);
    const inputs = { rows: 'x: Tensor[2, 5, 4]', matrix: 'x: Tensor[5, 4]', images: 'x: Tensor[2, 4, 7, 7]', ids: 'x: Tensor<i64>[2, 5]' };
    if (kind === 'ids') this.#set(`embedding(${this.#param('w', [this.#chance(0.2) ? 200 : 3, 4])}, x)`);
    else this.#now = { ...this.#now, kind };
    const steps = 3 + this.#below(6);
    for (let i = 0; i < steps; i++) this.#set(this.#step());
    return `model M(${inputs[kind]}) -> (y: Tensor[*S]) {\n  ${[...this.#params, ...this.#lines].join('\n  ')}\n  return ${this.#value}\n}\n`;
  }

  /** The expression for the next value. */
  #step(): string {
    const { kind } = this.#now;
    if (this.#chance(0.4)) return this.#affine();
    if (this.#chance(0.08)) return `relu(${this.#value})`;
    if (this.#chance(0.08)) return `${this.#value} + exp(${this.#value} * 0.01)`;
    if (this.#chance(0.2) && kind !== 'rows') return this.#norm();
    if (this.#chance(0.2) && kind !== 'matrix' && this.#now.side > 2) return this.#move();
    if (this.#chance(0.12)) return this.#branches();
    if (kind === 'images') return this.#convolve();
    if (this.#chance(0.2) && kind !== 'columns') return this.#adapt();
    return this.#linear();
  }

  #affine(): string {
    const { kind, channels } = this.#now;
    const operator = this.#pick(['*', '*', '/', '+', '-']);
    const shapes = {
      rows: [[channels], [1, channels]],
      matrix: [[channels], [1, channels]],
      columns: [[channels, 1]],
      images: [
        [channels, 1, 1],
        [1, channels, 1, 1],
      ],
    };
    const by = this.#chance(0.4)
      ? this.#pick(['0.5', '3', '0.25'])
      : this.#chance(0.1)
        ? this.#param('s', [1])
        : this.#param('s', this.#pick(shapes[kind]));
    const isFirst = this.#chance(0.3) && operator !== '/' && operator !== '-';
    return isFirst ? `${by} ${operator} ${this.#value}` : `${this.#value} ${operator} ${by}`;
  }

  #norm(): string {
    const { channels } = this.#now;
    const all = ['w', 's', 's', 'w'].map((name) => this.#param(name, [channels]));
    return `batch_norm(${[this.#value, ...all.slice(0, this.#pick([2, 4]))].join(', ')})`;
  }

  #move(): string {
    const { kind, channels, side } = this.#now;
    if (kind === 'images') {
      this.#now = { kind: 'columns', channels, side };
      return `reshape(${this.#value}, [2, ${channels}, -1])[:, :, 0..5]`;
    } else {
      this.#now = { kind: kind === 'rows' ? 'columns' : 'rows', channels, side };
      return `transpose(${this.#value}, [0, 2, 1])`;
    }
  }

  #linear(): string {
    const { kind, channels } = this.#now;
    const known = this.#matrices.filter(({ from }) => from === channels);
    const back = this.#matrices.filter(({ to }) => to === channels);
    const outputs = this.#pick([3, 4, 6, 8, 400]);
    if (kind !== 'columns' && this.#chance(0.1)) return this.#tied();
    if (kind === 'columns') {
      this.#now = { ...this.#now, channels: outputs };
      return this.#withBias(`${this.#param('w', [outputs, channels])} @ ${this.#value}`, [outputs, 1]);
    }
    if (known.length > 0 && this.#chance(0.3)) {
      const { name, to } = this.#pick(known);
      this.#now = { ...this.#now, channels: to };
      return `${this.#value} @ ${name}`;
    }
    if (back.length > 0 && this.#chance(0.3)) {
      const { name, from } = this.#pick(back);
      this.#now = { ...this.#now, channels: from };
      return `${this.#value} @ ${name}.T`;
    }
    this.#now = { ...this.#now, channels: outputs };
    if (this.#chance(0.5)) return this.#withBias(`${this.#value} @ ${this.#param('w', [outputs, channels])}.T`, [outputs]);
    const name = this.#param('w', [channels, outputs]);
    this.#matrices.push({ name, from: channels, to: outputs });
    return this.#withBias(`${this.#value} @ ${name}`, [outputs]);
  }

  /** A weight that is read twice and is too large to be stored twice. */
  #tied(): string {
    const name = this.#param('w', [this.#now.channels, 400]);
    return `relu(${this.#value} @ ${name} * ${this.#pick(['0.5', this.#param('s', [400])])}) @ ${name}.T / 2`;
  }

  #adapt(): string {
    const { channels } = this.#now;
    const outputs = this.#pick([6, 8]);
    const down = `(${this.#value} @ ${this.#param('w', [channels, 2])})`;
    const up = this.#param('w', [outputs, 2]);
    const adapter = this.#pick([`0.5 * (${down} @ ${up}.T)`, `(${down} * 2) @ ${up}.T`, `${down} @ ${up}.T`]);
    const layer = `${this.#value} @ ${this.#param('w', [channels, outputs])}`;
    this.#now = { ...this.#now, channels: outputs };
    return this.#withBias(this.#pick([`${layer} + ${adapter}`, `${adapter} + ${layer}`]), [outputs]);
  }

  /** Two maps of different inputs that are added, as in a residual connection with a projection of its own. */
  #branches(): string {
    const { kind, channels } = this.#now;
    const outputs = this.#pick([4, 6]);
    this.#now = { ...this.#now, channels: outputs };
    const map = (x: string): string => {
      if (kind === 'images') return `conv2d(${x}, ${this.#param('w', [outputs, channels, 1, 1])}, ${this.#param('w', [outputs])})`;
      if (kind === 'columns') return `(${this.#param('w', [outputs, channels])} @ ${x} + ${this.#param('w', [outputs, 1])})`;
      return `(${x} @ ${this.#param('w', [channels, outputs])} + ${this.#param('w', [outputs])})`;
    };
    return `${map(this.#value)} + ${map(`tanh(${this.#value})`)}`;
  }

  #convolve(): string {
    const { channels, side } = this.#now;
    const groups = channels % 2 === 0 && this.#chance(0.4) ? 2 : 1;
    const outputs = this.#pick([4, 6]);
    const kernel = side >= 3 ? this.#pick([1, 3]) : 1;
    const bias = this.#chance(0.5) ? `, ${this.#param('w', [outputs])}` : '';
    const options = groups === 1 ? '' : ', groups = 2';
    if (side < 7 && this.#chance(0.3)) {
      this.#now = { ...this.#now, channels: outputs, side: side + kernel - 1 };
      return `conv_transpose2d(${this.#value}, ${this.#param('w', [channels, outputs / groups, kernel, kernel])}${bias}${options})`;
    }
    if (side > 2 && kernel === 1 && this.#chance(0.5)) {
      this.#now = { ...this.#now, channels: outputs };
      const branch = `conv2d(${this.#value}, ${this.#param('w', [outputs, channels / groups, 1, 1])}${bias}${options})`;
      return `conv2d(${this.#value}, ${this.#param('w', [outputs, channels / groups, 3, 3])}${options}, padding = 1) + ${branch}`;
    }
    const padding = this.#pick(['', '', ', padding = "valid"', ', padding = "same"', ', padding = 1']);
    const grown = padding === ', padding = "same"' ? side : side - kernel + 1 + (padding === ', padding = 1' ? 2 : 0);
    this.#now = { ...this.#now, channels: outputs, side: grown };
    return `conv2d(${this.#value}, ${this.#param('w', [outputs, channels / groups, kernel, kernel])}${bias}${options}${padding})`;
  }

  #withBias(product: string, shape: readonly number[]): string {
    if (this.#chance(0.4)) return product;
    const bias = this.#param('w', shape);
    return this.#chance(0.5) ? `${product} + ${bias}` : `${bias} + (${product})`;
  }

  #set(expression: string): void {
    const name = `h${this.#lines.length}`;
    this.#lines.push(`${name} = ${expression}`);
    this.#value = name;
  }

  #param(prefix: string, shape: readonly number[]): string {
    const name = `${prefix}${this.#params.length}`;
    this.#params.push(`param ${name}: Tensor[${shape.join(', ')}] = ${prefix === 's' ? 'uniform(0.5, 2.0)' : 'normal'}`);
    return name;
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #below(n: number): number {
    return Math.floor(this.#random() * n);
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#below(items.length)] as T; // no list is empty
  }
}
