import type { Expr, NameExpr } from '../../../1-syntax/ast.js';
import { namesOf } from '../../../2-check/sizes/unmet.js';
import { presentIn } from '../../../2-check/values/absence.js';
import type { Dim } from '../../../dims/dim.js';
import type { TensorType } from '../../../ops/types.js';
import type { FileItem } from '../../file-view.js';
import type { Place } from './action.js';

/** The type of a tensor that an expression is. */
export function tensorOf(expr: Expr, { view }: Place, item: FileItem): TensorType | undefined {
  const known = view.known(expr, item)?.value;
  const value = known && presentIn(known);
  return value?.kind === 'tensor' ? value.local.type : undefined;
}

/** The sizes of the axes of a tensor that an expression is. */
export function shapeOf(expr: Expr, place: Place, item: FileItem): readonly Dim[] | undefined {
  return tensorOf(expr, place, item)?.shape;
}

/** What a variable was assigned, if it was assigned once. */
export function assignedTo(expr: NameExpr, { view }: Place, item: FileItem): Expr | undefined {
  if (item.kind === 'train') return undefined;
  const { session } = view.inside;
  const places = namesOf(session, item, view.module).meanings.get(expr)?.places ?? [];
  const [place] = places;
  return places.length === 1 && place?.statement.kind === 'assign' && place.statement.target.kind === 'bind'
    ? place.statement.value
    : undefined;
}

/** A size as the formatter writes it. */
export function sizeText(size: Dim): string {
  return `${size}`.replaceAll(/(?<=[\w)])\*(?=[\w(])/g, ' * ');
}
