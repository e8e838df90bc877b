import type { Span } from '../../diagnostics/span.js';
import type { Name } from './name.js';
import type { TensorTypeExpr } from './signatures.js';
import type { Block, Pattern } from './statements.js';

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
