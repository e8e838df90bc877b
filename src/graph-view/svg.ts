import type { BlockView, ModelView } from '../api/model-view.js';
import { amount, costText, shapeText, sizes } from './box-text.js';
import { escaped } from './escape.js';
import { headingOf, workText } from './heading.js';
import { type Box, type Drawing, sheetsOf, tensorOf } from './layout.js';
import { type DrawnEdge, type EdgeLabel, type Port, rounded } from './routes.js';
import { heatOf, pictureStyle } from './style.js';
import { fitted, textWidth } from './text-width.js';

export interface SvgOptions {
  /** Whether the blocks are colored by their share of the operations; true unless given. */
  readonly heat?: boolean | undefined;
  /** Whether the style is part of the picture; true unless given. A page that has it already leaves it out. */
  readonly style?: boolean | undefined;
  /** `light` or `dark`; without it, as the reader prefers. */
  readonly theme?: 'light' | 'dark' | undefined;
  /** Whether there are a title and a legend; true unless given. */
  readonly heading?: boolean | undefined;
}

/** A picture, and its size. */
export interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

const margin = 24;
const entryHead = 40;

/** A drawing as an SVG file without scripts. */
export function svgOf(view: ModelView, drawing: Drawing, options: SvgOptions = {}): Picture {
  const { heat = true, style = true, heading: hasHeading = true, theme } = options;
  const heading = hasHeading ? headingOf(view, heat) : { svg: '', width: 0, height: 0 };
  const hasEntries = view.entries.length > 1;
  const widths = drawing.entries.map(({ entry, box }) =>
    Math.max(box.width, hasEntries ? entryWidth(entry.name, entry.root, entry.sizes) : 0),
  );
  const spread = widths.reduce((sum, width) => sum + width, 0) + 56 * (widths.length - 1);
  const inner = Math.max(spread, heading.width);
  const top = margin + heading.height + (hasHeading ? 12 : 0) + (hasEntries ? entryHead : 0);
  const [width, height] = [Math.ceil(inner + 2 * margin), Math.ceil(top + drawing.height + margin)];
  const body: string[] = [];
  let x = margin + (inner - spread) / 2;
  for (const [i, { entry, box }] of drawing.entries.entries()) {
    const own = widths[i] ?? box.width;
    if (hasEntries) {
      body.push(`<text class="entry" x="${rounded(x)}" y="${top - 30}">${escaped(fitted(entry.name, 300, 14, true))}</text>`);
      body.push(`<text class="subtitle" x="${rounded(x)}" y="${top - 14}">${escaped(entryText(entry.root, entry.sizes))}</text>`);
    }
    body.push(`<g transform="translate(${rounded(x + (own - box.width) / 2 - box.x)},${rounded(top)})">${contents(box)}</g>`);
    x += own + 56;
  }
  const title = `The graph of ${view.name}`;
  return {
    svg: [
      `<svg xmlns="http://www.w3.org/2000/svg" class="archc${heat ? '' : ' cold'}"${theme === undefined ? '' : ` data-theme="${theme}"`} role="img" aria-labelledby="archc-title archc-desc" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
      `<title id="archc-title">${escaped(title)}</title>`,
      `<desc id="archc-desc">${escaped(descriptionOf(view))}</desc>`,
      ...(style ? [`<style>${pictureStyle}</style>`] : []),
      `<rect class="paper" width="${width}" height="${height}"/>`,
      `<g transform="translate(${margin},${margin})">${heading.svg}</g>`,
      ...body,
      '</svg>',
      '',
    ].join('\n'),
    width,
    height,
  };
}

function entryText({ parameters, count }: BlockView, given: Readonly<Record<string, number>>): string {
  const weights = `${amount(parameters)} parameters`;
  return count === undefined ? weights : `${weights} · ${workText(count, given)}`;
}

function entryWidth(name: string, root: BlockView, given: Readonly<Record<string, number>>): number {
  return Math.max(Math.min(300, textWidth(name, 14, true)), textWidth(entryText(root, given), 11));
}

/** What the picture shows, for readers who do not see it. */
function descriptionOf({ doc, entries }: ModelView): string {
  const parts = entries.map(
    ({ name, root }) => `${entries.length > 1 ? `${name}: ` : ''}${root.children.length} blocks, ${costText(root)}`,
  );
  return [...(doc === undefined ? [] : [doc]), ...parts].join('\n');
}

/** What is in an open block: edges below, blocks above them. */
function contents(box: Box): string {
  const edges = box.edges.toSorted((a, b) => b.points.length - a.points.length);
  return [
    ...edges.map((edge) => edgeSvg(box.block, edge)),
    ...edges.map(({ label }) => (label === undefined ? '' : labelSvg(label))),
    ...box.boxes.map(boxSvg),
  ].join('');
}

function edgeSvg(block: BlockView, { edge, points, path }: DrawnEdge): string {
  const last = points[points.length - 1];
  const head = last === undefined || edge.to.child < 0 ? '' : headAt(last);
  const tip = escaped(shapeText(tensorOf(block, edge)));
  return `<g class="flow" data-from="${edge.from.child}.${edge.from.port}" data-to="${edge.to.child}.${edge.to.port}"><title>${tip}</title><path class="casing" d="${path}"/><path class="edge" d="${path}"/>${head}</g>`;
}

/** The type of a tensor, on a ground that hides the edge behind it. */
function labelSvg({ text: shape, x, y, width, height }: EdgeLabel): string {
  const ground = `<rect class="ground" x="${rounded(x - width / 2 + 2)}" y="${rounded(y - height / 2)}" width="${rounded(width - 4)}" height="${rounded(height)}"/>`;
  return ground + text('shape', shape, x, y + 3.7, 'middle');
}

/** The head of an arrow that points down to a place. */
function headAt({ x, y }: Port): string {
  return `<path class="head" d="M${rounded(x)},${rounded(y)}l-3.6,-7q3.6,1.8 7.2,0z"/>`;
}

function boxSvg(box: Box): string {
  const { block, x, y, width, height, isOpen } = box;
  const round = isEnd(block) ? Math.min(13, height / 2) : block.kind === 'layer' || isOpen ? 8 : 6;
  const sheets =
    sheetsOf(block) === 0 ? [] : [2, 1].map((i) => rect('box', x + i * sizes.sheet, y + i * sizes.sheet, width, height, round));
  const classes = ['block', block.kind, isOpen ? 'open' : 'closed', ...(isOpen ? [] : [`h${heatOf(block.share)}`])];
  const label = `${block.label} ${block.type}`.trim();
  return [
    `<g class="${classes.join(' ')}" data-id="${escaped(block.id)}" data-name="${escaped(label)}"><title>${escaped(tipOf(block))}</title>`,
    ...sheets,
    ...(isOpen ? openSvg(box, round) : [rect('box', x, y, width, height, round), closedText(box)]),
    '</g>',
  ].join('');
}

function isEnd({ kind }: BlockView): boolean {
  return kind !== 'layer' && kind !== 'operator' && kind !== 'loop' && kind !== 'cond' && kind !== 'branch';
}

function closedText({ text: { label, type, detail }, x, y, width, height }: Box): string {
  const middle = x + width / 2;
  const first = detail === '' ? y + height / 2 + 4.4 : y + 18;
  return headSvg(label, type, middle, first, 'middle') + (detail === '' ? '' : text('detail', detail, middle, y + 33, 'middle'));
}

function openSvg(box: Box, round: number): readonly string[] {
  const { x, y, width, height, text: inside, block } = box;
  const note = block.share > 0 ? `${share(block.share)} of FLOPs` : '';
  const band = `M${rounded(x)},${rounded(y + sizes.band)}v${round - sizes.band}q0,${-round} ${round},${-round}h${rounded(width - 2 * round)}q${round},0 ${round},${round}v${sizes.band - round}z`;
  const showsNote = note !== '' && textWidth(inside.label + inside.type + note, sizes.label, true) + 60 < width;
  return [
    rect('frame', x, y, width, height, round),
    `<path class="band" d="${band}"/>`,
    `<path class="rule" d="M${rounded(x)},${rounded(y + sizes.band)}h${rounded(width)}"/>`,
    headSvg(inside.label, inside.type, x + 14, y + 19.5, 'start'),
    ...(showsNote ? [text('detail', note, x + width - 14, y + 19.5, 'end')] : []),
    `<g class="contents">${contents(box)}</g>`,
    ...[...box.inPorts, ...box.outPorts].map((port) => `<circle class="port" cx="${rounded(port.x)}" cy="${rounded(port.y)}" r="2.6"/>`),
  ];
}

/** `18 %` */
function share(value: number): string {
  return value < 0.0005 ? '< 0.1 %' : `${value < 0.0995 ? (value * 100).toFixed(1) : Math.round(value * 100)} %`;
}

function headSvg(label: string, type: string, x: number, y: number, anchor: 'start' | 'middle'): string {
  const beside = type === '' ? '' : `<tspan class="type" dx="6">${escaped(type)}</tspan>`;
  return `<text class="label" x="${rounded(x)}" y="${rounded(y)}" text-anchor="${anchor}">${escaped(label)}${beside}</text>`;
}

/** What a pointer that rests on a block shows. */
function tipOf(block: BlockView): string {
  const { label, type, kind, inputs, outputs, line, span } = block;
  const name = kind === 'layer' ? `${label}: ${type}` : label === kind ? label : `${kind} ${label}`;
  const flow = inputs.length + outputs.length === 0 ? [] : [`${inputs.map(shapeText).join(', ')} → ${outputs.map(shapeText).join(', ')}`];
  const place = span === undefined || line === undefined ? [] : [`${span.file}:${line}`];
  const cost = block.flops === 0 && block.parameters + block.buffers === 0 ? [] : [costText(block)];
  return [name, ...flow, ...cost, ...place].join('\n');
}

function text(name: string, value: string, x: number, y: number, anchor: string): string {
  return `<text class="${name}" x="${rounded(x)}" y="${rounded(y)}" text-anchor="${anchor}">${escaped(value)}</text>`;
}

function rect(name: string, x: number, y: number, width: number, height: number, round: number): string {
  return `<rect class="${name}" x="${rounded(x)}" y="${rounded(y)}" width="${rounded(width)}" height="${rounded(height)}" rx="${round}"/>`;
}
