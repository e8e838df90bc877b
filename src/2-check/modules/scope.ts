import type { Span } from '../../diagnostics/span.js';
import { append } from '../../lists.js';
import { SnapshotMap } from '../../snapshot-map.js';
import type { Formula } from '../values/formula.js';
import type { CheckValue } from '../values/values.js';

export interface Binding {
  readonly value: CheckValue;
  readonly span: Span;
  /** What it is, for messages and for the rule that `let`s and arguments of compile-time functions cannot be assigned. */
  readonly role: 'variable' | 'let' | 'hyper' | 'input' | 'dim' | 'loop' | 'storage';
  /** For a hyperparameter: the names and fields (`c.width`) that appear in a type of the signature, and mean axes. */
  readonly sizeNames?: ReadonlySet<string> | undefined;
  /** When it has no value, because only some branches of open conditions assign it. */
  readonly absent?: Formula | undefined;
}

/** Names visible at one place. Blocks nest; assignment goes to the block that has the name, else to the body. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly #names = new SnapshotMap<string, Binding>();
  #version = 0;

  constructor(parent?: Scope) {
    this.parent = parent;
  }

  /** The nearest binding of a name; with `outermost`, no further out than that block. */
  find(name: string, outermost?: Scope): Binding | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope === outermost ? undefined : scope.parent) {
      const binding = scope.#names.get(name);
      if (binding !== undefined) return binding;
    }
    return undefined;
  }

  here(name: string): Binding | undefined {
    return this.#names.get(name);
  }

  define(name: string, binding: Binding): void {
    this.#version++;
    this.#names.set(name, binding);
  }

  /** Changes whenever a name that is visible here changes: a function that sees these names behaves the same as long as this is the same. */
  get version(): string {
    return this.parent === undefined ? String(this.#version) : `${this.parent.version}.${this.#version}`;
  }

  /** Assigns a new value to `name` where it is bound, or if it is new, in `body`, the outermost block of the declaration. */
  assign(name: string, binding: Binding, body: Scope): void {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      if (scope.#names.has(name)) {
        scope.define(name, binding);
        return;
      }
      if (scope === body) break;
    }
    body.define(name, binding);
  }

  names(): readonly string[] {
    const all: string[] = [];
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) append(all, scope.#names.keys());
    return all;
  }

  /** This block and the enclosing ones up to `body`, the outermost of the declaration. */
  upTo(body: Scope): readonly Scope[] {
    const all: Scope[] = [];
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope === body ? undefined : scope.parent) all.push(scope);
    return all;
  }

  /** Returns a function that undoes every change of this block's names from here on. */
  mark(): () => void {
    const version = this.#version;
    const names = this.snapshot();
    return () => {
      if (this.#version !== version) this.restore(names);
    };
  }

  /** The bindings of this block, to compare and to restore when both branches of an open condition are checked. */
  snapshot(): ReadonlyMap<string, Binding> {
    return this.#names.snapshot();
  }

  restore(snapshot: ReadonlyMap<string, Binding>): void {
    this.#version++;
    this.#names.restore(snapshot);
  }
}
