import { compile, type LayerCost } from '../../index.js';
import type { CommandInput } from '../command.js';
import { compileOptions } from '../compile-options.js';
import { commandHost, onlyFile, sourcePath } from '../input.js';
import { json, lines } from '../plain-text.js';
import { reportFindings } from '../reporting.js';
import { byteSize, columns, grouped } from '../wording.js';

/** `archc cost MODEL.arch`: a table of the layers, as formulas or, if all sizes are bound, as numbers. */
export function cost({ positionals, options, terminal }: CommandInput): number {
  const result = compile(sourcePath(onlyFile(positionals, 'cost')), commandHost(), compileOptions(options));
  const code = reportFindings(result, options, terminal, true);
  if (result.model === undefined) return code;
  const { name: model, entries } = result.model;
  const isOnly = entries.length === 1;
  if (options.has('json')) {
    const [only] = entries;
    const tables = { entries: entries.map((entry) => ({ entry: entry.name, layers: entry.cost() })) };
    terminal.out.write(json({ model, ...(isOnly ? { layers: only?.cost() } : tables) }));
    return code;
  }
  for (const [i, entry] of entries.entries()) {
    if (!isOnly) terminal.out.write(lines([...(i === 0 ? [] : ['']), `${model}.${entry.name}`]));
    terminal.out.write(columns([head, ...entry.cost().map((layer) => row(nameOf(layer), layer))], [2, 3, 4]));
  }
  return code;
}

const head = ['layer', 'kind', 'parameters', 'buffers', 'weights', 'FLOPs', 'activations'];

/** Layers are indented by two cells for each level, so that each is shown below the one that it is part of. */
function nameOf({ scope, path }: LayerCost): string {
  switch (scope) {
    case 'model':
      return '(all)';
    case 'outside':
      return '(outside layers)';
    case 'layer':
      return `${'  '.repeat(path.split('.').length - 1)}${path}`;
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

/** A formula as it is, or a number in the way that `number` writes it. */
function formula(size: number | string, number: (value: number) => string): string {
  return typeof size === 'string' ? size : number(size);
}
