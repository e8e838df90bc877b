import { costOf, type LayerCost } from '../../6-emit/cost.js';
import { type CompiledEntry, compile } from '../../compile.js';
import { plainCost } from '../../describe-model.js';
import type { Dim } from '../../dims/dim.js';
import { costRows } from '../../runtime/pure/cost-rows.js';
import type { CompiledTraining } from '../../training.js';
import { trainingCost } from '../../training-cost.js';
import type { CommandInput } from '../command.js';
import { compileOptions } from '../compile-options.js';
import { commandHost, onlyFile, sourcePath } from '../input.js';
import { json, line, lines, type PlainText } from '../plain-text.js';
import { reportFindings } from '../reporting.js';
import { columns, fits } from '../table.js';
import { byteSize, grouped } from '../wording.js';

/** `archc cost MODEL.arch`: a table of the layers, as formulas or, if all sizes are bound, as numbers. */
export function cost({ positionals, options, terminal }: CommandInput): number {
  const result = compile(sourcePath(onlyFile(positionals, 'cost')), commandHost(), compileOptions(options));
  const code = reportFindings(result, options, terminal, true);
  if (result.model === undefined) return code;
  if (result.model.training !== undefined) return trainingTable(result.model.training, { options, terminal }, code);
  const { name: model, entries } = result.model;
  const isOnly = entries.length === 1;
  if (options.has('json')) {
    const tables = entries.map((entry) => ({ entry: entry.name, layers: costOf(entry.graph).map(plainCost) }));
    terminal.out.write(json({ model, ...(isOnly ? { layers: tables[0]?.layers } : { entries: tables }) }));
    return code;
  }
  for (const [i, entry] of entries.entries()) {
    if (!isOnly) terminal.out.write(lines([...(i === 0 ? [] : ['']), `${model}.${entry.name}`]));
    const layers = costOf(entry.graph);
    terminal.out.write(table(layers, terminal.out.columns));
    const decided = decidedByData(entry, layers);
    if (decided.length > 0) terminal.out.write(line(`${decided.join(', ')}: decided by the data in each run`));
  }
  return code;
}

/** What a step of training needs, a line each. */
function trainingTable(
  training: CompiledTraining,
  { options, terminal }: Pick<CommandInput, 'options' | 'terminal'>,
  code: number,
): number {
  const needed = trainingCost(training);
  if (options.has('json')) {
    terminal.out.write(json({ train: training.checked.name, ...needed }));
    return code;
  }
  const { flops } = needed;
  terminal.out.write(columns(costRows(needed), { right: [1], width: terminal.out.columns, hasHead: true }));
  terminal.out.write(line(`${typeof flops === 'number' ? grouped(flops) : flops} FLOPs a step`));
  return code;
}

const head = ['layer', 'kind', 'parameters', 'buffers', 'weights', 'FLOPs', 'activations'];

/** With full names if they fit into the lines of the terminal. */
function table(layers: readonly LayerCost[], width: number | undefined): PlainText {
  const rows = (shown: (layer: LayerCost) => string) => [head, ...layers.map((layer) => row(nameOf(layer, shown(layer)), layer))];
  const full = rows(({ path }) => path);
  const above = fits(full, width) ? undefined : new Set(layers.map(({ path }) => path));
  return columns(above === undefined ? full : rows(({ path }) => below(path, above)), { right: [2, 3, 4], width, hasHead: true });
}

/** What follows the name of the layer that this one is part of, if that has a row. */
function below(path: string, above: ReadonlySet<string>): string {
  for (let at = path.lastIndexOf('.'); at > 0; at = path.lastIndexOf('.', at - 1))
    if (above.has(path.slice(0, at))) return path.slice(at + 1);
  return path;
}

/** Layers are indented by two cells for each level, so that each is shown below the one that it is part of. */
function nameOf({ scope, path }: LayerCost, shown: string): string {
  switch (scope) {
    case 'model':
      return '(all)';
    case 'outside':
      return '(outside layers)';
    case 'layer':
      return `${'  '.repeat(path.split('.').length - 1)}${shown}`;
  }
}

function row(name: string, { kind, parameters, buffers, weightBytes, flops, activationBytes }: LayerCost): readonly string[] {
  return [
    name,
    kind,
    grouped(parameters),
    grouped(buffers),
    byteSize(weightBytes),
    formula(flops, grouped),
    formula(activationBytes, byteSize),
  ];
}

/** The sizes in the costs that the data decide. */
function decidedByData({ graph }: CompiledEntry, layers: readonly LayerCost[]): readonly string[] {
  const mentioned = new Set(layers.flatMap(({ flops, activationBytes }) => [...flops.variables(), ...activationBytes.variables()]));
  return graph.newSizes.flatMap(({ name, by }) => (by === 'data' && mentioned.has(name) ? name : []));
}

/** A formula as it is, or a number in the way that `number` writes it. */
function formula(size: Dim, number: (value: number) => string): string {
  return size.constant === undefined ? String(size) : number(size.constant);
}
