import type { EntryDecl, Expr, FnDecl, LayerDecl } from '../../1-syntax/ast.js';
import { namesOf } from '../../2-check/sizes/unmet.js';
import { presentIn } from '../../2-check/values/absence.js';
import type { Named } from './named.js';
import type { ItemView } from './occurrences.js';

/** The output with a name of the layer or function whose result an expression is: `s.centre` after `s = x -> Stats`. */
export function outputNamed(expr: Expr, name: string, view: ItemView): Named | undefined {
  const owner = callOf(expr, view, 0);
  const output = owner?.decl.result?.outputs.find((other) => other.name?.text === name)?.name;
  return output && owner && { kind: 'output', name, span: output.span, inside: owner.inside };
}

interface Owner {
  readonly decl: LayerDecl | FnDecl | EntryDecl;
  readonly inside: string;
}

/** What is called for an expression, also where a variable was assigned. */
function callOf(expr: Expr, view: ItemView, depth: number): Owner | undefined {
  switch (expr.kind) {
    case 'pipe':
      return callOf(expr.stage, view, depth);
    case 'label':
      return callOf(expr.target, view, depth);
    case 'as':
      return callOf(expr.value, view, depth);
    case 'call':
      return callOf(expr.callee, view, depth);
    case 'name':
    case 'member':
      return declarationOf(expr, view) ?? (expr.kind === 'name' && depth < 20 ? assigned(expr, view, depth) : undefined);
    default:
      return undefined;
  }
}

function declarationOf(expr: Expr, { types }: ItemView): Owner | undefined {
  const known = types.get(expr)?.value;
  const value = known && presentIn(known);
  if (value?.kind === 'layer') {
    const { decl } = value;
    return { decl, inside: decl.name.text };
  }
  return value?.kind === 'fn' && value.form === 'declared' ? { decl: value.decl, inside: value.decl.name.text } : undefined;
}

function assigned(expr: Extract<Expr, { kind: 'name' }>, view: ItemView, depth: number): Owner | undefined {
  if (view.item.kind === 'train') return undefined;
  const place = namesOf(view.session, view.item, view.module).meanings.get(expr)?.places.at(-1)?.statement;
  return place?.kind === 'assign' && place.target.kind === 'bind' ? callOf(place.value, view, depth + 1) : undefined;
}
