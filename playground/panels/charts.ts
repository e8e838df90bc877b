import { element, svgElement } from '../page/dom.js';
import { greatest, plain } from '../page/numbers.js';
import type { Output } from '../workers/messages.js';

const [width, height] = [320, 96];

/** The elements along the last axis as bars around zero. */
export function barsOf(values: readonly number[]): SVGElement {
  const most = Math.max(1e-9, greatest(values.map(Math.abs)));
  const hasNegative = values.some((value) => value < 0);
  const zero = hasNegative ? height / 2 : height - 2;
  const room = hasNegative ? height / 2 - 2 : height - 4;
  const step = width / values.length;
  const best = values.indexOf(greatest(values));
  const bars = values.map((value, i) => {
    const size = Math.max(1, (Math.abs(value) / most) * room);
    const attributes = { x: i * step + step * 0.12, y: value < 0 ? zero : zero - size, width: step * 0.76, height: size, rx: 1.5 };
    return svgElement('rect', { ...attributes, class: i === best ? 'column best' : 'column' }, titleOf(`${i}: ${plain(value)}`));
  });
  return chart(
    `${values.length} elements; the largest is number ${best}`,
    svgElement('line', { x1: 0, x2: width, y1: zero, y2: zero, class: 'axis' }),
    ...bars,
  );
}

/** How often values occur. */
export function histogramOf({ histogram, least, greatest: most }: Output): SVGElement {
  const highest = Math.max(1, greatest(histogram));
  const step = width / histogram.length;
  const bars = histogram.map((count, i) => {
    const size = (count / highest) * (height - 4);
    return svgElement(
      'rect',
      { x: i * step + 0.5, y: height - 2 - size, width: step - 1, height: size, class: 'column' },
      titleOf(`${count}`),
    );
  });
  return chart(`A histogram of the values from ${plain(least)} to ${plain(most)}`, ...bars);
}

/** The elements along the last two axes, from the darkest to the brightest. */
export function pictureOf({ picture, least, greatest: most, name }: Output): HTMLCanvasElement | undefined {
  if (picture === undefined) return undefined;
  const canvas = element('canvas', { role: 'img', 'aria-label': `${name} as a picture` });
  canvas.width = picture.width;
  canvas.height = picture.height;
  const image = new ImageData(picture.width, picture.height);
  const scale = most > least ? 1 / (most - least) : 0;
  picture.values.forEach((value, i) => {
    const part = (value - least) * scale;
    image.data.set([40 + 205 * part, 60 + 150 * part, 110 + 20 * part, 255], 4 * i);
  });
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

/** The losses of the steps so far. */
export function curveOf(losses: readonly number[]): SVGElement {
  const [least, most] = [-greatest(losses.map((loss) => -loss)), greatest(losses)];
  const [wide, high] = [640, 220];
  const label = (text: string, at: Readonly<Record<string, string | number>>) => svgElement('text', at, document.createTextNode(text));
  const x = (i: number) => 64 + (losses.length < 2 ? 0 : (i / (losses.length - 1)) * (wide - 80));
  const y = (loss: number) => 10 + (most > least ? (most - loss) / (most - least) : 0.5) * (high - 20);
  const points = losses.map((loss, i) => `${x(i).toFixed(1)},${y(loss).toFixed(1)}`);
  const last = losses.length - 1;
  const drawn = svgElement('svg', {
    viewBox: `0 0 ${wide} ${high}`,
    class: 'curve',
    role: 'img',
    'aria-label': `The loss after ${losses.length} steps is ${plain(losses[last] ?? 0)}`,
  });
  for (const part of [0.25, 0.5, 0.75])
    drawn.append(svgElement('line', { x1: 0, x2: wide, y1: high * part, y2: high * part, class: 'grid' }));
  drawn.append(
    label(plain(most), { x: 10, y: 20, class: 'scale' }),
    label(plain(least), { x: 10, y: high - 8, class: 'scale' }),
    svgElement('polyline', { points: points.join(' '), class: 'line' }),
    svgElement('circle', { cx: x(last), cy: y(losses[last] ?? 0), r: 4, class: 'dot' }),
  );
  return drawn;
}

function chart(label: string, ...parts: readonly Node[]): SVGElement {
  return svgElement('svg', { viewBox: `0 0 ${width} ${height}`, class: 'chart', role: 'img', 'aria-label': label }, ...parts);
}

function titleOf(text: string): SVGElement {
  return svgElement('title', {}, document.createTextNode(text));
}
