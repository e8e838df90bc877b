import type { ImportDecl } from '../../1-syntax/ast.js';
import { presentIn } from '../../2-check/values/absence.js';
import type { CheckValue } from '../../2-check/values/values.js';
import { plainSpan, type Span } from '../../diagnostics/span.js';
import { isStandardFile } from '../../standard-file.js';
import type { FileView } from '../file-view.js';
import { meant } from '../names/named.js';
import { declaredConfig, importsOf } from '../names/outer.js';
import { layerOf, stageAt } from '../names/stages.js';
import type { Workspace } from '../workspace.js';

/** A place to go to, and the text that leads there. */
export interface Link {
  readonly from: Span;
  /** The name of what is declared there; for a file, its beginning. */
  readonly to: Span;
}

/** Where what is named at an offset is declared: in any file, also of the standard library. The path of an import leads to the file. */
export function definition(workspace: Workspace, path: string, offset: number): Link | undefined {
  const view = workspace.view(path);
  if (view === undefined) return undefined;
  const item = importAround(view, offset);
  if (item !== undefined) return { from: plainSpan(item.sourceSpan), to: fileStart(workspace, item.source, path) };
  const occurrence = view.occurrenceAt(offset);
  const to = occurrence && meant(occurrence.named).span;
  return to && { from: plainSpan(occurrence.span), to: plainSpan(to) };
}

/** Where the type of a value at an offset is declared: its `config`, or the layer or function that it is, or that it labels. */
export function typeDefinition(workspace: Workspace, path: string, offset: number): Link | undefined {
  const view = workspace.view(path);
  const occurrence = view?.occurrenceAt(offset);
  const item = view?.itemAt(offset);
  if (view === undefined || occurrence === undefined || item === undefined) return undefined;
  const from = plainSpan(occurrence.span);
  const { source } = occurrence.named;
  const config = source?.kind === 'param' ? declaredConfig(source.param, source.module) : undefined;
  if (config !== undefined) return { from, to: plainSpan(config.decl.name.span) };
  const stage = occurrence.named.kind === 'label' ? stageAt(item, occurrence.span.start) : undefined;
  const { start, end } = stage === undefined ? occurrence.span : layerOf(stage).span;
  for (const [node, { value }] of view.types(item)) {
    if (node.span.start !== start || node.span.end !== end) continue;
    const decl = declarationOf(presentIn(value));
    if (decl !== undefined) return { from, to: plainSpan(decl.name.span) };
  }
  return undefined;
}

function declarationOf(value: CheckValue) {
  switch (value.kind) {
    case 'record':
    case 'config':
    case 'layer':
      return value.decl;
    case 'fn':
      return value.form === 'declared' || value.form === 'let' ? value.decl : undefined;
    default:
      return undefined;
  }
}

function importAround({ module }: FileView, offset: number): ImportDecl | undefined {
  return importsOf(module).find(({ source, sourceSpan: { start, end } }) => source !== '' && start <= offset && offset <= end);
}

function fileStart(workspace: Workspace, source: string, from: string): Span {
  const file = isStandardFile(source) ? source : workspace.resolve(source, from);
  return { file, start: 0, end: 0 };
}
