import type { Expr, FnDecl, LayerDecl, LetFunction, Name, NameExpr, Pattern, Stmt } from '../1-syntax/ast.js';
import { eachNode } from '../1-syntax/walk.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import type { Fact } from '../dims/fact.js';
import type { Limits } from '../limits.js';
import { append } from '../lists.js';
import { opsets } from '../ops/opsets.js';
import type { DType } from '../ops/types.js';
import type { Instance, Residual } from './checked-model.js';
import type { RigidSurroundings, Surroundings } from './models/surroundings.js';
import type { NameWalk } from './modules/declared-names.js';
import type { Kind } from './modules/kinds.js';
import type { Decl, Module, ModuleLoader } from './modules/modules.js';
import { Flaws } from './reuse/flaws.js';
import { Dependencies, type Placed } from './reuse/outdated.js';
import type { NamedAxes } from './sizes/axes.js';
import type { CheckValue, SharedInstance } from './values/values.js';

/** A demand that is neither proved nor refuted: its error if it fails, and where. */
export interface OpenDemand {
  readonly code: string;
  readonly span: Span;
  /** What must hold for the sizes, as text. */
  readonly facts: ReadonlyMap<string, Fact>;
}

/** Sees the values of expressions, and of names where they are declared or assigned. */
export type Observer = (node: Valued, value: CheckValue, kind?: Kind) => void;

/** What has a value. */
export type Valued = Expr | Name | Extract<Pattern, { kind: 'bind' }>;

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
  readonly open: readonly InheritedDemand[];
}

/** An open demand of a body in its uses. */
export interface InheritedDemand extends OpenDemand {
  /** The place that it has in each use: that of the use itself, or of the argument at a position. Otherwise it is in the body, at `span`. */
  readonly place: 'use' | number | undefined;
}

interface SessionInit {
  readonly loader: ModuleLoader;
  readonly report: Report;
  readonly limits: Limits;
  readonly float: DType;
  readonly training: boolean;
  /** If it is left out: whether training forms are built, or what a block freezes is typed. */
  readonly startsStates?: boolean | undefined;
  readonly opset?: number | undefined;
}

/** The state of one compilation, or of the checks of one file while it is edited: each continues with what has not changed. */
export class Session {
  readonly loader: ModuleLoader;
  #report: Report;
  readonly limits: Limits;
  /** The build's float type: what `Tensor[...]` without a dtype means. */
  readonly float: DType;
  /** The ONNX opset that is written: calls of its operators must be in it. */
  readonly opset: number;
  /** Whether training forms are built. */
  readonly training: boolean;
  /** Whether the weights of what is typed are never trained, because a `train` block freezes it. */
  readonly isFrozen: boolean;
  /** Whether a call begins with the initial values of all states: those of a training graph do, since every batch is new. */
  readonly startsStates: boolean;
  readonly definitions = new Map<LayerDecl | FnDecl, Definition | 'checking'>();
  readonly instances = new Map<string, Instantiation | 'building'>();
  /** Names that were looked up by a declaration that was checked on its own. */
  met = new WeakSet<NameExpr>();
  /** The names in the declarations that were looked through for them. */
  readonly walks = new WeakMap<Decl, NameWalk>();
  /** Statements that assign names, and whether that was all they did: they added no facts and left no demands. */
  harmless = new WeakMap<Stmt, boolean>();
  /** Constants of modules, evaluated once. */
  readonly constants = new Map<Decl, CheckValue | 'evaluating'>();
  /** What is around the entries of models that were checked on their own. */
  readonly rigidSurroundings = new Map<LayerDecl, RigidSurroundings>();
  /** What is around the entries of models that are used as layers, by their hyperparameters. */
  readonly surroundings = new Map<string, Surroundings>();
  /** Declarations of the file that were checked on their own. */
  readonly checked = new Set<Decl>();
  /** What runs of models that were checked without settings must satisfy. */
  readonly models = new Map<Decl, readonly Residual[]>();
  /**
   * Told the value of every expression that is evaluated, and of every name that is declared or assigned. Of a hyperparameter, it is also told the kind, which is
   * all that may be known.
   */
  observer: Observer | undefined;
  /** What declarations without errors are warned of. */
  readonly warnings = new Map<Decl, readonly Diagnostic[]>();
  readonly flaws = new Flaws();
  readonly dependencies = new Dependencies();
  /** Sizes of the trained entry that are 0, because states start empty along them. */
  readonly emptySizes = new Set<string>();
  /** Whether a limit on the whole compilation was reached. */
  limitReached = false;
  /** Compile-time functions that have exceeded a limit. */
  readonly endless = new Set<LetFunction>();
  /** Sizes of the lists and records measured so far. */
  readonly extents = new WeakMap<object, Extent>();
  readonly #applied = new WeakMap<SharedInstance, Set<Instance>>();
  readonly #ids = new WeakMap<object, number>();
  #nextId = 0;
  /** The session that this one belongs to, if it types what that one freezes. */
  readonly #owner: Session | undefined;
  #frozen: Session | undefined;
  /** The keys of instances with errors, which were reported with their first uses. */
  readonly #failures = new Set<string>();
  #sharedInstances = 0;
  /** How to undo what was changed since the innermost trial began; absent outside trials. */
  #undo: (() => void)[] | undefined;
  #iterations = 0;
  #items = 0;
  #depth = 0;

  constructor(init: SessionInit, owner?: Session) {
    this.loader = init.loader;
    this.#report = init.report;
    this.#report.onPush = (problem) => this.flaws.noteReport(problem);
    this.limits = init.limits;
    this.float = init.float;
    this.training = init.training;
    this.opset = init.opset ?? opsets.min;
    this.isFrozen = owner !== undefined;
    this.startsStates = init.startsStates ?? (init.training || this.isFrozen);
    this.#owner = owner;
  }

  /**
   * The session for models that a `train` block freezes: they are typed as for inference, and their weights are not trained. This one itself, if it builds no
   * training forms.
   */
  get frozen(): Session {
    if (!this.training) return this;
    if (this.#frozen === undefined) {
      const { loader, limits, float, opset } = this;
      const report = new Report();
      this.#frozen = new Session({ loader, report, limits, float, training: false, opset }, this);
      report.onPush = (problem) => this.report.push(problem);
    }
    return this.#frozen;
  }

  get report(): Report {
    return this.#report;
  }

  /** The declaration that is being checked uses something with errors that were reported before. */
  noteFlawedUse(): void {
    this.onRollback(this.flaws.noteUse());
  }

  /** The key of an instance with errors: a check of the next text makes it again. */
  noteFailure(key: string): void {
    this.#failures.add(key);
  }

  /** Continues with the next version of the files, where `outdated` lists the declarations about which nothing is known any longer. */
  next(report: Report, outdated: readonly Placed[]): void {
    this.#report = report;
    report.onPush = (problem) => this.flaws.noteReport(problem);
    this.flaws.clear();
    for (const key of this.#failures) this.instances.delete(key);
    this.#failures.clear();
    for (const { decl, module } of outdated) this.#forget(decl, module);
  }

  #forget(decl: Decl, module: Module): void {
    this.checked.delete(decl);
    this.models.delete(decl);
    this.warnings.delete(decl);
    this.constants.delete(decl);
    this.walks.delete(decl);
    // Whatever was made with it has its number in the key.
    this.#ids.delete(decl);
    if (decl.kind === 'fn' || decl.kind === 'layer' || decl.kind === 'model') {
      const entries = decl.kind === 'fn' ? [] : (module.entries.get(decl) ?? []);
      for (const part of [decl, ...entries]) {
        this.definitions.delete(part);
        this.#ids.delete(part);
        module.signatures.delete(part);
      }
      if (decl.kind !== 'fn') {
        this.rigidSurroundings.delete(decl);
        module.entries.delete(decl);
      }
    }
    eachNode(decl, (node) => {
      this.met.delete(node as NameExpr);
      this.harmless.delete(node as Stmt);
    });
  }

  /** A number that is the same for the same object. */
  readonly idOf = (object: object): number => {
    const known = this.#ids.get(object);
    if (known !== undefined) return known;
    const id = this.#nextId++;
    this.#ids.set(object, id);
    return id;
  };

  nextSharedId(): number {
    return this.#owner?.nextSharedId() ?? this.#sharedInstances++;
  }

  /** Begins a trial, see `speculate`. Returns the function that ends it: the changes are either kept or undone. */
  beginTrial(): (kept: boolean) => void {
    if (this.#owner !== undefined) return this.#owner.beginTrial();
    const outer = this.#undo;
    const own: (() => void)[] = [];
    this.#undo = own;
    return (kept) => {
      this.#undo = outer;
      if (kept) append(outer ?? [], own);
      else for (const undo of own.reverse()) undo();
    };
  }

  /**
   * Runs `work` for what `observer` sees of it, and undoes all that it did. Its problems are not reported. A layer with mistakes gives what its signature says.
   */
  observe(observer: Observer, work: () => void): void {
    const report = this.#report;
    const { met, harmless } = this;
    const end = this.beginTrial();
    this.#report = new Report();
    this.met = new WeakSet();
    this.harmless = new WeakMap();
    this.observer = observer;
    try {
      work();
    } finally {
      this.observer = undefined;
      this.harmless = harmless;
      this.met = met;
      this.#report = report;
      end(false);
    }
  }

  /** Registers how to forget something that `observe` found out: a check finds it out again, and reports what is wrong with it. */
  forgetAfterObserving(undo: () => void): void {
    if (this.observer !== undefined) this.onRollback(undo);
  }

  /** Registers how to undo a change that outlives the body in which it was made. */
  onRollback(undo: () => void): void {
    if (this.#owner === undefined) this.#undo?.push(undo);
    else this.#owner.onRollback(undo);
  }

  /** Counts an iteration of a compile-time loop; false once the limit is exceeded. */
  countIteration(): boolean {
    this.#iterations++;
    return this.#within(this.#iterations <= this.limits.iterations);
  }

  /** Counts items of lists; false once the limit is exceeded. */
  countItems(count: number): boolean {
    this.#items += count;
    return this.#within(this.#items <= this.limits.items);
  }

  /** Goes one expression or statement deeper, unless that is too deep; if it returns true, call `leave` afterwards. */
  enter(): boolean {
    if (!this.#within(this.#depth < this.limits.evaluationDepth)) return false;
    this.#depth++;
    return true;
  }

  leave(): void {
    this.#depth--;
  }

  #within(isWithin: boolean): boolean {
    if (!isWithin) this.limitReached = true;
    return isWithin;
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
