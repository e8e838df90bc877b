import type { Local } from '../2-check/values/values.js';
import { InternalError } from '../diagnostics/internal-error.js';
import type { Captures } from './captures.js';
import type { Body, ControlNode, Region, Value } from './graph.js';
import type { PlaceSizes } from './place-sizes.js';

/** What is around a body, and how it reads that. */
interface Around {
  readonly kind: ControlNode['kind'];
  readonly outer: Level;
  readonly body: Body;
  readonly captures: Captures;
}

/** A region that is being written, and those around it. */
export class Level {
  readonly region: Region;
  /** How many bodies it is in. */
  readonly depth: number;
  readonly #around: Around | undefined;

  private constructor(region: Region, around: Around | undefined) {
    this.region = region;
    this.depth = around === undefined ? 0 : around.outer.depth + 1;
    this.#around = around;
  }

  static of(region: Region): Level {
    return new Level(region, undefined);
  }

  /** The level of a body of a control-flow node in this region. */
  inside(kind: ControlNode['kind'], body: Body, captures: Captures): Level {
    return new Level(body, { kind, outer: this, body, captures });
  }

  /** The control flow around it. */
  get within(): ControlNode['kind'] | undefined {
    return this.#around?.kind;
  }

  /** A value of this region or of one around it, as it is read here: bodies capture it on the way. */
  read(value: Value, of: Level): Value {
    if (of === this) return value;
    if (this.#around === undefined) throw new InternalError('a tensor of control flow is used outside of it');
    const { outer, body, captures } = this.#around;
    return captures.in(body, outer.read(value, of));
  }
}

interface Made {
  readonly value: Value;
  readonly level: Level;
}

/** The tensors of a typed body that is being unfolded, as they are read at one level, and its sizes. */
export class Tensors {
  readonly level: Level;
  readonly sizes: PlaceSizes;
  readonly #made: Map<Local, Made>;

  constructor(level: Level, sizes: PlaceSizes, made: Map<Local, Made> = new Map()) {
    this.level = level;
    this.sizes = sizes;
    this.#made = made;
  }

  /** The same tensors inside control flow. */
  at(level: Level): Tensors {
    return new Tensors(level, this.sizes, this.#made);
  }

  set(local: Local, value: Value): void {
    this.#made.set(local, { value, level: this.level });
  }

  find(local: Local): Value | undefined {
    const made = this.#made.get(local);
    return made && this.level.read(made.value, made.level);
  }

  get(local: Local): Value {
    const value = this.find(local);
    if (value === undefined)
      throw new InternalError(`a tensor${local.hint === undefined ? '' : ` (${local.hint})`} is used before it is made`);
    return value;
  }
}
