import type { Span } from '../../diagnostics/span.js';
import type { Arg, Expr } from './expressions.js';
import type { Name } from './name.js';
import type { TensorTypeExpr } from './signatures.js';

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
