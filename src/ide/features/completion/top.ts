import { T } from '../../../../grammar/tokens.js';
import { isStandardFile } from '../../../standard-file.js';
import { type Cursor, endsLine, startsLine } from '../../cursor/cursor.js';
import { closingOf } from '../../cursor/frames.js';
import { standardOutline } from '../../outline.js';
import { signatureText } from '../../present/callable.js';
import { declaredCallable } from '../../present/declared.js';
import type { Suggestion } from './item.js';

const declarations: readonly (readonly [label: string, text: string, doc: string])[] = [
  [
    'layer',
    'layer «Name»(«out»: int)(«x»: Tensor[*B, «In»]) -> Tensor[*B, «out»] {\n  return «x» -> fc: Linear(«out»)$0\n}',
    'A part of a network, which may have weights.',
  ],
  [
    'layer with a parameter',
    'layer «Name»(«x»: Tensor[*B, «D»]) -> Tensor[*B, «D»] {\n  param «scale»: Tensor[«D»] = «ones»\n  return «x» * «scale»$0\n}',
    'A layer with a trained tensor of its own.',
  ],
  ['model', 'model «Name»(«x»: Tensor[N, «D»]) -> («y»: Tensor[N, «D»]) {\n  return «x»$0\n}', 'A network that can be built.'],
  ['fn', 'fn «name»(«x»: Tensor[*S]) -> Tensor[*S] {\n  return «x»$0\n}', 'A function on tensors, without weights.'],
  ['let', 'let «name» = «value»', 'A constant, known at compile time.'],
  ['let function', 'let «name»(«x») = «x»', 'A function on values that are known at compile time.'],
  ['config', 'config «Name» {\n  «width» = «64»$0\n}', 'The fields of a record of hyperparameters.'],
  [
    'train',
    'train «Name» for «Model» {\n  input «labels»: Tensor<i64>[N]\n  loss = cross_entropy(«logits», «labels»)\n  optimizer adamw(lr = «3e-4»)$0\n}',
    'How a model is trained.',
  ],
  ['import', 'import { «name» } from "«std/attention»"', 'Names from another file.'],
];

/** What a declaration can begin with. */
export function topSuggestions(cursor: Cursor): readonly Suggestion[] {
  if (!startsLine(cursor) || !endsLine(cursor)) return [];
  return declarations.map(([label, text, doc], i): Suggestion => {
    const detail = (text.split('\n')[0] ?? '').replaceAll(/[«»]|\$0/g, '');
    return { label, kind: 'snippet', detail, documentation: doc, snippet: text, rank: i };
  });
}

/** What can be imported from the file that an import names. */
export function importedSuggestions(cursor: Cursor): readonly Suggestion[] {
  const { tokens, frames, workspace, path } = cursor;
  const open = frames.at(-1)?.at;
  if (open === undefined) return [];
  const close = closingOf(tokens, open);
  const from = tokens[close + 1]?.tokenType === T.hard.from ? tokens[close + 2] : undefined;
  if (from?.tokenType !== T.Str) return [];
  const source = from.image.replaceAll('"', '');
  const target = isStandardFile(source) ? source : workspace.resolve(source, path);
  const outline = isStandardFile(source) ? standardOutline(source) : workspace.outline(target);
  if (outline === undefined || target === path) return [];
  const written = new Set(
    tokens.slice(open + 1, close).flatMap(({ image, startOffset }) => (startOffset === cursor.word.start ? [] : [image])),
  );
  return [...outline.decls].flatMap(([name, decl]): readonly Suggestion[] => {
    if (written.has(name) || (name.startsWith('_') && outline.standard)) return [];
    const callable = declaredCallable(decl, outline);
    const kind =
      decl.kind === 'fn' || (decl.kind === 'let' && decl.params !== undefined)
        ? 'function'
        : decl.kind === 'let'
          ? 'constant'
          : decl.kind === 'alias'
            ? decl.of
            : decl.kind;
    const subject = { of: 'declaration' as const, file: outline.path, name, from: path };
    return [{ label: name, kind, detail: callable && signatureText(callable).label, subject, rank: 1 }];
  });
}
