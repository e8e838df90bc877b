import type { AsExpr, FnDecl, LayerDecl } from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';
import type { Span } from '../../diagnostics/span.js';
import { entriesOf } from '../models/entry-layers.js';
import type { DeclaredName, NameWalk } from '../modules/declared-names.js';
import type { Decl, Module } from '../modules/modules.js';
import { signatureOf } from '../modules/signature.js';

/** Whether what is assigned to a name has a size that is read elsewhere, and got its name there: `at = nonzero(x) as [K, 2]` before `x / K`. */
export function namesSize(decl: Decl, module: Module, { places }: DeclaredName, walk: NameWalk): boolean {
  if (decl.kind !== 'fn' && decl.kind !== 'layer' && decl.kind !== 'model') return false;
  return places.some(({ statement }) => {
    const given = givenSizes(decl, module, statement.span);
    const named = new Set<DeclaredName>();
    eachNode(statement, (node) => {
      if (node.kind !== 'as') return;
      for (const dim of (node as AsExpr).type.dims) {
        const meant = dim.kind === 'size' && dim.size.kind === 'name' ? walk.meanings.get(dim.size) : undefined;
        if (meant?.role === 'dim' && !given.has(meant.name.text)) named.add(meant);
      }
    });
    return [...walk.meanings].some(
      ([{ span }, meant]) => named.has(meant) && isInside(span, decl.body.span) && !isInside(span, statement.span),
    );
  });
}

/** The sizes that inputs have, of the declaration or of the entry around a place. */
function givenSizes(decl: FnDecl | LayerDecl, module: Module, place: Span): ReadonlySet<string> {
  const entries = decl.kind === 'model' ? entriesOf(decl, module) : [];
  return signatureOf(entries.find(({ span }) => isInside(place, span)) ?? decl, module).inputDims;
}

function isInside(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}
