import type { Argument } from '../context.js';

interface ForeignMask {
  readonly here: string;
  /** The axes to insert into a mask of this rank: `[T, S]` and `[N, S]` become `[N|1, heads|1, T|1, S]`. */
  readonly inserted: Readonly<Record<number, string>>;
}

const attends = (here: string): ForeignMask => ({ here, inserted: { 2: '[0, 1]' } });
const isPadding = (here: string): ForeignMask => ({ here, inserted: { 2: '[1, 2]' } });

// Masks of torch.nn.MultiheadAttention and of the layers built from it, which are true where a query must not attend.
const encoder = { src_mask: attends('mask'), src_key_padding_mask: isPadding('mask') };
const decoder = {
  tgt_mask: attends('mask'),
  tgt_key_padding_mask: isPadding('mask'),
  memory_key_padding_mask: isPadding('memory_mask'),
};
const masks: Readonly<Record<string, Readonly<Record<string, ForeignMask>>>> = {
  MultiheadAttention: { attn_mask: attends('mask'), key_padding_mask: isPadding('mask') },
  TransformerEncoderLayer: encoder,
  TransformerEncoder: encoder,
  TransformerDecoderLayer: decoder,
  TransformerDecoder: decoder,
};

/** What to write for a PyTorch mask, whose polarity is the opposite. Undefined if the layer has no such mask at that position. */
export function maskHelp(layer: string, { name = '', value }: Argument, text: string): string | undefined {
  const ofLayer = Object.hasOwn(masks, layer) ? masks[layer] : undefined;
  const mask = ofLayer !== undefined && Object.hasOwn(ofLayer, name) ? ofLayer[name] : undefined;
  if (mask === undefined) return undefined;
  const { dtype, shape } = value.kind === 'tensor' ? value.local.type : { dtype: 'bool', shape: [] };
  const isBool = dtype === 'bool';
  const reversed = !isBool ? `${text} == 0` : /^[\w.]+$/.test(text) ? `!${text}` : `!(${text})`;
  const axes = mask.inserted[shape.length];
  const written = axes === undefined ? reversed : `unsqueeze(${reversed}, ${axes})`;
  const ifNumbers = isBool ? '' : ', if it holds 0 and -inf only';
  return `a mask is true where a query may look, the other way round than in PyTorch: write \`${mask.here} = ${written}\`${ifNumbers}`;
}
