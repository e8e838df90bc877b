import type { BlockView, TensorView } from '../api/model-view.js';
import { shortFormula, shortNumber } from '../quantities.js';
import { hasContents } from './expansion.js';
import { fitted, textWidth } from './text-width.js';

/** Sizes in the picture, in pixels. */
export const sizes = {
  label: 12.5,
  small: 10.5,
  shape: 10.5,
  title: 18,
  /** The band at the top of an open block. */
  band: 30,
  /** By how much the sheets of several equal layers are offset. */
  sheet: 4,
  widest: 280,
} as const;

/** What is written in a closed block. */
export interface BoxText {
  readonly label: string;
  /** Beside the label. */
  readonly type: string;
  /** Below it; empty for a block of one line. */
  readonly detail: string;
  readonly width: number;
  readonly height: number;
}

const sides = 14;

export function boxText(block: BlockView): BoxText {
  const type = typeText(block);
  const label = fitted(labelText(block), sizes.widest - 2 * sides - textWidth(type, sizes.small), sizes.label, true);
  const detail = detailOf(block);
  const text = Math.max(headWidth(label, type), textWidth(detail, sizes.small));
  const isPill = block.kind !== 'layer' && !hasContents(block);
  return {
    label,
    type,
    detail,
    width: Math.ceil(Math.max(text + 2 * sides, isPill ? 44 : 96)),
    height: detail === '' ? 26 : 42,
  };
}

/** The width of the label and what is beside it. */
export function headWidth(label: string, type: string): number {
  return textWidth(label, sizes.label, true) + (type === '' ? 0 : textWidth(`\u2002${type}`, sizes.small));
}

/** What a block is called. */
export function labelText({ kind, label }: Pick<BlockView, 'kind' | 'label'>): string {
  return kind === 'next' ? `next ${label}` : label;
}

/** What is beside the label: the kind of a layer, and what an end of a block is. */
export function typeText({ kind, type, repeat }: Pick<BlockView, 'kind' | 'type' | 'repeat'>): string {
  const times = repeat > 1 ? ` × ${repeat}` : '';
  switch (kind) {
    case 'layer':
      return fitted(type, 170, sizes.small) + times;
    case 'carry':
    case 'item':
    case 'emit':
    case 'state':
    case 'result':
      return kind;
    case 'pass':
      return 'next';
    case 'loop':
      return 'loop';
    default:
      return '';
  }
}

/** `61.7 K parameters · 12 M FLOPs`, as far as there are any. */
function detailOf({ kind, parameters, count, flops }: BlockView): string {
  if (kind !== 'layer' && kind !== 'loop' && kind !== 'cond') return '';
  const parts = [
    ...(parameters === 0 ? [] : [`${amount(parameters)} param${parameters === 1 ? '' : 's'}`]),
    ...(flops === 0 ? [] : [count === undefined ? '' : `${shortNumber(count)} FLOPs`]),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** The numbers of a block in full, for its description. */
export function costText({ parameters, buffers, flops }: Pick<BlockView, 'parameters' | 'buffers' | 'flops'>): string {
  const work = typeof flops === 'number' ? shortNumber(flops) : shortFormula(flops);
  return [`${amount(parameters)} parameters`, ...(buffers === 0 ? [] : [`${amount(buffers)} buffers`]), `${work} FLOPs`].join(', ');
}

/** A number of parameters: `8.0 B`. */
export function amount(count: number): string {
  return shortNumber(count).replace('G', 'B');
}

/** `[N, 64, H/2, W/2]`, with the element type if it is not f32. */
export function shapeText({ dtype, shape }: TensorView): string {
  return `${dtype === 'f32' ? '' : dtype}[${shape.map((size) => String(size).replaceAll(' // ', '/')).join(', ')}]`;
}

/** The type of a tensor beside an edge. */
export function shapeLabel(tensor: TensorView): string {
  return fitted(shapeText(tensor), 190, sizes.shape);
}
