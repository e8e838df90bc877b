import type { Block, CallExpr, Expr, FnDecl, LayerDecl, Pattern } from '../1-syntax/ast.js';
import type { Code, ParamsOf } from '../diagnostics/catalog.js';
import { type Diagnostic, diagnostic, type Extra } from '../diagnostics/diagnostic.js';
import type { Span } from '../diagnostics/span.js';
import type { Answer } from '../dims/decide.js';
import { type Fact, type Facts, keyOfFact } from '../dims/facts.js';
import { type DType, type Shape, showType, type TensorType } from '../ops/types.js';
import { NamedAxes } from './axes.js';
import type { Formula } from './formula.js';
import type { Labels } from './labels.js';
import type { Module } from './modules.js';
import type { Step } from './program.js';
import { Scope } from './scope.js';
import type { Session } from './session.js';
import type { Signature } from './signature.js';
import { speculate, type Trial } from './speculate.js';
import type { CheckValue, Label, Local, TensorValue } from './values.js';

/**
 * Whether there is a path behind what was run. `left`: with the values that this check takes there is none, but other hyperparameters may lead on;
 * `ended`: there is none whatever the hyperparameters.
 */
export type Flow = 'goes-on' | 'left' | 'ended';

/** What a pattern makes of its names. */
export type BoundRole = 'variable' | 'loop' | 'let';

/** What the pieces of the checker call of each other; wired in `interpreter.ts`, so that files do not import in circles. */
export interface Interpreter {
  /** The value of an expression that has to be there; `evaluateOptional` may give one that is not. */
  evaluate(cx: Context, expr: Expr): CheckValue;
  evaluateOptional(cx: Context, expr: Expr): CheckValue;
  /** Runs the statements of a block, and gives the value at its end, if there is one. `cx.flow` says whether it came to its end. */
  runBlock(cx: Context, block: Block): CheckValue | undefined;
  bindPattern(cx: Context, pattern: Pattern, value: CheckValue, role: BoundRole): void;
  /** Applies a function or layer to evaluated arguments. */
  apply(cx: Context, callee: CheckValue, args: readonly Argument[], site: CallSite): CheckValue;
  /** Calls operator `name` on positional tensors with attributes that are known to fit. */
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
  /** The expression, where one was written: dimension names as axes are read off it. */
  readonly expr?: Expr | undefined;
}

export interface CallSite {
  readonly span: Span;
  /** The name that is called. */
  readonly calleeSpan: Span;
  readonly label?: Label | undefined;
}

/** A demand that is neither proved nor refuted: what it would be as an error, and where. */
export interface OpenDemand {
  readonly code: string;
  readonly span: Span;
  /** What has to hold of the sizes, by its text. */
  readonly facts: ReadonlyMap<string, Fact>;
}

/** A declaration whose `where` can state facts about the sizes in its body and in all that is used there. */
export interface Outermost {
  readonly decl: FnDecl | LayerDecl;
  readonly module: Module;
  readonly sizes: ReadonlySet<string>;
}

/** What a context begins with. */
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
  readonly open?: Map<string, OpenDemand>;
  readonly axes?: NamedAxes;
}

/** One body being checked: its names, its facts, what it has built so far, and what is wrong with it. */
export class Context {
  readonly session: Session;
  readonly interpreter: Interpreter;
  readonly module: Module;
  /** Sizes and hyperparameters are variables: a condition may stay open, and both branches are checked. */
  readonly rigid: boolean;
  /** Layers around this one. */
  readonly depth: number;
  /** Hyperparameters that are variables because a declaration is checked on its own. */
  readonly choices: ReadonlySet<string>;
  /** The declaration that is checked, or the model that is built, and the sizes of which its `where` can speak. */
  readonly outermost: Outermost | undefined;
  readonly labels: Labels;
  readonly body: Scope;
  /** Tells the body whose steps these are; functions of the compiler that are evaluated in it have the same. */
  readonly home: object;
  /** Names of another body, which a function that was defined there sees: the tensors among them are not here. */
  readonly foreign: Scope | undefined;
  scope: Scope;
  facts: Facts;
  /** The axes that `*B` stands for; unknown while a shared instance is looked at before its first use. */
  readonly rests = new Map<string, Shape | 'unknown'>();
  /** Types written with `as Tensor[..]`, by the span of the expression they stand behind. */
  readonly ascriptions = new Map<string, TensorType>();
  /** How many outputs of an ONNX operator are taken apart, by the span of the call. */
  readonly taken = new Map<string, number>();
  /** Sizes that only the result mentions: they are known when the body ends. */
  readonly late = new Set<string>();
  /** The open conditions under which this place is reached. */
  path: readonly Formula[] = [];
  flow: Flow = 'goes-on';
  /** The signature of the body that `return` ends; there is none around an expression on its own. */
  signature: Signature | undefined;
  /** This is the block of a function of the compiler, which `return` ends, too. */
  isLetBlock = false;
  steps: Step[] = [];
  returns: { readonly value: CheckValue; readonly span: Span; readonly facts: Facts; readonly path: readonly Formula[] }[] = [];
  problems: Diagnostic[] = [];
  /** The call whose callee is evaluated, for the help where that is not known. */
  calling: CallExpr | undefined;
  /** Demands that stayed open, by `openKey`: blamed on the caller where they fail. */
  readonly open: Map<string, OpenDemand>;
  /** Where a dimension name is written as an axis: the place it stands for. */
  readonly axes: NamedAxes;

  constructor(init: ContextInit) {
    this.session = init.session;
    this.interpreter = init.interpreter;
    this.module = init.module;
    this.rigid = init.rigid;
    this.depth = init.depth;
    this.choices = init.choices ?? new Set();
    this.outermost = init.outermost;
    this.labels = init.labels;
    this.body = new Scope(init.outer);
    this.home = init.home ?? this;
    this.foreign = init.foreign;
    this.scope = this.body;
    this.facts = init.facts;
    this.open = init.open ?? new Map();
    this.axes = init.axes ?? new NamedAxes();
  }

  /** A context for a declaration that is used in this body, one level deeper: it knows the same facts, and the same hyperparameters are variables. */
  inner(init: Pick<ContextInit, 'module' | 'labels'> & Partial<ContextInit>): Context {
    const { session, interpreter, rigid, choices, outermost, facts, depth } = this;
    return new Context({ session, interpreter, rigid, choices, outermost, facts, depth: depth + 1, ...init });
  }

  /** The call of which this is the callee, if it is one. */
  callOf(callee: Expr): CallExpr | undefined {
    return this.calling?.callee === callee ? this.calling : undefined;
  }

  /** Reports a problem. Lines of the standard library are no help to the user, and are left out of the notes. */
  error<C extends Code>(code: C, span: Span, params: ParamsOf<C>, extra: Extra = {}): void {
    const notes = (extra.notes ?? []).filter((note) => !note.span.file.startsWith('std/'));
    this.problems.push(diagnostic(code, span, params, { ...extra, notes }));
  }

  /**
   * Remembers a demand that is neither proved nor refuted: uses decide it, and for a model the run, which has to keep the facts. So they hold for all that
   * follows: sizes for which a pooling window is too large are no counterexample behind it.
   */
  leaveOpen(code: string, span: Span, ...facts: readonly Fact[]): void {
    const key = openKey(code, span);
    const before = this.open.get(key);
    const all = [...(before?.facts.values() ?? []), ...facts];
    this.open.set(key, { code, span, facts: new Map(all.map((fact) => [keyOfFact(fact), fact])) });
    for (const fact of facts) this.facts = this.facts.assumeOpen(fact);
    this.session.onRollback(() => {
      if (before === undefined) this.open.delete(key);
      else this.open.set(key, before);
    });
  }

  /**
   * What an answer means here. A demand that fails for some values of hyperparameters alone says nothing about the body: where it is used they are
   * numbers. With `any`, one hyperparameter among the sizes is enough.
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

  /** The same where `none` may stand: an argument, a variable, a branch. */
  evaluateOptional(expr: Expr): CheckValue {
    return this.interpreter.evaluateOptional(this, expr);
  }

  /**
   * Tries `work` out. Nothing of it stays, not even what it reports, unless `keeps` approves of what came of it: `cx.speculate(work).problems` says what
   * would be wrong, `cx.speculate(work, ({ problems }) => problems.length === 0)` does it if nothing is.
   */
  speculate<T>(work: () => T, keeps: (trial: Trial<T>) => boolean = () => false): Trial<T> & { readonly kept: boolean } {
    return speculate(this, work, keeps);
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

  local(type: TensorType, span: Span, hint?: string): Local {
    return { type, span, hint };
  }

  /** Whether `return` can stand here. */
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
  return `${code} ${spanKey(span)}`;
}

export function spanKey(span: Span): string {
  return `${span.file}:${span.start}-${span.end}`;
}
