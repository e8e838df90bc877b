import type { Span } from '../diagnostics/span.js';

/**
 * The syntax tree. The parser is total: for any input, it returns a tree in which every required child is present. What could not be read is an `error` node,
 * which later phases skip silently because the parser has already reported it.
 */
export interface File {
  readonly kind: 'file';
  readonly path: string;
  readonly text: string;
  readonly items: readonly Item[];
  /** Ordinary `#` comments in source order; `##` documentation is on the declarations. */
  readonly comments: readonly Comment[];
  readonly span: Span;
}

export interface Comment {
  readonly text: string;
  readonly span: Span;
  /** Whether it is on a line of its own. */
  readonly ownLine: boolean;
}

/** The text is `''` for a missing name, which the parser has reported. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

export type Item = ImportDecl | LetDecl | LetPattern | FnDecl | LayerDecl | AliasDecl | ConfigDecl | TrainDecl | ErrorItem;

export interface ErrorItem {
  readonly kind: 'error-item';
  readonly span: Span;
}

export interface ImportDecl {
  readonly kind: 'import';
  readonly names: readonly { readonly name: Name; readonly alias?: Name | undefined }[];
  readonly source: string;
  readonly sourceSpan: Span;
  readonly span: Span;
}

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

export interface FnDecl {
  readonly kind: 'fn';
  readonly doc?: string | undefined;
  readonly name: Name;
  /** Tensors first, then compile-time options, in one list. */
  readonly params: readonly Param[];
  readonly result: Result;
  readonly where: readonly Expr[];
  readonly body: Block;
  readonly span: Span;
}

/** A `layer` or a `model`. A model made of entries has no `inputs` and no `result`. */
export interface LayerDecl {
  readonly kind: 'layer' | 'model';
  readonly doc?: string | undefined;
  readonly name: Name;
  /** Absent if the declaration omits the first list. */
  readonly hyper?: readonly Param[] | undefined;
  /** Absent for a model made of entries. */
  readonly inputs?: readonly Param[] | undefined;
  readonly result?: Result | undefined;
  readonly where: readonly Expr[];
  readonly body: Block;
  readonly span: Span;
}

/** `model ResNet50 = ResNet(Bottleneck, [3, 4, 6, 3])`; also for `layer`. */
export interface AliasDecl {
  readonly kind: 'alias';
  readonly of: 'layer' | 'model';
  readonly doc?: string | undefined;
  readonly name: Name;
  readonly value: Expr;
  readonly span: Span;
}

/** The type of a record: `config Sizes { width = 64 from "hidden_size" } where width % 8 == 0`. */
export interface ConfigDecl {
  readonly kind: 'config';
  readonly doc?: string | undefined;
  readonly name: Name;
  readonly fields: readonly Param[];
  readonly where: readonly Expr[];
  readonly span: Span;
}

/** `name`, `name: int`, `name = 3`, `name: Tensor[N, C]?`, `width = 64 from "hidden_size"`. */
export interface Param {
  /** The documentation of a field of a `config`. */
  readonly doc?: string | undefined;
  readonly name: Name;
  readonly type?: ParamType | undefined;
  readonly fallback?: Expr | undefined;
  /** The key in a configuration file that gives its value. */
  readonly from?: StringExpr | undefined;
  readonly span: Span;
}

/** A tensor type, or the kind of a hyperparameter: `int float bool string dtype fn layer list tuple`, or the name of a `config`. */
export type ParamType = TensorTypeExpr | KindExpr;

export interface KindExpr {
  readonly kind: 'kind';
  readonly name: string;
  /** `int?`: it may be `none`. */
  readonly optional: boolean;
  readonly span: Span;
}

/** `Tensor<i64>[N, T]?`; without `dtype`, the build's float type. A `dtype` may be a field: `c.dtype`. */
export interface TensorTypeExpr {
  readonly kind: 'tensor-type';
  readonly dtype?: Name | undefined;
  readonly dims: readonly DimExpr[];
  readonly optional: boolean;
  readonly span: Span;
}

export type DimExpr = RestDim | SizeDim;

/** `*B`: any leading axes. */
export interface RestDim {
  readonly kind: 'rest';
  readonly name: Name;
  readonly span: Span;
}

/** One axis; `orOne` is `N|1`, an axis that may also be the literal 1. */
export interface SizeDim {
  readonly kind: 'size';
  readonly size: Expr;
  readonly orOne: boolean;
  readonly span: Span;
}

/** `-> Tensor[N]` is one unnamed output; `-> (a: Tensor[N], b: Tensor[M])` are named ones. */
export interface Result {
  readonly outputs: readonly { readonly name?: Name | undefined; readonly type: TensorTypeExpr }[];
  /** Whether the outputs were written in parentheses. */
  readonly named: boolean;
  readonly span: Span;
}

export interface TrainDecl {
  readonly kind: 'train';
  readonly doc?: string | undefined;
  readonly name: Name;
  readonly model: Expr;
  readonly clauses: readonly TrainClause[];
  readonly span: Span;
}

export type TrainClause =
  | { readonly kind: 'input'; readonly name: Name; readonly type: TensorTypeExpr; readonly span: Span }
  | { readonly kind: 'loss'; readonly value: Expr; readonly span: Span }
  | { readonly kind: 'metric'; readonly name: Name; readonly value: Expr; readonly span: Span }
  | { readonly kind: 'freeze'; readonly patterns: readonly PathPattern[]; readonly span: Span }
  | { readonly kind: 'lora'; readonly args: readonly Arg[]; readonly patterns: readonly PathPattern[]; readonly span: Span }
  | {
      readonly kind: 'optimizer';
      readonly name: Name;
      readonly args: readonly Arg[];
      readonly groups: readonly { readonly name: Name; readonly patterns: readonly PathPattern[] }[];
      readonly span: Span;
    }
  | { readonly kind: 'option'; readonly name: Name; readonly value: Expr; readonly span: Span }
  | { readonly kind: 'error-clause'; readonly span: Span };

/** `encoder[0..6]`, `*.bn*`, `*`: kept as written, without spaces. */
export interface PathPattern {
  readonly text: string;
  readonly span: Span;
}

// ---------------------------------------------------------------- statements

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

// ---------------------------------------------------------------- expressions

export type Expr =
  | NumberExpr
  | StringExpr
  | BoolExpr
  | NoneExpr
  | NameExpr
  | ListExpr
  | ComprehensionExpr
  | TupleExpr
  | CallExpr
  | IndexExpr
  | MemberExpr
  | PresentExpr
  | UnaryExpr
  | BinaryExpr
  | RangeExpr
  | PipeExpr
  | LabelExpr
  | AsExpr
  | IfExpr
  | CondExpr
  | RearrangePattern
  | ErrorExpr;

export interface ErrorExpr {
  readonly kind: 'error';
  readonly span: Span;
}

export interface NumberExpr {
  readonly kind: 'number';
  readonly value: number;
  /** Written without `.` or an exponent. */
  readonly isInt: boolean;
  /** As written, for the formatter. */
  readonly text: string;
  readonly span: Span;
}

/** `"layer{s + 1}"`: text and interpolated expressions in turn; escapes are resolved in `parts`. */
export interface StringExpr {
  readonly kind: 'string';
  readonly parts: readonly (string | Expr)[];
  readonly text: string;
  readonly span: Span;
}

export interface BoolExpr {
  readonly kind: 'bool';
  readonly value: boolean;
  readonly span: Span;
}

/** `none`: an absent optional tensor or value. */
export interface NoneExpr {
  readonly kind: 'none';
  readonly span: Span;
}

export interface NameExpr {
  readonly kind: 'name';
  readonly name: string;
  readonly span: Span;
}

export interface ListExpr {
  readonly kind: 'list';
  readonly items: readonly { readonly value: Expr; readonly spread: boolean }[];
  readonly span: Span;
}

export interface ComprehensionExpr {
  readonly kind: 'comprehension';
  readonly value: Expr;
  readonly target: Pattern;
  readonly iterable: Expr;
  readonly span: Span;
}

/** `(a, b)`; an item may be named in a `return`. A parenthesized expression is just that expression. */
export interface TupleExpr {
  readonly kind: 'tuple';
  readonly items: readonly { readonly name?: Name | undefined; readonly value: Expr }[];
  readonly span: Span;
}

export interface Arg {
  readonly name?: Name | undefined;
  /** `*c`: the record to copy. */
  readonly spread?: boolean | undefined;
  readonly value: Expr;
}

export interface CallExpr {
  readonly kind: 'call';
  readonly callee: Expr;
  readonly args: readonly Arg[];
  /** From `(` to `)`. */
  readonly argsSpan: Span;
  readonly span: Span;
}

export interface IndexExpr {
  readonly kind: 'index';
  readonly object: Expr;
  readonly items: readonly IndexItem[];
  readonly span: Span;
}

/** `:` is a whole axis, `..` all axes not listed, `a..b by s` a slice (either end may be omitted); anything else is one position. */
export type IndexItem =
  | { readonly kind: 'all'; readonly span: Span }
  | { readonly kind: 'ellipsis'; readonly span: Span }
  | {
      readonly kind: 'slice';
      readonly start?: Expr | undefined;
      readonly end?: Expr | undefined;
      readonly step?: Expr | undefined;
      readonly span: Span;
    }
  | { readonly kind: 'at'; readonly value: Expr; readonly span: Span };

export interface MemberExpr {
  readonly kind: 'member';
  readonly object: Expr;
  readonly name: Name;
  readonly span: Span;
}

/** `mask?`: whether an optional argument was given. */
export interface PresentExpr {
  readonly kind: 'present';
  readonly object: Expr;
  readonly span: Span;
}

export interface UnaryExpr {
  readonly kind: 'unary';
  readonly op: '-' | '!';
  readonly operand: Expr;
  readonly span: Span;
}

export type BinaryOp =
  | '+'
  | '-'
  | '*'
  | '/'
  | '//'
  | '%'
  | '@'
  | '**'
  | '<'
  | '<='
  | '>'
  | '>='
  | '=='
  | '!='
  | 'in'
  | '&'
  | '|'
  | '&&'
  | '||';

export interface BinaryExpr {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  readonly opSpan: Span;
  readonly left: Expr;
  readonly right: Expr;
  readonly span: Span;
}

export interface RangeExpr {
  readonly kind: 'range';
  readonly start: Expr;
  readonly end: Expr;
  readonly span: Span;
}

/** `left -> stage`. */
export interface PipeExpr {
  readonly kind: 'pipe';
  readonly left: Expr;
  readonly stage: Expr;
  readonly arrowSpan: Span;
  readonly span: Span;
}

/** `label: Layer(...)`: the `segments` of `"layer{s}"[b]` are the string and the index, those of `down[i]` the name and the index. */
export interface LabelExpr {
  readonly kind: 'label';
  readonly segments: readonly LabelSegment[];
  readonly labelSpan: Span;
  readonly target: Expr;
  readonly span: Span;
}

export type LabelSegment =
  | { readonly kind: 'word'; readonly name: Name }
  | { readonly kind: 'text'; readonly value: StringExpr }
  | { readonly kind: 'index'; readonly value: Expr };

/** `x as [N, 400]` checks a shape, `x as Tensor<i64>[N]` also an element type. */
export interface AsExpr {
  readonly kind: 'as';
  readonly value: Expr;
  readonly type: TensorTypeExpr;
  /** Whether `Tensor` was written; a bare `[..]` does not constrain the element type. */
  readonly full: boolean;
  readonly span: Span;
}

export interface IfExpr {
  readonly kind: 'if';
  readonly condition: Expr;
  readonly then: Block;
  readonly otherwise?: Block | IfExpr | undefined;
  readonly span: Span;
}

/** `cond c { a } else { b }`: a choice at run time. Both blocks have a `value` unless they lack one by mistake. */
export interface CondExpr {
  readonly kind: 'cond';
  readonly condition: Expr;
  readonly then: Block;
  readonly otherwise: Block;
  readonly span: Span;
}

/** `[N, T, h * d] => [N, h, T, d]`, the second argument of `rearrange`. */
export interface RearrangePattern {
  readonly kind: 'rearrange-pattern';
  readonly from: readonly Expr[];
  readonly to: readonly Expr[];
  readonly span: Span;
}
