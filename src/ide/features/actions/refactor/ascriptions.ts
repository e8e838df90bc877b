import type { AsExpr, Expr } from '../../../../1-syntax/ast.js';
import { eachNode } from '../../../../1-syntax/walk.js';
import type { Edit } from '../../../../diagnostics/record.js';
import type { Dim } from '../../../../dims/dim.js';
import type { FileItem } from '../../../file-view.js';
import { insert, isInside, type Offer, type Place, replace } from '../action.js';
import { shapeOf, sizeText } from '../shapes.js';
import { around, pipelineAround } from './tree.js';

/** Adds `as [...]` with the shape of a stage, or takes it out. */
export function ascriptionOffers(place: Place): readonly Offer[] {
  const { item, span } = place;
  const pipeline = item && pipelineAround(around(item, span));
  if (item === undefined || pipeline === undefined) return [];
  const offers: Offer[] = [];
  const open = pipeline.stages.filter(({ as }) => as === undefined).flatMap(({ pipe }) => ascription(place, item, pipe));
  const own = open.find(({ expr }) => isInside(span, expr.stage.span));
  const add = (title: string, edits: readonly Edit[]) => offers.push({ title, kind: 'refactor.rewrite', isSlow: true, edits: () => edits });
  if (own !== undefined) add(`add \`as ${own.shape}\``, [own.edit]);
  if (open.length > 1)
    add(
      'add `as [...]` to all stages',
      open.map(({ edit }) => edit),
    );
  const written = pipeline.stages.flatMap(({ as }) => as ?? []);
  const current = pipeline.stages.find(
    ({ pipe, as }) => as !== undefined && isInside(span, { start: pipe.stage.span.start, end: as.span.end }),
  )?.as;
  if (current !== undefined) add('remove `as`', [removal(current)]);
  if (written.length > 1) add('remove `as` from all stages', written.map(removal));
  return offers;
}

function removal({ value, span }: AsExpr): Edit {
  return replace({ file: span.file, start: value.span.end, end: span.end }, '');
}

function ascription(place: Place, item: FileItem, pipe: Extract<Expr, { kind: 'pipe' }>) {
  const shape = shapeOf(pipe, place, item);
  const names = sizeNames(place, item);
  if (shape === undefined || !shape.every((size) => isWritable(size, names))) return [];
  const text = `[${shape.map(sizeText).join(', ')}]`;
  return [{ expr: pipe, shape: text, edit: insert(place.view.path, pipe.span.end, ` as ${text}`) }];
}

/** What can be written as a size in a body: its sizes, hyperparameters and constants, and fields of records. */
export function sizeNames({ view }: Place, item: FileItem): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { named } of view.occurrencesIn(item))
    if (['size', 'hyperparameter', 'argument', 'constant', 'loop-variable'].includes(named.kind)) names.add(named.name);
  eachNode(item, (node) => {
    if (node.kind === 'member') names.add(view.text.slice((node as Expr).span.start, (node as Expr).span.end));
  });
  return names;
}

/** Whether the text of a size means the same there. */
export function isWritable(size: Dim, names: ReadonlySet<string>): boolean {
  if (/[?'"]|found|distinct|kept/.test(`${size}`)) return false;
  return [...size.variables()].every((name) => names.has(name));
}
