import type { Span } from '../../diagnostics/span.js';
import type { Arg, Expr } from './expressions.js';
import type { Name } from './name.js';
import type { TensorTypeExpr } from './signatures.js';
import type { AssignStmt } from './statements.js';

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
  | TrainBinding
  | { readonly kind: 'loss'; readonly value: Expr; readonly span: Span }
  | { readonly kind: 'metric'; readonly name: Name; readonly value: Expr; readonly span: Span }
  /** `freeze *.bn* with { statistics: update }` */
  | {
      readonly kind: 'freeze';
      readonly patterns: readonly PathPattern[];
      readonly settings: readonly Setting[];
      readonly span: Span;
    }
  | { readonly kind: 'eval'; readonly patterns: readonly PathPattern[]; readonly span: Span }
  | { readonly kind: 'checkpoint'; readonly patterns: readonly PathPattern[]; readonly span: Span }
  | { readonly kind: 'lora'; readonly args: readonly Arg[]; readonly patterns: readonly PathPattern[]; readonly span: Span }
  | OptimizerClause
  /** `clip_norm 1.0`: a name and a value. */
  | { readonly kind: 'option'; readonly name: Name; readonly value: Expr; readonly span: Span }
  | { readonly kind: 'error-clause'; readonly span: Span };

/** `other = model(image2)`, `teacher = frozen BigNet(classes = 10)` */
export interface TrainBinding extends AssignStmt {
  readonly isFrozen: boolean;
}

/** `optimizer adamw(lr = input) { group *.bias { weight_decay = 0 } }` */
export interface OptimizerClause {
  readonly kind: 'optimizer';
  readonly name: Name;
  readonly args: readonly Arg[];
  readonly groups: readonly TrainGroup[];
  readonly span: Span;
}

/** Weights that have settings of their own. */
export interface TrainGroup {
  readonly patterns: readonly PathPattern[];
  readonly settings: readonly Setting[];
  readonly span: Span;
}

/** `weight_decay = 0`, `statistics: update` */
export interface Setting {
  readonly name: Name;
  readonly value: Expr;
  readonly span: Span;
}

/** `encoder[0..6]`, `*.bn*`, `*`: kept as written, without spaces. */
export interface PathPattern {
  readonly text: string;
  readonly span: Span;
}
