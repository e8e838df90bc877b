import type { TrainDecl } from './1-syntax/ast.js';
import { kindWords } from './2-check/modules/kinds.js';
import type { Decl, Module } from './2-check/modules/modules.js';
import type { Placed } from './2-check/reuse/outdated.js';
import { itemAt, type Known, type Types, typesIn, valuedAt } from './2-check/reuse/types.js';
import { presentIn } from './2-check/values/absence.js';
import { describe } from './2-check/values/values.js';
import type { ExpressionType } from './api/results.js';
import { type Anchor, anchorOf } from './diagnostics/anchor.js';
import { plainSpan, type Span } from './diagnostics/span.js';
import { plainSize } from './dims/plain-size.js';
import { type DType, showType } from './ops/types.js';
import type { Started } from './stages.js';

/** The types in the files of a check, which are found where they are asked for and kept while they cannot change. */
export class FileTypes {
  readonly #started: Pick<Started, 'session' | 'loader'>;
  readonly #known = new Map<Anchor, { readonly item: Decl | TrainDecl; readonly types: Types }>();

  constructor(started: Pick<Started, 'session' | 'loader'>) {
    this.#started = started;
  }

  /** What an expression or name in a file is, by the offset and the path of the file. */
  at(offset: number, path: string): ExpressionType | undefined {
    const { session, loader } = this.#started;
    const module = loader.ownModules().find((other) => other.path === path);
    const item = module && itemAt(module, offset);
    if (module === undefined || item === undefined) return undefined;
    const types = this.of(module, item);
    const node = valuedAt(types, offset);
    const known = node && types.get(node);
    return node && known && expressionType(node.span, known, session.float);
  }

  /** The values of all expressions and names in a declaration or `train` block. */
  of(module: Module, item: Decl | TrainDecl): Types {
    const anchor = anchorOf(item.span);
    const known = anchor && this.#known.get(anchor);
    if (known !== undefined) return known.types;
    const types = typesIn(this.#started.session, module, item);
    if (anchor !== undefined) this.#known.set(anchor, { item, types });
    return types;
  }

  /** Forgets what a change of the text may have changed. */
  forget(outdated: readonly Placed[]): void {
    for (const { decl } of outdated) {
      const anchor = anchorOf(decl.span);
      if (anchor !== undefined) this.#known.delete(anchor);
    }
    // What a compile-time function is called with, and what a `train` block trains, is written elsewhere.
    for (const [anchor, { item }] of this.#known) if (item.kind === 'train' || dependsOnCalls(item)) this.#known.delete(anchor);
  }
}

function dependsOnCalls(item: Decl): boolean {
  return item.kind === 'let' && item.params !== undefined;
}

function expressionType(place: Span, { value, kind }: Known, float: DType): ExpressionType | undefined {
  const span = plainSpan(place);
  if (value.kind === 'unknown') return kind === undefined || kind === 'any' ? undefined : { span, description: kindWords(kind) };
  const description = describe(value, (type) => showType(type, float));
  const present = presentIn(value);
  if (present.kind !== 'tensor') return { span, description };
  const { dtype, shape } = present.local.type;
  return { span, description, tensor: { dtype, shape: shape.map(plainSize) } };
}
