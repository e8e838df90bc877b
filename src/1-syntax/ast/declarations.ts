import type { Span } from '../../diagnostics/span.js';
import type { Expr } from './expressions.js';
import type { Name } from './name.js';
import type { Param, Result } from './signatures.js';
import type { Block, LetDecl, LetPattern } from './statements.js';
import type { TrainDecl } from './train.js';

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
