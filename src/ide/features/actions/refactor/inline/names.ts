import type { AssignStmt, Expr, LabelExpr, Param } from '../../../../../1-syntax/ast.js';
import { eachNode } from '../../../../../1-syntax/walk.js';
import { snakeCase } from '../../../../../2-check/layers/labels.js';
import type { Edit } from '../../../../../diagnostics/record.js';
import type { FileItem } from '../../../../file-view.js';
import { unlabelledUses } from '../../../rename/unlabelled.js';
import { insert, isInside, type Place, replace } from '../../action.js';
import { shapeOf } from '../../shapes.js';
import { knownAt } from '../extract/signature-text.js';
import { freshName } from '../tree.js';
import type { Use } from './use.js';

/** What the names of a body are where it is written instead of a layer, and what must be bound before it. */
export interface Inlined {
  readonly edits: readonly Edit[];
  readonly bindings: readonly string[];
  /** The tensor that is passed on is read once, at the beginning of the result, so that the stages can follow it. */
  readonly isStages: boolean;
}

export function inlinedNames(place: Place, item: FileItem, use: Use): Inlined | undefined {
  const { view, text } = place;
  const { decl, pipe } = use;
  const meanings = new Map<string, string>();
  const bindings: string[] = [];
  const taken: string[] = [];
  const body = view.occurrencesIn(decl).filter(({ span }) => isInside(span, decl.body.span));
  const isUsed = ({ name }: Param) => body.some(({ named }) => named.span?.start === name.span.start);
  const bind = (name: string, value: Expr, word: string) => {
    const source = text.slice(value.span.start, value.span.end);
    if (['name', 'number', 'bool'].includes(value.kind)) meanings.set(name, source);
    else {
      const fresh = freshName(place, item, name, taken);
      taken.push(fresh);
      meanings.set(name, fresh);
      bindings.push(`${word}${fresh} = ${source}`);
    }
  };
  const positional = use.hyper.filter(({ name }) => name === undefined);
  const open = (decl.hyper ?? []).filter(({ fallback }) => fallback === undefined);
  for (const param of decl.hyper ?? []) {
    const given = use.hyper.find(({ name }) => name?.text === param.name.text) ?? positional[open.indexOf(param)];
    const value = given?.value ?? param.fallback;
    if (!isUsed(param)) continue;
    // A default may read other hyperparameters, whose names are different here.
    if (value === undefined || (given === undefined && !['number', 'bool'].includes(value.kind))) return undefined;
    bind(param.name.text, value, 'let ');
  }
  const inputs = decl.inputs ?? [];
  const isReassigned = ({ name }: Param) => body.some(({ named, role }) => role === 'write' && named.span?.start === name.span.start);
  const isStages = canBeStages(use, inputs[0]);
  const values = [pipe.left, ...use.tensors.map(({ value }) => value)];
  if (use.tensors.some(({ name }) => name !== undefined) || inputs.length !== values.length) return undefined;
  for (const [i, param] of inputs.entries()) {
    const value = values[i];
    if (value === undefined || (i === 0 && isStages)) continue;
    if (isReassigned(param) && value.kind === 'name') {
      const fresh = freshName(place, item, param.name.text, taken);
      taken.push(fresh);
      meanings.set(param.name.text, fresh);
      bindings.push(`${fresh} = ${value.name}`);
    } else bind(param.name.text, value, '');
  }
  if (!sizesOf(place, item, use, values, meanings)) return undefined;
  const edits: Edit[] = [];
  for (const { named, span } of body) {
    const start = named.span?.start ?? -1;
    if (named.kind === 'label' || named.kind === 'output' || !isInside({ start, end: start }, decl.span) || start === decl.name.span.start)
      continue;
    if (text.slice(span.start, span.end) !== named.name) return undefined;
    if (!meanings.has(named.name)) {
      const isOutside = !isInside({ start, end: start }, decl.body.span);
      if (isOutside && !(isStages && start === inputs[0]?.name.span.start)) return undefined;
      if (!isOutside) {
        const fresh = freshName(place, item, named.name, taken);
        taken.push(fresh);
        meanings.set(named.name, fresh);
      }
    }
    const meaning = meanings.get(named.name);
    if (meaning !== undefined && meaning !== named.name) edits.push(replace(span, meaning));
  }
  const labels = labelEdits(place, use, meanings);
  return labels && { edits: [...edits, ...labels], bindings, isStages };
}

/** Whether the body is one pipeline that begins with its first input, and reads it nowhere else. */
function canBeStages({ body, result }: Use, input: Param | undefined): boolean {
  if (body.length > 0 || input === undefined) return false;
  let root: Expr = result;
  while (root.kind === 'pipe' || root.kind === 'as') root = root.kind === 'pipe' ? root.left : root.value;
  let reads = 0;
  eachNode(result, (node) => {
    if (node.kind === 'name' && (node as { name?: string }).name === input.name.text) reads++;
  });
  return root !== result && root.kind === 'name' && root.name === input.name.text && reads === 1;
}

/** Finds what the sizes of the layer are at the use; false if the body reads one that is not known. */
function sizesOf(place: Place, item: FileItem, { decl }: Use, values: readonly Expr[], meanings: Map<string, string>): boolean {
  for (const [i, { type }] of (decl.inputs ?? []).entries()) {
    const value = values[i];
    if (type?.kind !== 'tensor-type' || value === undefined) continue;
    const shape = shapeOf(value, place, item) ?? [];
    const rest = type.dims.findIndex(({ kind }) => kind === 'rest');
    for (const [k, dim] of type.dims.entries()) {
      if (dim.kind === 'rest' || dim.size.kind !== 'name' || meanings.has(dim.size.name)) continue;
      const size = rest >= 0 && k > rest ? shape.at(k - type.dims.length) : shape[k];
      const name = size?.variableName;
      if (size?.constant !== undefined || (name !== undefined && /^[A-Za-z_][\w.]*$/.test(name))) meanings.set(dim.size.name, `${size}`);
    }
  }
  const { view } = place;
  return view
    .occurrencesIn(decl)
    .filter(({ span, named }) => isInside(span, decl.body.span) && named.kind === 'size' && named.span !== undefined)
    .every(({ named }) => meanings.has(named.name) || isInside(named.span ?? decl.span, decl.body.span));
}

/** Labels that keep the names of the weights; undefined if there are none that do. */
function labelEdits(
  { view, text }: Place,
  { decl, prefix, body }: Use,
  meanings: ReadonlyMap<string, string>,
): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  const { path } = view;
  const types = view.types(decl);
  let isPossible = true;
  eachNode(decl.body, (node) => {
    if (node.kind !== 'label') return;
    const { labelSpan, segments } = node as LabelExpr;
    const [first] = segments;
    const isJoined = text.slice(labelSpan.start, labelSpan.end).replace(/\s*:$/, '') === '_';
    if (first?.kind === 'text' || (isJoined && prefix !== '')) isPossible = false;
    else if (prefix !== '') edits.push(insert(path, labelSpan.start, first?.kind === 'index' ? prefix : `${prefix}.`));
  });
  const stems = new Set<string>();
  for (const { stage, decl: other } of prefix === '' ? [] : unlabelledUses(decl.body, types)) {
    const stem = snakeCase(other.name.text);
    if (stems.has(stem) || /\bfor\b/.test(text.slice(decl.body.span.start, decl.body.span.end))) isPossible = false;
    stems.add(stem);
    edits.push(insert(path, stage.span.start, `${prefix}.${stem}: `));
  }
  for (const statement of body) {
    if (statement.kind !== 'assign') continue;
    const { target, value } = statement as AssignStmt;
    const name = target.kind === 'bind' ? target.name.text : '';
    const bound = target.kind === 'bind' ? knownAt(types, target.span.start, name)?.value : undefined;
    if (bound?.kind === 'list' || bound?.kind === 'tuple') isPossible = false;
    if (bound?.kind !== 'layer' || value.kind === 'label') continue;
    if (value.kind !== 'call' && value.kind !== 'name') isPossible = false;
    if (prefix !== '') edits.push(insert(path, value.span.start, `${prefix}.${name}: `));
    else if (meanings.get(name) !== name) edits.push(insert(path, value.span.start, `${name}: `));
  }
  return isPossible ? edits : undefined;
}
