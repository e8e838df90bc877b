import type { PrunedLayer, PruneReport } from '../../api/prune.js';
import { grouped, shortFormula, shortNumber } from '../../quantities.js';
import { nameOfLayer } from '../layer-name.js';
import { line, lines, type PlainText } from '../plain-text.js';
import { type ComparedOutput, errorTable } from '../run/output-errors.js';
import { columns } from '../table.js';
import { shapeText } from '../wording.js';

/** What has become smaller: a row for each layer, one for each matrix or filter of another shape, and one for each output. */
export function pruneTables(
  model: string,
  { entries, weights }: Omit<PruneReport, 'set'>,
  outputs: readonly ComparedOutput[],
  width: number,
): readonly PlainText[] {
  const layers = entries.flatMap(({ entry, layers }) => [
    ...(entries.length === 1 ? [] : [line(`${model}.${entry}`)]),
    layerTable(layers, width),
    lines(openFlops(layers)),
  ]);
  // The shapes of biases and norms follow from these.
  const smaller = weights.filter(({ from, to }) => from.length > 1 && from.join() !== to.join());
  const shapes = smaller.map(({ name, from, to }) => [name, shapeText(from), '->', shapeText(to)]);
  return [
    ...layers,
    ...(shapes.length === 0 ? [] : [line(''), columns(shapes, { width })]),
    ...(outputs.length === 0 ? [] : [line(''), errorTable(outputs, width)]),
  ];
}

/** A column with a cell for each layer. */
interface Column {
  readonly head: string;
  readonly cell: (layer: PrunedLayer) => string;
}

/** The table of layers. Numbers that pruning changes are shown before and after. */
function layerTable(layers: readonly PrunedLayer[], width: number): PlainText {
  const paths = new Set(layers.map(({ path }) => path));
  const isSmaller = layers.some(({ from, to }) => from.parameters !== to.parameters);
  const hasZeros = layers.some(({ sparsity }) => sparsity > 0);
  const flops: readonly Column[] = [
    { head: 'FLOPs', cell: ({ from }) => shortNumber(Number(from.flops)) },
    { head: 'after', cell: ({ to }) => shortNumber(Number(to.flops)) },
  ];
  const all: readonly Column[] = [
    { head: 'layer', cell: (layer) => nameOfLayer(layer, paths) },
    { head: 'parameters', cell: ({ from }) => grouped(from.parameters) },
    ...(isSmaller ? [{ head: 'after', cell: ({ to }: PrunedLayer) => grouped(to.parameters) }] : []),
    ...(isSmaller && layers.every(isBound) ? flops : []),
    ...(hasZeros || !isSmaller ? [{ head: 'zeros', cell: ({ sparsity }: PrunedLayer) => `${(100 * sparsity).toFixed(1)}%` }] : []),
  ];
  const rows = layers.map((layer) => all.map(({ cell }) => cell(layer)));
  return columns([all.map(({ head }) => head), ...rows], { right: [...all.keys()].slice(1), width, hasHead: true });
}

function isBound({ from, to }: PrunedLayer): boolean {
  return typeof from.flops === 'number' && typeof to.flops === 'number';
}

/** The FLOPs of the whole model as formulas, if sizes are open and pruning has changed them. */
function openFlops(layers: readonly PrunedLayer[]): readonly string[] {
  const [all] = layers;
  if (all === undefined || layers.every(isBound) || all.from.flops === all.to.flops) return [];
  const [before, after] = [all.from, all.to].map(({ flops }) => shortFormula(String(flops)));
  return [`FLOPs: ${before} -> ${after}; \`--bind\` shows numbers for each layer`];
}
