import type { BlockView, EntryView } from '../../api/model-view.js';
import { grouped, shortFormula, shortNumber } from '../../quantities.js';
import { shapeText } from '../box-text.js';
import { element } from './elements.js';

/** What is known about a block, for the panel at the side. */
export function detailsOf(block: BlockView, entry: EntryView, reveal: (() => void) | undefined): readonly Node[] {
  const { label, type, kind, repeat, path, span, line, code, weights, options = {}, count } = block;
  const row = (name: string, ...value: readonly (Node | string)[]) => [element('dt', {}, name), element('dd', {}, ...value)];
  const list = (name: string, texts: readonly string[]) =>
    texts.length === 0 ? [] : row(name, ...texts.map((text) => element('code', {}, text)));
  const given = Object.entries(entry.sizes).map(([name, size]) => `${name} = ${size}`);
  const at = line === undefined ? '' : `:${line}`;
  const place = span === undefined ? '' : `${shortPath(span.file)}${at}`;
  const rows = [
    ...(path === '' ? [] : row('path', element('code', {}, path))),
    ...(repeat > 1 ? row('repeats', `${repeat} equal layers; the first is shown`) : []),
    ...list('takes', block.inputs.map(shapeText)),
    ...list('gives', block.outputs.map(shapeText)),
    ...(block.parameters === 0 ? [] : row('parameters', grouped(block.parameters))),
    ...(block.buffers === 0 ? [] : row('buffers', grouped(block.buffers))),
    ...(block.flops === 0 ? [] : row('FLOPs', element('code', { title: String(block.flops) }, short(block.flops)))),
    ...(count === undefined || typeof block.flops === 'number' || count === 0
      ? []
      : row('', `${shortNumber(count)} for ${given.join(', ')}`)),
    ...(block.share === 0 ? [] : row('share', `${(block.share * 100).toFixed(block.share < 0.1 ? 2 : 1)} %`)),
    ...list(
      'options',
      Object.entries(options).map(([name, value]) => `${name} = ${value}`),
    ),
    ...list(
      'weights',
      weights.map((weight) => `${weight.name} ${shapeText(weight)}`),
    ),
  ];
  const source = element('div', { class: 'source' });
  if (place !== '') {
    const link = element(reveal === undefined ? 'span' : 'button', { class: 'place', title: `${span?.file}${at}` }, place);
    if (reveal !== undefined) link.addEventListener('click', reveal);
    source.append(link);
  }
  if (code !== undefined) source.append(element('pre', {}, ...unbroken(code)));
  return [
    element('h2', {}, label, ' ', element('small', {}, kind === 'layer' ? type : kind)),
    element('dl', {}, ...rows),
    ...(place === '' ? [] : [source]),
  ];
}

/** A line of source, in which no arrow is broken. */
function unbroken(code: string): readonly (Node | string)[] {
  return code.split(/(->)/).map((part) => (part === '->' ? element('span', { class: 'arrow' }, part) : part));
}

function short(flops: BlockView['flops']): string {
  return typeof flops === 'number' ? shortNumber(flops) : shortFormula(flops);
}

/** A relative path unchanged, and only the file name of an absolute path or a URL. */
function shortPath(file: string): string {
  return /^(?:[\\/]|[A-Za-z][A-Za-z0-9+.-]*:)/.test(file) ? file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1) : file;
}
