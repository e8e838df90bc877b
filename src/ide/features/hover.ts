import type { Expr, LabelExpr, NameExpr, PipeExpr } from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';
import { kindWords } from '../../2-check/modules/kinds.js';
import { type Known, valuedAt } from '../../2-check/reuse/types.js';
import { presentIn } from '../../2-check/values/absence.js';
import { type CheckValue, describe } from '../../2-check/values/values.js';
import { plainSpan, type Span } from '../../diagnostics/span.js';
import { showType } from '../../ops/types.js';
import type { FileItem, FileView } from '../file-view.js';
import type { Insights } from '../insights/insights.js';
import type { Occurrence } from '../names/named.js';
import { layerOf, stageAt } from '../names/stages.js';
import { codeBlock, inlineCode, paragraphs } from '../present/markdown.js';
import { presentNamed } from '../present/show.js';
import { boundSizes } from '../sizes/bound-sizes.js';
import { typeCode } from '../sizes/shape-text.js';
import type { Workspace } from '../workspace.js';

export interface Hover {
  /** What it is about. */
  readonly span: Span;
  readonly markdown: string;
}

/**
 * What is at an offset: its type with symbolic sizes, the facts about them, its documentation, and for a layer what it costs. On an arrow, it is the result of the stage that
 * follows. `insights` knows costs, if models of the file were compiled since the last edit.
 */
export function hover(workspace: Workspace, path: string, offset: number, insights?: Insights): Hover | undefined {
  const view = workspace.view(path);
  if (view === undefined || isInComment(view, offset)) return undefined;
  const occurrence = view.occurrenceAt(offset);
  const item = view.itemAt(offset);
  if (occurrence !== undefined) return ofName(view, occurrence, item, insights);
  const types = item && view.types(item);
  const node = types && valuedAt(types, offset);
  const known = node && types.get(node);
  if (item === undefined || node === undefined || known === undefined) return undefined;
  const type = typeText(known, view);
  if (type === undefined) return undefined;
  return { span: plainSpan(node.span), markdown: paragraphs(codeBlock(type), factsAbout(known.value, view, item)) };
}

function ofName(view: FileView, { span, named, role }: Occurrence, item: FileItem | undefined, insights: Insights | undefined): Hover {
  const known = item && valueAt(view, item, span);
  const type = known && typeText(known, view);
  const stage = item && named.kind === 'label' && role !== 'read' ? stageAt(item, span.start) : undefined;
  const parts = [stage && item ? aboutStage(stage, named.name, view, item) : presentNamed(named, type)];
  // What a name of a declaration is here: a function is shown with its signature, and the result of an operator with its shape.
  if (item !== undefined && known !== undefined) parts.push(factsAbout(known.value, view, item));
  if (item !== undefined && named.kind === 'size') parts.push(factsWith(new Set([named.name]), item, view));
  if (item !== undefined && named.kind === 'label') parts.push(insights?.costOfLabel(view, item, named.name));
  if (named.kind === 'model') parts.push(insights?.costOfModel(view, named.name));
  return { span: plainSpan(span), markdown: paragraphs(...parts) };
}

/** The value of the smallest expression or name at exactly this place. */
function valueAt(view: FileView, item: FileItem, { start, end }: Span): Known | undefined {
  for (const [node, known] of view.types(item)) if (node.span.start === start && node.span.end === end) return known;
  return undefined;
}

function typeText({ value, kind }: Known, { inside: { session } }: FileView): string | undefined {
  if (value.kind === 'unknown') return kind === undefined || kind === 'any' ? undefined : kindWords(kind);
  return typeCode(value) ?? describe(value, (type) => showType(type, session.float));
}

/** A labeled layer: its text, the sizes that it infers, and its result. */
function aboutStage(stage: LabelExpr, name: string, view: FileView, item: FileItem): string {
  const { target, span } = stage;
  const types = view.types(item);
  const callee = types.get(layerOf(stage))?.value;
  const pipe = pipeTo(item, span);
  const input = pipe && types.get(pipe.left)?.value;
  const result = pipe && types.get(pipe)?.value;
  const sizes =
    callee?.kind === 'layer' && input?.kind === 'tensor'
      ? boundSizes(callee, input.local.type.shape).filter(({ name, size }) => size.variableName !== name)
      : [];
  const shown = [
    `${name}: ${view.text.slice(target.span.start, target.span.end)}`,
    ...sizes.map(({ name: size, size: value }) => `  ${size} = ${value}`),
    ...(result === undefined ? [] : [`  ${[input, result].map((value) => (value && typeCode(value)) ?? '?').join(' -> ')}`]),
  ];
  return codeBlock(shown.join('\n'));
}

function pipeTo(item: FileItem, { start, end }: Span): PipeExpr | undefined {
  let found: PipeExpr | undefined;
  eachNode(item, (node) => {
    const { stage } = node as PipeExpr;
    if (node.kind === 'pipe' && stage.span.start === start && stage.span.end === end) found = node as PipeExpr;
  });
  return found;
}

/** The facts of the declaration that mention sizes of a value. */
function factsAbout(value: CheckValue, view: FileView, item: FileItem): string | undefined {
  const present = presentIn(value);
  if (present.kind !== 'tensor' && present.kind !== 'int') return undefined;
  const sizes = present.kind === 'tensor' ? present.local.type.shape : [present.dim];
  return factsWith(new Set(sizes.flatMap((size) => `${size}`.match(/[A-Za-z_]\w*/g) ?? [])), item, view);
}

function factsWith(names: ReadonlySet<string>, item: FileItem, { text }: FileView): string | undefined {
  const clauses = 'where' in item ? item.where : [];
  const about = clauses.filter((clause) => mentions(clause, names)).map(({ span }) => inlineCode(text.slice(span.start, span.end)));
  return about.length === 0 ? undefined : `where ${about.join(', ')}`;
}

function mentions(clause: Expr, names: ReadonlySet<string>): boolean {
  let found = false;
  eachNode(clause, (node) => {
    found ||= node.kind === 'name' && names.has((node as NameExpr).name);
  });
  return found;
}

function isInComment({ module: { file } }: FileView, offset: number): boolean {
  return file.comments.some(({ span }) => span.start <= offset && offset <= span.end);
}
