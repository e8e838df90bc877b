import type { NameExpr } from '../../../1-syntax/ast.js';
import { eachNode } from '../../../1-syntax/walk.js';
import type { Diagnostic } from '../../../diagnostics/record.js';
import type { FileItem } from '../../file-view.js';
import { keyOf } from '../../names/named.js';
import { type Offer, type Place, replace } from './action.js';
import { tensorOf } from './shapes.js';
import { corrects } from './tried.js';

/** Mistakes that a tensor with another shape may make, or end. */
const codes: ReadonlySet<string> = new Set(['argument-shape', 'argument-rank', 'result-mismatch', 'shape-mismatch']);
/** How many variables are tried: each takes a check of the file. */
const most = 6;

/** Where a variable has the wrong shape: others, with which the mistake is gone. */
export function otherTensorOffers(place: Place): readonly Offer[] {
  const seen = new Set<number>();
  return place.diagnostics.flatMap((diagnostic) => {
    const { code, span } = diagnostic;
    const item = codes.has(code) && !seen.has(span.start) ? place.view.itemAt(span.start) : undefined;
    const expr = item && nameAt(item, diagnostic);
    if (item === undefined || expr === undefined) return [];
    seen.add(span.start);
    return namesBefore(place, item, expr).flatMap((name): readonly Offer[] => {
      const edits = [replace(expr.span, name)];
      if (!corrects(place, diagnostic, edits)) return [];
      return [{ title: `did you mean \`${name}\`?`, kind: 'quickfix', diagnostics: [diagnostic], edits: () => edits }];
    });
  });
}

function nameAt(item: FileItem, { span }: Diagnostic): NameExpr | undefined {
  let found: NameExpr | undefined;
  eachNode(item, (node) => {
    if (node.kind === 'name' && (node as NameExpr).span.start === span.start && (node as NameExpr).span.end === span.end)
      found = node as NameExpr;
  });
  return found;
}

/** Variables and inputs that have a value there, the nearest first. */
function namesBefore(place: Place, item: FileItem, expr: NameExpr): readonly string[] {
  if (tensorOf(expr, place, item) === undefined) return [];
  const all = place.view.occurrencesIn(item);
  const own = all.find(({ span }) => span.start === expr.span.start)?.named;
  const found = new Set<string>();
  for (const { named, span, role } of [...all].reverse()) {
    if (role === 'read' || span.end > expr.span.start || (named.kind !== 'variable' && named.kind !== 'input')) continue;
    if (own === undefined || keyOf(named) !== keyOf(own)) found.add(named.name);
  }
  return [...found].slice(0, most);
}
