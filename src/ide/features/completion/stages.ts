import { presentIn } from '../../../2-check/values/absence.js';
import type { Span } from '../../../diagnostics/span.js';
import type { TensorType } from '../../../ops/types.js';
import { valueOfLeft } from '../../cursor/callee.js';
import { type Cursor, isFollowedBy, onLine } from '../../cursor/cursor.js';
import { tensorType } from '../../cursor/values.js';
import { hasWeights } from '../../names/weights.js';
import { pipedParameter } from '../../present/callable.js';
import { fitsDecl, fitsOperator, hasOneRank } from '../../sizes/fitting.js';
import { type Candidate, globalCandidates, isPlainFunction, localCandidates } from './candidates.js';
import { detailOf } from './expressions.js';
import { argumentsText, Places, type Suggestion } from './item.js';
import { freeLabel, usedNames } from './label.js';
import { shapeText } from './shapes.js';

/** What can follow an arrow, best first: the layers and functions that take the value before it. `labelled`: a label is already written. */
export function stageSuggestions(cursor: Cursor, arrow: number | undefined, { labelled = false } = {}): readonly Suggestion[] {
  // The word is the label of a stage.
  if (/^(?:\[[^\]\n]*\]|\.\w+)*[ \t]*:/.test(cursor.text.slice(cursor.word.end, cursor.word.end + 200)) && cursor.word.text !== '')
    return [];
  const left = arrow === undefined ? undefined : valueOfLeft(cursor, arrow);
  const type = tensorType(left);
  const locals = localCandidates(cursor);
  const names = new Set(locals.map(({ name }) => name));
  const used = usedNames(cursor);
  const candidates = [...locals, ...globalCandidates(cursor, names)];
  const families = familiesFor(candidates, type, cursor);
  const stages = candidates.flatMap((candidate): readonly Suggestion[] => {
    if (!isStage(candidate) || (labelled && !isLayer(candidate))) return [];
    const base = { label: candidate.name, kind: candidate.kind, detail: detailOf(cursor, candidate), subject: candidate.subject };
    const edits = candidate.edits === undefined ? {} : { edits: candidate.edits };
    return [{ ...base, ...edits, ...insertion(cursor, candidate, labelled, used), rank: rankOf(cursor, candidate, type, families) }];
  });
  const ascription = arrow === undefined || labelled || type === undefined ? [] : ascriptionInstead(cursor, arrow, type);
  const onnx: Suggestion = {
    label: 'onnx',
    kind: 'constant',
    detail: 'operators',
    insert: 'onnx',
    rank: 23,
    subject: { of: 'built-in', name: 'onnx' },
  };
  return [...stages, ...ascription, ...(labelled ? [] : [onnx])];
}

function isStage({ callable, kind, name, op }: Candidate): boolean {
  if (callable === undefined || kind === 'config') return false;
  return op !== undefined || !isPlainFunction(name);
}

function isLayer({ kind, value, decl }: Candidate): boolean {
  return kind === 'layer' || kind === 'model' || value?.kind === 'layer' || (decl?.kind === 'let' && decl.params !== undefined);
}

/** The text of a stage: with a label if the layer has weights, and with places for what it needs. */
function insertion(cursor: Cursor, candidate: Candidate, labelled: boolean, used: ReadonlySet<string>): Partial<Suggestion> {
  const { name, callable, value, decl } = candidate;
  if (callable === undefined) return {};
  const layer = value?.kind === 'layer' ? value : undefined;
  const layerDecl = layer?.decl ?? (decl?.kind === 'layer' || decl?.kind === 'model' ? decl : undefined);
  const isShared = layer?.shared !== undefined;
  const places = new Places();
  const wantsLabel =
    !labelled && !isShared && isLayer(candidate) && (layerDecl === undefined ? candidate.kind === 'layer' : hasWeights(layerDecl));
  const label = wantsLabel ? `${places.place(freeLabel(name, used))}: ` : '';
  if (isFollowedBy(cursor, '(')) return { insert: `${label}${name}`, isSnippet: label !== '' };
  const isMade = callable.lists.length === 2;
  const lists: string[] = [];
  for (const i of callable.lists.keys()) {
    const takesTensor = pipedParameter(callable, i) !== undefined;
    const args = argumentsText(callable, i, places, { skipsTensor: takesTensor });
    if (args !== '') lists.push(`(${args})`);
    else if (isMade && i === 0 && argumentsAfter(callable.lists[1] ?? [])) lists.push('()');
  }
  const text = `${label}${name}${lists.join('')}`;
  const isSnippet = !places.isEmpty;
  return { insert: isSnippet ? `${text}$0` : text, isSnippet };
}

/** Whether a list needs more than the tensor that a pipeline gives. */
function argumentsAfter(list: readonly { readonly isRequired: boolean }[]): boolean {
  return list.filter(({ isRequired }) => isRequired).length > 1;
}

/** `BatchNorm` of `BatchNorm2d`. */
function familyOf(name: string): string | undefined {
  return /^([A-Z]\w*?)\d+d$/.exec(name)?.[1];
}

/** Layers that exist for several ranks: the one for the rank of the tensor comes before those that take any rank. */
function familiesFor(candidates: readonly Candidate[], type: TensorType | undefined, { view }: Cursor): ReadonlySet<string> {
  const { float } = view.inside.session;
  const exact = candidates.filter(
    ({ decl }) => type !== undefined && decl !== undefined && hasOneRank(decl) && fitsDecl(decl, type, float) === true,
  );
  return new Set(exact.flatMap(({ name }) => familyOf(name) ?? []));
}

function rankOf({ view }: Cursor, candidate: Candidate, type: TensorType | undefined, families: ReadonlySet<string>): number {
  const { distance, op, value, decl, name } = candidate;
  const { float } = view.inside.session;
  const known = value && presentIn(value);
  const target = known?.kind === 'layer' ? known.decl : known?.kind === 'fn' && known.form === 'declared' ? known.decl : decl;
  const fits =
    type === undefined || (op !== undefined ? fitsOperator(op, type) : target === undefined || fitsDecl(target, type, float) !== false);
  const isOther = target !== undefined && families.has(familyOf(name) ?? '') && !hasOneRank(target);
  const near = distance === 0 ? 8 : distance === 1 ? 9 : distance === 3 ? 14 : /^[A-Z]/.test(name) && !isOther ? 10 : 11;
  return fits ? near : near + 20;
}

/** `x as [N, 10]` instead of another stage: the arrow goes away. */
function ascriptionInstead(cursor: Cursor, arrow: number, type: TensorType): readonly Suggestion[] {
  const token = cursor.tokens[arrow];
  const shape = shapeText(cursor, type);
  const next = onLine(cursor);
  if (token === undefined || shape === undefined || cursor.word.text !== '' || next !== undefined) return [];
  const span: Span = { file: cursor.path, start: token.startOffset, end: cursor.word.start };
  return [
    {
      label: `as ${shape.label}`,
      kind: 'snippet',
      detail: 'the shape at this place',
      insert: `as ${shape.snippet}`,
      isSnippet: true,
      filter: 'as',
      edits: [{ span, text: '' }],
      rank: 13,
      documentation: 'A comment that the compiler checks.',
    },
  ];
}
