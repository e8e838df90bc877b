import { element } from '../page/dom.js';
import { milliseconds, plain } from '../page/numbers.js';
import type { Output, RunResult } from '../workers/messages.js';
import { barsOf, histogramOf, pictureOf } from './charts.js';
import { providerNames } from './devices.js';

/** What a run has given. */
export function resultsOf({ provider, threads, loadMilliseconds, runMilliseconds, outputs }: RunResult): readonly HTMLElement[] {
  const fact = (value: string, label: string) => element('div', {}, element('strong', {}, value), element('span', {}, label));
  const place = provider === 'cpu' ? `on ${threads === 1 ? '1 thread' : `${threads} threads`}` : 'on the GPU';
  return [
    element(
      'div',
      { class: 'facts' },
      fact(milliseconds(runMilliseconds), 'one run'),
      fact(milliseconds(loadMilliseconds), 'to load'),
      fact(providerNames[provider] ?? provider, place),
    ),
    ...outputs.map(cardOf),
  ];
}

function cardOf(output: Output): HTMLElement {
  const { name, dtype, shape, least, greatest, mean, notFinite, row } = output;
  const figures = Number.isFinite(least) ? `${plain(least)} to ${plain(greatest)}, mean ${plain(mean)}` : 'no finite numbers';
  const shown = [
    pictureOf(output),
    row === undefined ? undefined : barsOf(row),
    row?.length === sizeOf(shape) ? undefined : histogramOf(output),
  ].filter((part) => part !== undefined);
  return element(
    'article',
    { class: 'card output' },
    element('h2', {}, name, element('code', {}, `${dtype === 'f32' ? '' : `${dtype} `}[${shape.join(', ')}]`)),
    element('p', { class: 'hint-line' }, figures, notFinite === 0 ? '' : `; ${notFinite} are infinite or not a number`),
    element(
      'div',
      { class: 'pictures' },
      ...shown.map((part) => element('figure', {}, part, element('figcaption', {}, captionOf(part, output)))),
    ),
  );
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function captionOf(part: Element, { row, picture, shape }: Output): string {
  if (part instanceof HTMLCanvasElement) return `the first ${picture?.height} × ${picture?.width}`;
  if (part.querySelector('.axis') !== null) return row?.length !== sizeOf(shape) ? `the first ${row?.length} elements` : 'all elements';
  return 'how often each value occurs';
}
