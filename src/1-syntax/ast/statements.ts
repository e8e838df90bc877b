import type { Span } from '../../diagnostics/span.js';
import type { Expr, StringExpr } from './expressions.js';
import type { Name } from './name.js';
import type { Param, Result, TensorTypeExpr } from './signatures.js';

export interface Block {
  readonly statements: readonly Stmt[];
  /** The value of a branch of `if` or `cond`: `{ y -> relu }`. Never set on the body of a declaration. */
  readonly value?: Expr | undefined;
  readonly span: Span;
}

export type Stmt =
  | AssignStmt
  | LetDecl
  | LetPattern
  | ForStmt
  | IfStmt
  | ReturnStmt
  | StorageStmt
  | NextStmt
  | EmitStmt
  | AssertStmt
  | EntryDecl
  | ScanStmt
  | ExprStmt
  | ErrorStmt;

export interface ErrorStmt {
  readonly kind: 'error-stmt';
  readonly span: Span;
}

export type Pattern =
  | { readonly kind: 'bind'; readonly name: Name; readonly span: Span }
  | { readonly kind: 'tuple-pattern'; readonly items: readonly Pattern[]; readonly span: Span };

export type LetDecl = LetConstant | LetFunction;

/** `let width = 64` */
export interface LetConstant {
  readonly kind: 'let';
  readonly doc?: string | undefined;
  readonly name: Name;
  readonly params?: undefined;
  readonly value: Expr;
  /** The pattern that contains the name; `value` is then the value of the whole pattern. */
  readonly within?: Pattern;
  readonly span: Span;
}

/** `let twice(v) = 2 * v`, or with a block that ends in `return`. */
export interface LetFunction {
  readonly kind: 'let';
  readonly doc?: string | undefined;
  readonly name: Name;
  readonly params: readonly Param[];
  readonly body: Expr | Block;
  readonly span: Span;
}

/** `let (a, b) = pair` */
export interface LetPattern {
  readonly kind: 'let-pattern';
  readonly doc?: string | undefined;
  readonly target: Pattern;
  readonly value: Expr;
  readonly span: Span;
}

export interface AssignStmt {
  readonly kind: 'assign';
  readonly target: Pattern;
  readonly value: Expr;
  readonly span: Span;
}

export interface ForStmt {
  readonly kind: 'for';
  readonly target: Pattern;
  readonly iterable: Expr;
  readonly body: Block;
  readonly span: Span;
}

/** An `if` statement; `if` as a value is an `IfExpr`. */
export interface IfStmt {
  readonly kind: 'if-stmt';
  readonly condition: Expr;
  readonly then: Block;
  readonly otherwise?: Block | IfStmt | undefined;
  readonly span: Span;
}

export interface ReturnStmt {
  readonly kind: 'return';
  /** `return (logits = y, features)` is a tuple whose items may be named. */
  readonly value: Expr;
  readonly span: Span;
}

/** `param w: Tensor[out, In] = zeros named "weight"`; `state` and `buffer` likewise. A `state` may have a pair of names. */
export interface StorageStmt {
  readonly kind: 'storage';
  readonly storage: 'param' | 'buffer' | 'state';
  readonly name: Name;
  readonly type: TensorTypeExpr;
  readonly init?: Expr | undefined;
  readonly named?: StringExpr | NamedPair | undefined;
  readonly span: Span;
}

/** `named ("past.key", "present.key")`: the names of a state's input and of its output. */
export interface NamedPair {
  readonly kind: 'named-pair';
  readonly input: StringExpr;
  readonly output: StringExpr;
  readonly span: Span;
}

export interface NextStmt {
  readonly kind: 'next';
  readonly name: Name;
  readonly value: Expr;
  readonly span: Span;
}

/** `emit y = ...` inside a scan. */
export interface EmitStmt {
  readonly kind: 'emit';
  readonly name: Name;
  readonly value: Expr;
  readonly span: Span;
}

export interface AssertStmt {
  readonly kind: 'assert';
  readonly condition: Expr;
  readonly message?: Expr | undefined;
  readonly span: Span;
}

export interface EntryDecl {
  readonly kind: 'entry';
  readonly doc?: string | undefined;
  readonly name: Name;
  readonly inputs: readonly Param[];
  readonly result: Result;
  readonly where: readonly Expr[];
  readonly body: Block;
  readonly span: Span;
}

/** `scan (xt, dt) over (x, delta) axis 1 reverse carry h: Tensor[N, D] = zeros { ... }`. */
export interface ScanStmt {
  readonly kind: 'scan';
  readonly items: Pattern;
  readonly over: Expr;
  /** One axis for all operands, or a tuple with one for each. */
  readonly axis: Expr;
  readonly reverse: boolean;
  readonly carries: readonly Carry[];
  readonly body: Block;
  readonly span: Span;
}

/** `h: Tensor[N, D] = zeros`: what a step of a `scan` passes on to the next. */
export interface Carry {
  readonly name: Name;
  readonly type: TensorTypeExpr;
  readonly init: Expr;
}

/** A lone expression; the checker reports that its value is unused. */
export interface ExprStmt {
  readonly kind: 'expr-stmt';
  readonly value: Expr;
  readonly span: Span;
}
