import { T } from '../../../../grammar/tokens.js';
import { after, type Cursor, endsLine } from '../../cursor/cursor.js';
import { continues, statementStart } from '../../cursor/place.js';
import { localCandidates } from './candidates.js';
import { detailOf } from './expressions.js';
import type { Suggestion } from './item.js';

interface Snippet {
  readonly label: string;
  readonly text: string;
  readonly detail: string;
  readonly doc: string;
}

const snippets: readonly Snippet[] = [
  { label: 'return', text: 'return «y»', detail: 'return y', doc: 'Ends the body with its result.' },
  {
    label: 'residual',
    text: '«x» = «x» + («x» -> «norm»: LayerNorm -> «fc»: Linear(«D»))',
    detail: 'x = x + (x -> norm: LayerNorm -> ..)',
    doc: 'A residual connection: a layer is added to its own input, with a norm first.',
  },
  { label: 'let', text: 'let «name» = «value»', detail: 'let name = value', doc: 'A constant of this block.' },
  {
    label: 'let function',
    text: 'let «name»(«x») = «x»',
    detail: 'let name(x) = ..',
    doc: 'A compile-time function of this block.',
  },
  {
    label: 'for',
    text: 'for «i» in «0..n» {\n  $0\n}',
    detail: 'for i in 0..n { }',
    doc: 'Repeats its block at compile time, over a range or a list.',
  },
  { label: 'if', text: 'if «condition» {\n  $0\n}', detail: 'if condition { }', doc: 'A choice at compile time.' },
  {
    label: 'if else',
    text: 'if «condition» {\n  $0\n} else {\n  \n}',
    detail: 'if condition { } else { }',
    doc: 'A choice at compile time.',
  },
  {
    label: 'param',
    text: 'param «weight»: Tensor[«sizes»] = «zeros»',
    detail: 'param weight: Tensor[..] = zeros',
    doc: 'A tensor that is trained and stored with the weights.',
  },
  {
    label: 'buffer',
    text: 'buffer «name»: Tensor[«sizes»] = «zeros»',
    detail: 'buffer name: Tensor[..] = zeros',
    doc: 'A tensor that is stored with the weights and not trained.',
  },
  {
    label: 'state',
    text: 'state «past»: Tensor[«sizes»] = «zeros»',
    detail: 'state past: Tensor[..] = zeros',
    doc: 'A tensor that is carried from call to call.',
  },
  {
    label: 'next',
    text: 'next «state» = «value»',
    detail: 'next state = value',
    doc: 'The value of a state for the next call, or of a carry for the next step.',
  },
  {
    label: 'scan',
    text: 'scan «xt» over «x» axis «1» carry «h»: Tensor[«sizes»] = «zeros» {\n  next «h» = $0«h»\n}',
    detail: 'scan xt over x axis 1 carry h: .. = zeros { }',
    doc: 'Steps through an axis at run time.',
  },
  { label: 'emit', text: 'emit «y» = «value»', detail: 'emit y = value', doc: 'The result of a step of a scan.' },
  {
    label: 'assert',
    text: 'assert «condition», "«message»"',
    detail: 'assert condition, "message"',
    doc: 'Stops the build if the condition is false.',
  },
];

const entry: Snippet = {
  label: 'entry',
  text: 'entry «name»(«x»: Tensor[«N»]) -> («y»: Tensor[«N»]) {\n  return $0«x»\n}',
  detail: 'entry name(x: ..) -> (y: ..) { }',
  doc: 'One of several graphs over the weights of a model.',
};

/** What a statement can begin with: words, and the variables that can be assigned. */
export function statementSuggestions(cursor: Cursor): readonly Suggestion[] {
  const { frames, head } = cursor;
  const next = after(cursor);
  const isAlone = (endsLine(cursor) && !continues(undefined, next)) || next?.tokenType === T.RBrace;
  const isModel = frames.length === 1 && head?.tokenType === T.hard.model;
  const words = isAlone ? [...snippets.filter(({ label }) => fits(cursor, label)), ...(isModel ? [entry] : [])] : [];
  const made = words.map(
    ({ label, text, detail, doc }): Suggestion => ({
      label,
      kind: 'snippet',
      detail,
      documentation: doc,
      snippet: text,
      rank: 2,
    }),
  );
  return [...made, ...assignable(cursor)];
}

/** Whether a statement makes sense where the cursor is. */
function fits({ tokens, frames, head }: Cursor, label: string): boolean {
  const isInScan = frames.some(({ at, role }) => role === 'block' && isBlockOf(tokens, at, T.soft.scan));
  if (label === 'emit') return isInScan;
  if (label === 'return') return !isInScan;
  if (label === 'residual') return head?.tokenType === T.hard.layer || head?.tokenType === T.hard.model;
  if (label === 'scan') return head?.tokenType !== T.hard.let;
  if (head?.tokenType === T.hard.layer || head?.tokenType === T.hard.model) return true;
  return !['param', 'buffer', 'state', ...(isInScan ? [] : ['next'])].includes(label);
}

function isBlockOf(tokens: Cursor['tokens'], brace: number, word: typeof T.soft.scan): boolean {
  for (let i = brace - 1; i >= 0; i--) {
    const token = tokens[i];
    if (token === undefined || token.tokenType === T.RBrace || (token.tokenType === T.LBrace && i < brace)) return false;
    if (token.tokenType === word) return true;
    if (token.indent >= 0 && token.tokenType !== T.RParen) return false;
  }
  return false;
}

/** The variables and inputs. */
export function assignable(cursor: Cursor): readonly Suggestion[] {
  return localCandidates(cursor).flatMap((candidate): readonly Suggestion[] => {
    const { name, kind } = candidate;
    const isAssigned = kind === 'variable' || kind === 'parameter' || kind === 'layer';
    return isAssigned ? [{ label: name, kind, detail: detailOf(cursor, candidate), rank: 1 }] : [];
  });
}

/** Words that go on after an operand, by the statement that they are in. */
export function wordsAfterOperand(cursor: Cursor): readonly Suggestion[] {
  if (!endsLine(cursor) && after(cursor)?.tokenType !== T.RBrace) return [];
  const { tokens, count, frames, head } = cursor;
  const start = statementStart(cursor);
  const first = tokens[start]?.tokenType;
  const has = (type: typeof T.soft.scan) => tokens.slice(start, count).some(({ tokenType }) => tokenType === type);
  const word = (label: string, snippet: string): Suggestion => ({ label, kind: 'keyword', snippet, rank: 1 });
  if (frames.length === 0 && head !== undefined) {
    if (head.tokenType === T.soft.train && count - start === 2) return [word('for', 'for «Model» {\n  $0\n}')];
    if (head.tokenType === T.hard.import && tokens[count - 1]?.tokenType === T.RBrace) return [word('from', 'from "«./file.arch»"')];
    return [];
  }
  const role = frames.at(-1)?.role;
  if (role !== 'body' && role !== 'block' && role !== 'train') return [];
  if (first === T.hard.for && !has(T.hard.in) && count - start === 2) return [word('in', 'in «0..n» {\n  $0\n}')];
  if ((first === T.hard.param || first === T.hard.buffer || first === T.soft.state) && count - start > 3 && !has(T.soft.named))
    return [word('named', 'named "«name»"')];
  return [];
}
