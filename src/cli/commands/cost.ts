import { costOf, type LayerCost } from '../../6-emit/cost.js';
import { type CompiledEntry, compile } from '../../compile.js';
import { plainCost } from '../../describe-model.js';
import type { Dim } from '../../dims/dim.js';
import { byteFormula, byteSize, grouped, shortFormula, shortNumber } from '../../quantities.js';
import { costRows } from '../../runtime/pure/cost-rows.js';
import type { CompiledTraining } from '../../training.js';
import { trainingCost } from '../../training-cost.js';
import type { CommandInput } from '../command.js';
import { compileOptions } from '../compile-options.js';
import { commandHost, sourcePath } from '../input.js';
import { nameOfLayer } from '../layer-name.js';
import { demandRules, optimizationReport } from '../optimization-report.js';
import { json, line, lines, type PlainText } from '../plain-text.js';
import { reportFindings } from '../reporting.js';
import { onlySubject } from '../subjects.js';
import { columns } from '../table.js';
import type { Terminal } from '../terminal.js';

/** `archc cost MODEL.arch`: a table of the layers, with formulas or, if all sizes are bound, numbers. They are rounded; `--json` has them as they are. */
export function cost(input: CommandInput): number {
  demandRules(input.options);
  const subject = onlySubject(input, 'cost');
  if (typeof subject === 'number') return subject;
  const { terminal } = input;
  const { file, options } = subject;
  const result = compile(sourcePath(file), commandHost(), compileOptions(options));
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
    terminal.out.write(table(layers, widthOf(terminal)));
    const decided = decidedByData(entry, layers);
    if (decided.length > 0) terminal.out.write(line(`${decided.join(', ')}: decided by the data in each run`));
  }
  for (const text of optimizationReport(result.model, options, result.sources, widthOf(terminal))) terminal.out.write(text);
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
  terminal.out.write(columns(costRows(needed), { right: [1], width: widthOf(terminal), hasHead: true }));
  terminal.out.write(line(`${typeof flops === 'number' ? shortNumber(flops) : shortFormula(flops)} FLOPs a step`));
  return code;
}

/** Tables are also read in files and mails, and in editors, which say how wide they show them. Programs have `--json`. */
function widthOf({ out, env }: Pick<Terminal, 'out' | 'env'>): number {
  if (out.columns !== undefined) return out.columns;
  return /^[1-9]\d{1,5}$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : 80;
}

/** A row for each layer, below the layer that it is part of. */
function table(layers: readonly LayerCost[], width: number): PlainText {
  const paths = new Set(layers.map(({ path }) => path));
  const hasBuffers = layers.some(({ buffers }) => buffers > 0);
  const row = (layer: LayerCost): readonly string[] => [
    nameOfLayer(layer, paths),
    layer.kind,
    grouped(layer.parameters),
    ...(hasBuffers ? [grouped(layer.buffers)] : []),
    byteSize(layer.weightBytes),
    formula(layer.flops, shortNumber, shortFormula),
    formula(layer.activationBytes, byteSize, byteFormula),
  ];
  const head = ['layer', 'kind', 'parameters', ...(hasBuffers ? ['buffers'] : []), 'weights', 'FLOPs', 'activations'];
  return columns([head, ...layers.map(row)], { right: hasBuffers ? [2, 3, 4] : [2, 3], width, hasHead: true });
}

/** The sizes in the costs that the data decide. */
function decidedByData({ graph }: CompiledEntry, layers: readonly LayerCost[]): readonly string[] {
  const mentioned = new Set(layers.flatMap(({ flops, activationBytes }) => [...flops.variables(), ...activationBytes.variables()]));
  return graph.newSizes.flatMap(({ name, by }) => (by === 'data' && mentioned.has(name) ? name : []));
}

/** A size as `number` writes it, or as `text` writes its formula. */
function formula(size: Dim, number: (value: number) => string, text: (formula: string) => string): string {
  return size.constant === undefined ? text(String(size)) : number(size.constant);
}
