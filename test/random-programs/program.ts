import { EvalBuilder } from '../../src/ops/evaluate.js';
import type { NdArray } from '../../src/ops/types.js';
import { drawTensor, type Style } from './data.js';
import { Draft, Impossible, type Side } from './draft.js';
import { Draw } from './draw.js';
import { Run, type World } from './run.js';
import type { Size, Sizes } from './size.js';
import { rounded, type Tensor, typeText } from './tensor.js';

export interface ProgramInput {
  readonly tensor: Tensor;
  readonly style: Style;
  readonly count: Size | undefined;
  /** The type as the signature writes it. */
  readonly type: string;
  /** Whether the build leaves it out. */
  readonly absent: boolean;
}

/** A drawn program: its text, how it is built, and the reference for what it computes. */
export class Program {
  readonly seed: number;
  readonly draw: Draw;
  readonly operators: string[] = [];
  readonly constructs = new Set<string>();
  /** Declarations before the model, in order. */
  readonly declarations: string[] = [];
  readonly files: Record<string, string> = {};
  readonly inputs: ProgramInput[] = [];
  /** The model's hyperparameters, as they are written, and the values that the build sets. */
  readonly hyper: string[] = [];
  readonly set: Record<string, string> = {};
  /** JSON for `--config`. */
  readonly config: Record<string, unknown> = {};
  readonly with: string[] = [];
  readonly where: { readonly text: string; readonly holds: (sizes: Sizes) => boolean }[] = [];
  readonly outputs: { readonly name: string; readonly tensor: Tensor; readonly type: string }[] = [];
  /** The model to build, where the file has several. */
  model: string | undefined;
  readonly main: Draft;
  /** Sizes for which the program is drawn. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly #liveInputs = new Map<Tensor, NdArray>();
  #next = 0;

  constructor(seed: number) {
    this.seed = seed;
    this.draw = new Draw(seed);
    this.sizes = new Map(['N', 'T', 'S', 'H'].map((name) => [name, this.draw.int(2, 5)]));
    const live = new Run(
      this.world(new EvalBuilder(), (name, shape) => this.weight(name, shape)),
      this.sizes,
      this.#liveInputs,
    );
    this.main = new Draft(this, live, {
      owns: true,
      side: (side) => this.side(side),
      require: (size, least) => this.require(size, least),
    });
  }

  world(builder: EvalBuilder, weight: World['weight']): World {
    return { builder, weight };
  }

  /** Weights on the live sizes: any numbers serve, as the real ones are not known yet. */
  weight(name: string, shape: readonly number[]): NdArray {
    let seed = this.seed;
    for (const c of name) seed = (Math.imul(seed, 31) + c.charCodeAt(0)) | 0;
    return drawTensor('f32', shape, 'smooth', 0, seed);
  }

  name(stem: string): string {
    return `${stem}${this.#next++}`;
  }

  /** What a move that turns out to be impossible may have changed. */
  state(d: Draft) {
    return {
      lines: d.lines.length,
      scope: d.scope.length,
      facts: d.facts.length,
      operators: this.operators.length,
      constructs: [...this.constructs],
      declarations: [...this.declarations],
      model: this.model,
      hyper: this.hyper.length,
      set: { ...this.set },
      config: { ...this.config },
      with: this.with.length,
      where: this.where.length,
    };
  }

  restore(d: Draft, before: ReturnType<Program['state']>): void {
    d.lines.length = before.lines;
    d.scope.length = before.scope;
    d.facts.length = before.facts;
    this.operators.length = before.operators;
    this.constructs.clear();
    for (const construct of before.constructs) this.constructs.add(construct);
    this.declarations.splice(0, this.declarations.length, ...before.declarations);
    this.model = before.model;
    this.hyper.length = before.hyper;
    for (const key of Object.keys(this.set)) if (!(key in before.set)) delete this.set[key];
    for (const key of Object.keys(this.config)) if (!(key in before.config)) delete this.config[key];
    this.with.length = before.with;
    this.where.length = before.where;
  }

  sizeNames(sizes: Sizes): readonly string[] {
    return [...sizes.keys()];
  }

  /** The least value of a size over small values of its names; the facts of the model count only for the model's own names. */
  least(size: Size, live: Sizes): number {
    if (size.constant !== undefined) return size.constant;
    const facts = live === this.sizes ? this.where : [];
    // Also the names in facts: `N == T` does not make N the T that the program is drawn for.
    const texts = [size.text, ...facts.map((fact) => fact.text)];
    const names = [...live.keys()].filter((name) => texts.some((text) => new RegExp(`\\b${name}\\b`).test(text)));
    let least = Number.POSITIVE_INFINITY;
    const values = [1, 2, 3, 4, 5, 6];
    const total = values.length ** names.length;
    for (let i = 0; i < total; i++) {
      let rest = i;
      const at = new Map(live);
      for (const name of names) {
        at.set(name, values[rest % values.length] as number);
        rest = Math.floor(rest / values.length);
      }
      if (!facts.every((fact) => fact.holds(at))) continue;
      const value = size.at(at);
      if (!Number.isFinite(value)) return Number.NEGATIVE_INFINITY;
      least = Math.min(least, value);
    }
    return least;
  }

  require(size: Size, least: number): void {
    if (this.least(size, this.sizes) >= least) return;
    this.constructs.add('`where` fact');
    this.where.push({ text: `${size.text} >= ${least}`, holds: (sizes) => size.at(sizes) >= least });
  }

  fact(text: string, holds: (sizes: Sizes) => boolean): void {
    if (!holds(this.sizes)) throw new Impossible('the fact does not hold');
    this.where.push({ text, holds });
  }

  side({ dtype, axes, style, count }: Side, options: { type?: string; absent?: boolean; name?: string } = {}): Tensor {
    const name = options.name ?? this.name('x');
    const source = {
      isInput: true,
      compute: () => {
        throw new Error(`the input ${name} was not given`);
      },
    };
    const exact = style !== 'smooth' && style !== 'probability' && style !== 'positive';
    const tensor: Tensor = { text: name, form: 'atom', dtype, axes, source, index: 0, bits: exact ? 5 : rounded, wild: style === 'wild' };
    const input = { tensor, style, count, type: options.type ?? typeText(dtype, axes), absent: options.absent ?? false };
    this.inputs.push(input);
    if (input.absent) return tensor;
    this.main.live.give(tensor, this.data(input, this.sizes, 0));
    this.main.keep(tensor);
    return tensor;
  }

  /** The elements of an input for these sizes. */
  data({ tensor, style, count }: ProgramInput, sizes: Sizes, turn: number): NdArray {
    const shape = tensor.axes.map((axis) => axis.at(sizes));
    let seed = this.seed * 7919 + turn * 104729;
    for (const c of tensor.text) seed = (Math.imul(seed, 31) + c.charCodeAt(0)) | 0;
    return drawTensor(tensor.dtype, shape, style, count?.at(sizes) ?? 2, seed);
  }

  /** The text of the entry file. */
  get text(): string {
    const hyper = this.hyper.length === 0 ? '' : `(${this.hyper.join(', ')})`;
    const inputs = this.inputs.map(({ tensor, type }) => `${tensor.text}: ${type}`).join(', ');
    const outputs = this.outputs.map(({ name, type }) => `${name}: ${type}`).join(', ');
    const where = this.where.length === 0 ? '' : `\n  where ${this.where.map((fact) => fact.text).join(', ')}\n`;
    return `${[...this.declarations, `model M${hyper}(${inputs}) -> (${outputs})${where === '' ? ' ' : where}{`].join('\n\n')}\n${this.main.lines.join('\n')}\n}\n`;
  }
}
