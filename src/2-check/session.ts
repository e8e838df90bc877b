import type { FnDecl, LayerDecl, LetFunction, NameExpr, Stmt } from '../1-syntax/ast.js';
import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import type { Fact } from '../dims/facts.js';
import type { Limits } from '../limits.js';
import { append } from '../lists.js';
import type { DType } from '../ops/types.js';
import type { Instance } from './checked-model.js';
import type { Surroundings } from './models/around-entries.js';
import type { RigidSurroundings } from './models/rigid-entry.js';
import type { NameWalk } from './modules/declared-names.js';
import type { ModuleLoader } from './modules/modules.js';
import type { NamedAxes } from './sizes/axes.js';
import type { CheckValue, SharedInstance } from './values/values.js';

/** A demand that is neither proved nor refuted: its error if it fails, and where. */
export interface OpenDemand {
  readonly code: string;
  readonly span: Span;
  /** What must hold for the sizes, as text. */
  readonly facts: ReadonlyMap<string, Fact>;
}

/** The number of items in a list, including those of inner lists, and the depth of nesting. */
export interface Extent {
  readonly items: number;
  readonly depth: number;
}

/** What is known about a declaration after it was checked on its own, with rigid sizes. */
export interface Definition {
  /** It has errors of its own; its uses are not checked inside. */
  readonly broken: boolean;
  /** Demands that stayed open, by `openKey`: if they fail for a use, the use is at fault. */
  readonly open: ReadonlyMap<string, OpenDemand>;
  readonly axes: NamedAxes;
}

export interface Instantiation {
  readonly instance: Instance;
  /** The outputs as the caller sees them, including `unknown` poison if the body failed. */
  readonly ok: boolean;
  /** Demands of the body that stayed open; every use inherits them. */
  readonly open: ReadonlyMap<string, OpenDemand>;
}

/** The state of one compilation; none of it survives the compilation. */
export class Session {
  readonly loader: ModuleLoader;
  readonly report: Report;
  readonly limits: Limits;
  /** The build's float type: what `Tensor[...]` without a dtype means. */
  readonly float: DType;
  /** The ONNX opset that is written: calls of its operators must be in it. */
  readonly opset: number;
  /** Whether training forms are built. */
  readonly training: boolean;
  readonly definitions = new Map<LayerDecl | FnDecl, Definition | 'checking'>();
  readonly instances = new Map<string, Instantiation | 'building'>();
  /** Names that were looked up by a declaration that was checked on its own. */
  readonly met = new Set<NameExpr>();
  /** The names in the declarations that were looked through for them. */
  readonly walks = new Map<object, NameWalk>();
  /** Statements that assign names, and whether that was all they did: they added no facts and left no demands. */
  readonly harmless = new Map<Stmt, boolean>();
  /** Constants of modules, evaluated once. */
  readonly constants = new Map<object, CheckValue | 'evaluating'>();
  /** What is around the entries of models that were checked on their own. */
  readonly rigidSurroundings = new Map<LayerDecl, RigidSurroundings>();
  /** What is around the entries of models that are used as layers, by their hyperparameters. */
  readonly surroundings = new Map<string, Surroundings>();
  /** Compile-time functions that have exceeded a limit. */
  readonly endless = new Set<LetFunction>();
  /** Sizes of the lists and records measured so far. */
  readonly extents = new WeakMap<object, Extent>();
  readonly #applied = new WeakMap<SharedInstance, Set<Instance>>();
  readonly #ids = new Map<object, number>();
  #sharedInstances = 0;
  /** How to undo what was changed since the innermost trial began; absent outside trials. */
  #undo: (() => void)[] | undefined;
  #iterations = 0;
  #items = 0;
  #depth = 0;

  constructor(init: { loader: ModuleLoader; report: Report; limits: Limits; float: DType; training: boolean; opset?: number | undefined }) {
    this.loader = init.loader;
    this.report = init.report;
    this.limits = init.limits;
    this.float = init.float;
    this.training = init.training;
    this.opset = init.opset ?? 21;
  }

  /** A number that is the same for the same object. */
  readonly idOf = (object: object): number => {
    const known = this.#ids.get(object);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(object, id);
    return id;
  };

  nextSharedId(): number {
    return this.#sharedInstances++;
  }

  /** Begins a trial, see `speculate`. Returns the function that ends it: the changes are either kept or undone. */
  beginTrial(): (kept: boolean) => void {
    const outer = this.#undo;
    const own: (() => void)[] = [];
    this.#undo = own;
    return (kept) => {
      this.#undo = outer;
      if (kept) append(outer ?? [], own);
      else for (const undo of own.reverse()) undo();
    };
  }

  /** Registers how to undo a change that outlives the body in which it was made. */
  onRollback(undo: () => void): void {
    this.#undo?.push(undo);
  }

  /** Counts an iteration of a compile-time loop; false once the limit is exceeded. */
  countIteration(): boolean {
    this.#iterations++;
    return this.#iterations <= this.limits.iterations;
  }

  /** Counts items of lists; false once the limit is exceeded. */
  countItems(count: number): boolean {
    this.#items += count;
    return this.#items <= this.limits.items;
  }

  /** Goes one expression or statement deeper, unless that is too deep; if it returns true, call `leave` afterwards. */
  enter(): boolean {
    if (this.#depth >= this.limits.evaluationDepth) return false;
    this.#depth++;
    return true;
  }

  leave(): void {
    this.#depth--;
  }

  /** Whether a shared layer was already applied with this body; records that it is now. */
  isAppliedBefore(shared: SharedInstance, instance: Instance): boolean {
    const bodies = this.#applied.get(shared) ?? new Set();
    this.#applied.set(shared, bodies);
    if (bodies.has(instance)) return true;
    bodies.add(instance);
    this.onRollback(() => bodies.delete(instance));
    return false;
  }
}
