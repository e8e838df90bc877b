import { T } from '../../../../grammar/tokens.js';
import { groupOptions, isOptimizer, optimizers } from '../../../2-check/train/optimizers.js';
import { after, type Cursor, endsLine, isFollowedBy } from '../../cursor/cursor.js';
import { statementStart } from '../../cursor/place.js';
import { entriesIn } from '../../names/members.js';
import { trainedModel } from '../../names/outer.js';
import { signatureText } from '../../present/callable.js';
import { declaredParameter, sourceText } from '../../present/declared.js';
import { optimizerCallable, optionParameters } from '../../present/training.js';
import { fileCandidates } from './candidates.js';
import { detailOf } from './expressions.js';
import { type Suggestion, snippetText } from './item.js';
import { patternNames } from './patterns.js';

const clauses: readonly (readonly [word: string, snippet: string, doc: string, isOnce?: boolean])[] = [
  ['input', 'input «labels»: Tensor<«i64»>[«N»]', 'An input beside those of the model.'],
  ['loss', 'loss = «cross_entropy»', 'What is minimized: one float for the whole batch.', true],
  ['metric', 'metric «name» = «accuracy»', 'Another float that each step returns.'],
  ['optimizer', 'optimizer «adamw»(lr = «3e-4»)', 'How a step changes the weights.', true],
  ['freeze', 'freeze «*»', 'These weights do not change.'],
  ['eval', 'eval «*»', 'In these layers, dropout is off and batch norms use their running statistics.'],
  ['lora', 'lora(rank = «8») on «*»', 'Adds the product of two thin trained matrices to each matching matrix.'],
  ['checkpoint', 'checkpoint «*»', 'Recomputes the values inside these layers for the gradient: less memory, more time.'],
  ['clip_norm', 'clip_norm «1.0»', 'Scales all gradients together so that their joint norm is at most this.', true],
  ['clip_value', 'clip_value «0.5»', 'Limits each element of a gradient to this range around 0.', true],
  ['accumulate', 'accumulate «4»', 'Takes one step for this number of batches.', true],
  ['ema', 'ema «0.999»', 'Also keeps a moving average of the weights, with this decay.', true],
  ['precision', 'precision «f16»', 'Computes forward and backward in f16.', true],
];

/** The clauses of a `train` block that are not written yet. */
export function clauseSuggestions(cursor: Cursor): readonly Suggestion[] {
  const { tokens, frames, word } = cursor;
  if (!endsLine(cursor) && after(cursor)?.tokenType !== T.RBrace) return [];
  const open = frames.at(-1)?.at ?? 0;
  const written = new Set<string>();
  for (let i = open + 1; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined || (token.indent === 0 && token.tokenType !== T.RBrace)) break;
    if (token.indent > 0 && token.startOffset !== word.start) written.add(token.image);
  }
  return clauses.flatMap(([label, snippet, documentation, isOnce], i): readonly Suggestion[] =>
    isOnce === true && written.has(label) ? [] : [{ label, kind: 'keyword', documentation, snippet, rank: i }],
  );
}

/** The optimizers, each with the learning rate that it needs. */
export function optimizerSuggestions(cursor: Cursor): readonly Suggestion[] {
  return Object.keys(optimizers).map((name): Suggestion => {
    const callable = optimizerCallable(name);
    const base = {
      label: name,
      kind: 'function' as const,
      detail: callable && signatureText(callable).label,
      rank: 1,
      subject: { of: 'optimizer' as const, name },
    };
    return isFollowedBy(cursor, '(') ? base : { ...base, insert: `${name}(lr = \${1:3e-4})`, isSnippet: true };
  });
}

/** The settings of a group of weights. */
export function groupSettingSuggestions(cursor: Cursor): readonly Suggestion[] {
  const { tokens, frames } = cursor;
  const groups = frames.findLast(({ role }) => role === 'groups')?.at ?? 0;
  let i = groups;
  while (i > 0 && tokens[i]?.tokenType !== T.soft.optimizer) i--;
  const name = tokens[i + 1]?.image ?? '';
  if (!isOptimizer(name)) return [];
  return optionParameters(groupOptions(name)).map(({ name: option, doc, type, fallback = '0' }): Suggestion => {
    const isWritten = /^\s*=/.test(cursor.text.slice(cursor.word.end, cursor.word.end + 10));
    const base = { label: `${option} = `, filter: option, kind: 'option' as const, detail: type, documentation: doc, rank: 1 };
    return isWritten ? { ...base, insert: option } : { ...base, insert: `${option} = \${1:${snippetText(fallback)}}`, isSnippet: true };
  });
}

/** The pattern of names around the cursor; undefined if it is not in a clause that has patterns. */
export function patternAt(cursor: Cursor): { readonly start: number; readonly end: number; readonly of: 'layer' | 'weight' } | undefined {
  const { tokens, count, frames, head, text, offset, word } = cursor;
  const role = frames.find(({ role }) => role === 'index' || role === 'list') === undefined ? frames.at(-1)?.role : frames.at(-2)?.role;
  if (head?.tokenType !== T.soft.train || (role !== 'train' && role !== 'groups')) return undefined;
  const start = statementStart(cursor);
  const first = tokens[start];
  if (first === undefined || start >= count || tokens[start + 1]?.tokenType === T.Eq) return undefined;
  const isLora = first.tokenType === T.soft.lora && tokens.slice(start, count).some(({ tokenType }) => tokenType === T.soft.on);
  const takes = [T.soft.freeze, T.soft.eval, T.soft.checkpoint, T.soft.group].includes(first.tokenType) || isLora;
  const isOver = tokens.slice(start, count).some(({ tokenType }) => tokenType === T.soft.with || tokenType === T.RBrace);
  if (!takes || isOver || text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim() === '') return undefined;
  const isPart = (c: string) => /[\w.*[\]]/.test(c);
  let from = Math.min(offset, word.start);
  while (from > 0 && isPart(text.charAt(from - 1))) from--;
  let to = Math.max(offset, word.end);
  while (to < text.length && isPart(text.charAt(to))) to++;
  if (from <= first.startOffset) return undefined;
  const previous = text.slice(0, from).trimEnd();
  const isPlace = previous.endsWith(',') || /\b(?:freeze|eval|checkpoint|group|on)$/.test(previous);
  return isPlace
    ? { start: from, end: to, of: first.tokenType === T.soft.checkpoint || first.tokenType === T.soft.eval ? 'layer' : 'weight' }
    : undefined;
}

/** Patterns for the names of layers and weights of the model. */
export function patternSuggestions(cursor: Cursor, of: 'layer' | 'weight'): readonly Suggestion[] {
  const names = patternNames(cursor, of);
  const lasts = new Set(names.flatMap((name) => (/\./.test(name) ? [/[^.]+$/.exec(name)?.[0] ?? ''] : [])));
  const first = cursor.tokens[statementStart(cursor)];
  const groups: readonly Suggestion[] =
    first?.tokenType === T.soft.group
      ? [{ label: 'vectors', kind: 'keyword', rank: 0, documentation: 'All weights with at most one axis.' }]
      : [];
  return [
    ...groups,
    ...names.map((label): Suggestion => ({ label, kind: 'label', rank: 1 })),
    ...[...lasts]
      .filter((last) => /^[A-Za-z_]/.test(last))
      .map((last): Suggestion => ({ label: `*.${last}`, kind: 'label', detail: 'at any depth', rank: 2 })),
    { label: '*', kind: 'label', detail: 'everything', rank: 3 },
  ];
}

/** The models of the file, and the entries of those that have several. */
export function trainedSuggestions(cursor: Cursor): readonly Suggestion[] {
  return fileCandidates(cursor).flatMap((candidate): readonly Suggestion[] => {
    const { name, decl, kind, subject } = candidate;
    if (kind !== 'model') return [];
    const detail = detailOf(cursor, candidate);
    const entries = decl?.kind === 'model' && decl.inputs === undefined ? entriesIn(decl) : [];
    if (entries.length === 0) return [{ label: name, kind, detail, rank: 1, subject }];
    return entries.map(({ name: entry }) => ({ label: `${name}.${entry.text}`, kind: 'entry', detail, rank: 1, subject }));
  });
}

/** The inputs and outputs of the model that is trained, and the model itself. */
export function trainedNames({ item, view }: Cursor): readonly Suggestion[] {
  const trained = item?.kind === 'train' ? trainedModel(item, view.module) : undefined;
  if (trained === undefined) return [];
  const { inputs = [], result } = trained.entry ?? trained.decl;
  const { module } = trained;
  const given = inputs.map(
    (param): Suggestion => ({ label: param.name.text, kind: 'parameter', detail: declaredParameter(param, module).type, rank: 9 }),
  );
  const outputs = (result?.outputs ?? []).flatMap(({ name, type }): readonly Suggestion[] =>
    name === undefined || name.text === ''
      ? []
      : [{ label: name.text, kind: 'variable', detail: sourceText(module, type.span.start, type.span.end), rank: 8 }],
  );
  const hyper = (trained.decl.hyper ?? []).map(
    (param): Suggestion => ({ label: param.name.text, kind: 'parameter', detail: declaredParameter(param, module).type, rank: 11 }),
  );
  return [...outputs, ...given, ...hyper, { label: 'model', kind: 'model', rank: 10, subject: { of: 'built-in', name: 'model' } }];
}

/** The types in which a step can be computed. */
export function precisionSuggestions(): readonly Suggestion[] {
  return ['f16', 'f32'].map((label) => ({ label, kind: 'value', rank: 1, subject: { of: 'built-in', name: label } }));
}
