import type { ModelView } from '../api/model-view.js';
import { shortNumber } from '../quantities.js';
import { amount, sizes } from './box-text.js';
import { escaped } from './escape.js';
import { heatSteps } from './style.js';
import { fitted, textWidth } from './text-width.js';

/** The title, the numbers of the model and the legend of the heat, as SVG. */
export interface Heading {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

const longest = 460;
/** Sizes that are named; a model may have hundreds that the data decide. */
const mostSizes = 5;

export function headingOf(view: ModelView, hasHeat: boolean): Heading {
  const title = fitted(view.name, longest, sizes.title, true);
  const parts = [numbersOf(view)];
  const lines = parts.filter((text) => text !== '').map((text) => fitted(text, longest, 11));
  const texts = lines.map((text, i) => `<text class="subtitle" x="0" y="${36 + i * 16}">${escaped(text)}</text>`);
  const legend = hasHeat ? legendAt(30 + lines.length * 16) : { svg: '', width: 0, height: 0 };
  return {
    svg: [`<text class="title" x="0" y="16">${escaped(title)}</text>`, ...texts, legend.svg].join(''),
    width: Math.max(textWidth(title, sizes.title, true), ...[0, 1].map((i) => textWidth(lines[i] ?? '', 11)), legend.width),
    height: 28 + lines.length * 16 + legend.height,
  };
}

/** `61.7 K parameters · 852 K FLOPs for N = 1`; the operations only for a model with one entry, and if they are known. */
function numbersOf({ entries }: ModelView): string {
  const [first, ...others] = entries;
  if (first === undefined || others.length > 0) return '';
  const { parameters, count } = first.root;
  const weights = parameters === 0 ? [] : [`${amount(parameters)} parameters`];
  return [...weights, ...(count === undefined ? [] : [workText(count, first.sizes)])].join(' · ');
}

/** `852 K FLOPs for N = 1` */
export function workText(count: number, sizesOfEntry: Readonly<Record<string, number>>): string {
  const given = Object.entries(sizesOfEntry).map(([name, size]) => `${name} = ${size}`);
  const named = given.length > mostSizes ? [...given.slice(0, mostSizes), '…'] : given;
  return `${shortNumber(count)} FLOPs${named.length === 0 ? '' : ` for ${named.join(', ')}`}`;
}

/** The heat colors, with the share at which each begins. */
function legendAt(y: number): Heading {
  const before = 'share of FLOPs';
  const left = textWidth(before, 11) + 8;
  const step = 30;
  const swatches = [0, ...heatSteps].map((share, i) => {
    const x = left + i * step;
    const text = i === 0 ? '' : `<text class="legend" x="${x}" y="${y + 22}" text-anchor="middle">${percent(share)}</text>`;
    return `<rect class="box swatch h${i}" x="${x}" y="${y}" width="${step}" height="9"/>${text}`;
  });
  const svg = `<g class="scale"><text class="legend" x="0" y="${y + 8.5}">${before}</text>${swatches.join('')}</g>`;
  return { svg, width: left + (heatSteps.length + 1) * step + 10, height: 26 };
}

/** `0.1 %` */
function percent(share: number): string {
  return `${share < 0.01 ? (share * 100).toFixed(1) : Math.round(share * 100)}%`;
}
