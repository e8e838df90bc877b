import { compile, type LayerCost, type Model } from '../../index.js';
import type { CommandInput } from '../command.js';
import { compileOptions } from '../compile-options.js';
import { commandHost, onlyFile, sourcePath } from '../input.js';
import { json, line } from '../plain-text.js';
import { reportFindings } from '../reporting.js';
import { byteSize, columns, grouped } from '../wording.js';

/** `archc cost MODEL.arch`: a table of the layers, as formulas or, if all sizes are bound, as numbers. */
export function cost({ positionals, options, terminal }: CommandInput): number {
  const result = compile(sourcePath(onlyFile(positionals, 'cost')), commandHost(), compileOptions(options));
  const code = reportFindings(result, options, terminal, true);
  if (result.model === undefined) return code;
  const layers = result.model.cost();
  if (options.has('json')) {
    terminal.out.write(json({ model: result.model.name, layers }));
    return code;
  }
  const head = ['layer', 'kind', 'parameters', 'buffers', 'weights', 'FLOPs', 'activations'];
  terminal.out.write(columns([head, ...layers.map((layer) => row(nameOf(layer), layer))], [2, 3, 4]));
  const decided = decidedByData(result.model);
  if (decided.length > 0) terminal.out.write(line(`${decided.join(', ')}: decided by the data in each run`));
  return code;
}

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

/** The names in the formulas that are not sizes of the inputs. */
function decidedByData({ cost, signature }: Model): readonly string[] {
  const words = cost().flatMap(({ flops, activationBytes }) => `${flops} ${activationBytes}`.match(/[A-Za-z_]\w*/g) ?? []);
  return [...new Set(words)].filter((word) => !signature.dims.includes(word) && word !== 'min' && word !== 'max');
}

/** A formula as it is, or a number in the way that `number` writes it. */
function formula(size: number | string, number: (value: number) => string): string {
  return typeof size === 'string' ? size : number(size);
}
