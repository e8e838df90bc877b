import { T } from '../../../../grammar/tokens.js';
import { snakeCase } from '../../../2-check/layers/labels.js';
import type { Cursor } from '../../cursor/cursor.js';
import { startOfItem } from '../../cursor/frames.js';

/** What people call their layers. */
const usual: readonly (readonly [RegExp, string])[] = [
  [/^Linear$/, 'fc'],
  [/^Conv(?:Transpose)?\dd$/, 'conv'],
  [/Norm(?:\dd)?$/, 'norm'],
  [/^Embedding$/, 'embed'],
  [/Attention$/, 'attn'],
  [/^(?:MLP|SwiGLU)$/, 'mlp'],
  [/^Dropout/, 'drop'],
  [/^(?:LSTM|GRU|RNN)(?:Cell)?$/, 'rnn'],
  [/EncoderLayer$/, 'encoder'],
  [/DecoderLayer$/, 'decoder'],
  [/Positions?$|^Positional/, 'pos'],
  [/^PatchEmbed$/, 'patch'],
];

/** A label for a layer that nothing in the body uses: `fc`, then `fc1`, `fc2`. */
export function freeLabel(layer: string, used: ReadonlySet<string>): string {
  const stem = usual.find(([pattern]) => pattern.test(layer))?.[1] ?? snakeCase(layer);
  const numbers = [...used].flatMap((label) => {
    const number = label.startsWith(stem) ? label.slice(stem.length) : 'x';
    return number === '' ? [0] : /^[1-9]\d{0,4}$/.test(number) ? [Number(number)] : [];
  });
  return numbers.length === 0 ? stem : `${stem}${numbers.reduce((a, b) => Math.max(a, b)) + 1}`;
}

/** The labels and the names that the body around the cursor uses. */
export function usedNames({ tokens, count, word }: Cursor): ReadonlySet<string> {
  const start = startOfItem(tokens, count) ?? 0;
  const used = new Set<string>();
  for (let i = start; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined || (i > start && token.indent === 0 && token.tokenType !== T.RBrace && token.tokenType !== T.RParen)) break;
    const next = tokens[i + 1]?.tokenType;
    const isName = /^[A-Za-z_]/.test(token.image) && token.startOffset !== word.start;
    if (isName && (next === T.Colon || next === T.Eq || next === T.LBracket)) used.add(token.image);
  }
  return used;
}
