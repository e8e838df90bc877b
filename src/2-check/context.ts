import type { Block, CallExpr, Expr, FnDecl, LayerDecl, Name, Pattern } from '../1-syntax/ast.js';
import { placeKey } from '../diagnostics/anchor.js';
import type { Code, ParamsOf } from '../diagnostics/catalog.js';
import { type Diagnostic, diagnostic, type Extra } from '../diagnostics/diagnostic.js';
import type { Span } from '../diagnostics/span.js';
import type { Answer } from '../dims/decide.js';
import { type Fact, variablesOf } from '../dims/fact.js';
import { demandText } from '../dims/fact-text.js';
import { type Facts, keyOfFact } from '../dims/facts.js';
import { type DType, type Shape, showType, type TensorType } from '../ops/types.js';
import { SnapshotMap } from '../snapshot-map.js';
import { isStandardFile } from '../standard-file.js';
import type { Step } from './checked-model.js';
import type { Labels } from './layers/labels.js';
import type { Module } from './modules/modules.js';
import { type Binding, Scope } from './modules/scope.js';
import type { Signature } from './modules/signature.js';
import type { OpenDemand, Session } from './session.js';
import { NamedAxes } from './sizes/axes.js';
import { decidedByData, NewSizes } from './sizes/new-sizes.js';
import { speculate, type Trial } from './speculate.js';
import type { Formula } from './values/formula.js';
import type { CheckValue, Label, Local, StateSpec, TensorValue } from './values/values.js';

/**
 * Whether execution can continue after what was run. `left`: not with the values of this check, but with other hyperparameters it may;
 * `ended`: not with any hyperparameters.
 */
export type Flow = 'goes-on' | 'left' | 'ended';

/** What a pattern does with its names. */
export type BoundRole = 'variable' | 'loop' | 'let';

/** What the parts of the checker call in each other; wired in `interpreter.ts` to avoid circular imports. */
export interface Interpreter {
  /** The value of an expression that must be present; that of `evaluateOptional` may be absent. */
  evaluate(cx: Context, expr: Expr): CheckValue;
  evaluateOptional(cx: Context, expr: Expr): CheckValue;
  /** Runs the statements of a block, and returns the value at its end, if any. `cx.flow` says whether its end was reached. */
  runBlock(cx: Context, block: Block): CheckValue | undefined;
  /** The same, but what the statements define stays visible after them. */
  runStatements(cx: Context, block: Block): void;
  bindPattern(cx: Context, pattern: Pattern, value: CheckValue, role: BoundRole): void;
  /** Applies a function or layer to evaluated arguments. */
  apply(cx: Context, callee: CheckValue, args: readonly Argument[], site: CallSite): CheckValue;
  /** Calls operator `name` on positional tensors with attributes that are known to be valid. */
  hasOperator(name: string): boolean;
  callOp(
    cx: Context,
    name: string,
    inputs: readonly (TensorValue | readonly TensorValue[] | undefined)[],
    attrs: Readonly<Record<string, unknown>>,
    span: Span,
  ): CheckValue;
}

export interface Argument {
  readonly name?: string | undefined;
  /** `*c`: the fields of a record. */
  readonly spread?: boolean | undefined;
  readonly value: CheckValue;
  readonly span: Span;
  /** Where the name is written. */
  readonly nameSpan?: Span | undefined;
  /** The expression, if one was written: dimension names used as axes are found in it. */
  readonly expr?: Expr | undefined;
}

export interface CallSite {
  readonly span: Span;
  /** The name that is called. */
  readonly calleeSpan: Span;
  readonly label?: Label | undefined;
}

/** A stage of a pipeline: `-> callee` or `-> callee(args)`. */
export interface Stage {
  readonly callee: Expr;
  readonly call: CallExpr | undefined;
  readonly left: Argument;
}

/** A `return`, with what held there. */
export interface Return {
  readonly value: CheckValue;
  readonly span: Span;
  readonly facts: Facts;
  readonly path: readonly Formula[];
  /** The sizes with names that otherwise only the result mentions: `as` has bound them. */
  readonly sizes: ReadonlyMap<string, Binding>;
}

/** A declaration whose `where` can state facts about the sizes in its body and in everything that is used there. */
export interface Outermost {
  readonly decl: FnDecl | LayerDecl;
  readonly module: Module;
  readonly sizes: ReadonlySet<string>;
  /** The sizes that may be 0. */
  readonly empty: ReadonlySet<string>;
  /** Whether some of its sizes are given as numbers. */
  readonly isBound?: boolean;
}

/** The innermost body that a place is in: of the declaration itself, or of control flow in it. */
export interface Frame {
  readonly kind: 'body' | 'scan' | 'cond';
  /** The block that new variables belong to. */
  readonly scope: Scope;
  /** What a step of a scan passes on: names, and the types that are known. */
  readonly carries?: ReadonlyMap<string, TensorType | undefined>;
}

/** The initial state of a context. */
export interface ContextInit {
  readonly session: Session;
  readonly interpreter: Interpreter;
  readonly module: Module;
  readonly rigid: boolean;
  readonly depth: number;
  readonly choices?: ReadonlySet<string>;
  readonly outermost?: Outermost | undefined;
  readonly labels: Labels;
  readonly outer?: Scope | undefined;
  readonly home?: object;
  readonly foreign?: Scope | undefined;
  readonly facts: Facts;
  readonly open?: SnapshotMap<string, OpenDemand>;
  readonly axes?: NamedAxes;
  readonly newSizes?: NewSizes;
}

const noNames: ReadonlySet<string> = new Set();

/** One body being checked: its names, its facts, what it has built so far, and its problems. */
export class Context {
  readonly session: Session;
  readonly interpreter: Interpreter;
  readonly module: Module;
  /** Sizes and hyperparameters are variables: a condition may stay open, and then both branches are checked. */
  readonly rigid: boolean;
  /** Layers around this one. */
  readonly depth: number;
  /** Hyperparameters that are variables because a declaration is checked on its own. */
  readonly choices: ReadonlySet<string>;
  /** The declaration that is checked, or the model that is built, and the sizes that its `where` can refer to. */
  readonly outermost: Outermost | undefined;
  readonly labels: Labels;
  readonly body: Scope;
  /** Identifies the body that these steps belong to; compile-time functions that are evaluated in it share it. */
  readonly home: object;
  /** Names of another body, seen by a function that was defined there: the tensors among them are not available here. */
  readonly foreign: Scope | undefined;
  scope: Scope;
  frame: Frame;
  facts: Facts;
  /** The axes of `*B`; unknown while a shared instance is examined before its first use. */
  readonly rests = new SnapshotMap<string, Shape | 'unknown'>();
  /** Types written with `as Tensor[..]`, by the span of the expression that they follow. */
  readonly ascriptions = new SnapshotMap<string, TensorType>();
  /** The states that were declared here, by the tensors that they are before the call. */
  readonly states = new SnapshotMap<Local, StateSpec>();
  /** What was set with `next`, and under which conditions. */
  nexts: readonly { readonly state: StateSpec; readonly span: Span; readonly path: readonly Formula[] }[] = [];
  /** What `as` calls the axes of a result, where it is a new name, by the span of the expression that it follows. */
  readonly wantedNames = new SnapshotMap<string, readonly (Name | undefined)[]>();
  /** Into how many outputs the result of an ONNX operator is unpacked, by the span of the call. */
  readonly taken = new SnapshotMap<string, number>();
  /** Sizes that only the result mentions: they become known at the end of the body. */
  late: ReadonlySet<string> = noNames;
  /** The open conditions under which this place is reached. */
  path: readonly Formula[] = [];
  flow: Flow = 'goes-on';
  /** The signature of the body that `return` ends; absent for a standalone expression. */
  signature: Signature | undefined;
  /** This is the block of a compile-time function, which `return` also ends. */
  isLetBlock = false;
  steps: Step[] = [];
  returns: Return[] = [];
  problems: Diagnostic[] = [];
  /** The call whose callee is evaluated, for the help if that is not known. */
  calling: CallExpr | undefined;
  /** The stage whose callee is evaluated, and what is piped into it. */
  piping: Stage | undefined;
  /** Demands that stayed open, by `openKey`: the caller is at fault if they fail. */
  readonly open: SnapshotMap<string, OpenDemand>;
  /** Where a dimension name is written as an axis: the position it means. */
  readonly axes: NamedAxes;
  /** The sizes that are made in this body. */
  readonly newSizes: NewSizes;

  constructor(init: ContextInit) {
    this.session = init.session;
    this.interpreter = init.interpreter;
    this.module = init.module;
    this.rigid = init.rigid;
    this.depth = init.depth;
    this.choices = init.choices ?? noNames;
    this.outermost = init.outermost;
    this.labels = init.labels;
    this.body = new Scope(init.outer);
    this.home = init.home ?? this;
    this.foreign = init.foreign;
    this.scope = this.body;
    this.frame = { kind: 'body', scope: this.body };
    this.facts = init.facts;
    this.open = init.open ?? new SnapshotMap();
    this.axes = init.axes ?? new NamedAxes();
    this.newSizes = init.newSizes ?? new NewSizes();
  }

  /** A context for a declaration that is used in this body, one level deeper: it has the same facts, and the same hyperparameters are variables. */
  inner(init: Pick<ContextInit, 'module' | 'labels'> & Partial<ContextInit>): Context {
    const { session, interpreter, rigid, choices, outermost, facts, depth } = this;
    const newSizes = new NewSizes(this.newSizes);
    return new Context({ session, interpreter, rigid, choices, outermost, facts, depth: depth + 1, newSizes, ...init });
  }

  /** The call whose callee this is, if any. */
  callOf(callee: Expr): CallExpr | undefined {
    return this.calling?.callee === callee ? this.calling : undefined;
  }

  /** Reports a problem. Lines of the standard library do not help the user and are omitted from the notes. */
  error<C extends Code>(code: C, span: Span, params: ParamsOf<C>, extra: Extra = {}): void {
    const notes = (extra.notes ?? []).filter((note) => !isStandardFile(note.span.file));
    this.problems.push(diagnostic(code, span, params, { ...extra, notes }));
  }

  /**
   * Records a demand that is neither proved nor refuted: each use decides it, and for a model the run, which must satisfy it. It therefore
   * holds for all that follows: sizes for which a pooling window is too large are no longer counterexamples after it.
   */
  leaveOpen(code: string, span: Span, ...facts: readonly Fact[]): void {
    const mayBeLeft = facts.filter((fact) => !this.#reportDataSize(fact, span));
    for (const fact of facts) this.facts = this.facts.assumeOpen(fact);
    if (mayBeLeft.length < facts.length) return;
    const key = openKey(code, span);
    const before = this.open.get(key);
    const all = new Map(before?.facts);
    for (const fact of facts) all.set(keyOfFact(fact), fact);
    this.open.set(key, { code, span, facts: all });
    this.session.onRollback(() => {
      if (before === undefined) this.open.delete(key);
      else this.open.set(key, before);
    });
  }

  /** Reports a demand of a model on a size that the data decide: it can be checked neither now nor before a run. */
  #reportDataSize(fact: Fact, span: Span): boolean {
    const size = this.rigid ? undefined : decidedByData(this.newSizes, variablesOf(fact));
    if (size !== undefined) this.error('size-from-data', span, { demand: demandText(fact), size });
    return size !== undefined;
  }

  /**
   * What an answer means here. A demand that fails only for some hyperparameter values says nothing about the body: they are numbers at
   * each use. With `any`, one hyperparameter among the sizes is enough.
   */
  settle(answer: Answer, leaveOpenFor: 'only hyperparameters' | 'any hyperparameter' = 'only hyperparameters'): Answer {
    if (answer.kind !== 'not-always' || this.choices.size === 0) return answer;
    const names = [...answer.witness.keys()];
    const isChoice = (name: string) => this.choices.has(name);
    const open = leaveOpenFor === 'any hyperparameter' ? names.some(isChoice) : names.every(isChoice);
    return open ? { kind: 'unknown' } : answer;
  }

  evaluate(expr: Expr): CheckValue {
    return this.interpreter.evaluate(this, expr);
  }

  /** The same where `none` is allowed: an argument, a variable, a branch. */
  evaluateOptional(expr: Expr): CheckValue {
    return this.interpreter.evaluateOptional(this, expr);
  }

  /**
   * Tries `work`. None of its effects, including what it reports, are kept unless `keeps` approves the outcome:
   * `cx.speculate(work).problems` lists what would be wrong, `cx.speculate(work, ({ problems }) => problems.length === 0)` keeps the
   * effects if nothing is.
   */
  speculate<T>(work: () => T, keeps: (trial: Trial<T>) => boolean = () => false): Trial<T> & { readonly kept: boolean } {
    return speculate(this, work, keeps);
  }

  /** The stage whose callee this is, if any. */
  stageOf(callee: Expr): Stage | undefined {
    return this.piping?.callee === callee ? this.piping : undefined;
  }

  /** Runs `work` in a new block inside the current one. */
  nested<T>(work: () => T): T {
    const outer = this.scope;
    this.scope = new Scope(outer);
    try {
      return work();
    } finally {
      this.scope = outer;
    }
  }

  /** A tensor that the body has, with its sizes as they are best shown where the facts hold. */
  local(type: TensorType, span: Span, hint?: string): Local {
    const { shape } = type;
    const simplest = shape.map((size) => this.facts.simplest(size));
    return { type: simplest.every((size, i) => size === shape[i]) ? type : { ...type, shape: simplest }, span, hint };
  }

  /** Whether `return` is allowed here. */
  get returnable(): boolean {
    return this.signature !== undefined || this.isLetBlock;
  }

  /** Whether a declaration is checked on its own. */
  get isDefinition(): boolean {
    return this.rigid && this.depth === 0;
  }

  get float(): DType {
    return this.session.float;
  }

  show(type: TensorType): string {
    return showType(type, this.float);
  }
}

export function openKey(code: string, span: Span): string {
  return `${code} ${placeKey(span)}`;
}
