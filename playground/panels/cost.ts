import type { LayerCost } from 'archc';
import { byId, element, svgElement } from '../page/dom.js';
import { grouped, short } from '../page/numbers.js';
import type { Measured } from '../workers/messages.js';

/** The table of what a model costs, layer by layer. */
export function showCost({ sizes, entries }: Measured): void {
  const panel = byId('panel-cost');
  panel.replaceChildren(
    ...entries.flatMap(({ name, cost }) => [...(entries.length > 1 ? [element('h2', {}, name)] : []), summaryOf(cost), tableOf(cost)]),
    element(
      'p',
      { class: 'hint-line' },
      `One run with ${sizesOf(sizes)}; a multiply-add counts as two operations. Activations are the results of all operators.`,
    ),
  );
}

/** Instead of the table, while the text has mistakes. */
export function showNoCost(): void {
  const panel = byId('panel-cost');
  if (panel.childElementCount === 0)
    panel.replaceChildren(element('p', { class: 'hint-line' }, 'The model has mistakes: repair them to see what it costs.'));
}

/** `N = 1, T = 64` */
export function sizesOf(sizes: Readonly<Record<string, number>>): string {
  const parts = Object.entries(sizes).map(([name, size]) => `${name} = ${size}`);
  return parts.length === 0 ? 'the sizes of the model' : parts.join(', ');
}

function summaryOf(cost: readonly LayerCost[]): HTMLElement {
  const whole = cost.find(({ scope }) => scope === 'model');
  const fact = (value: string, label: string) => element('div', {}, element('strong', {}, value), element('span', {}, label));
  return element(
    'div',
    { class: 'facts' },
    fact(short(whole?.parameters ?? 0), 'parameters'),
    fact(short(whole?.weightBytes ?? 0, 'B'), 'weights'),
    fact(short(whole?.flops ?? 0), 'FLOPs'),
    fact(short(whole?.activationBytes ?? 0, 'B'), 'activations'),
  );
}

function tableOf(cost: readonly LayerCost[]): HTMLElement {
  const whole = Number(cost.find(({ scope }) => scope === 'model')?.flops);
  const head = ['Layer', 'Kind', 'Parameters', 'FLOPs', 'Activations'].map((title) => element('th', { scope: 'col' }, title));
  const rows = cost.filter(({ scope }) => scope !== 'model').map((layer) => rowOf(layer, whole));
  return element(
    'div',
    { class: 'scroll' },
    element('table', { class: 'cost' }, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows)),
  );
}

function rowOf({ scope, path, kind, parameters, flops, activationBytes }: LayerCost, whole: number): HTMLElement {
  const share = typeof flops === 'number' && whole > 0 ? flops / whole : 0;
  const meter = svgElement(
    'svg',
    { viewBox: '0 0 48 6', class: 'share', 'aria-hidden': 'true' },
    svgElement('rect', { width: 48 * share, height: 6, rx: 2 }),
  );
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, scope === 'outside' ? 'outside of layers' : path),
    element('td', {}, kind),
    element('td', { class: 'number' }, parameters === 0 ? '–' : grouped(parameters)),
    element('td', { class: 'number' }, meter, short(flops)),
    element('td', { class: 'number' }, short(activationBytes, 'B')),
  );
}
