import type { ModelWeights, WeightsOptions } from '../6-emit/weights/model-weights.js';
import type { NamePattern } from '../6-emit/weights/name-map.js';
import type { BinaryHost } from '../host.js';
import type { ParsedOptions } from './arguments.js';
import { UsageError } from './usage-error.js';
import { counted } from './wording.js';

/** The `--map` options in their order. */
export function namePatterns(options: ParsedOptions): readonly NamePattern[] {
  return [...options.pairs('map')].map(([from, to]) => ({ from, to }));
}

/** A name and a file. A path that looks like that is given as `./a=b.safetensors`. */
const named = /^([A-Za-z_]\w*)=(.+)$/s;

/** What a word of `--weights` means: a file, and the frozen model that its weights are for, if it names one. */
export function weightsWord(text: string): { readonly name: string | undefined; readonly path: string } {
  const [, name, path = text] = named.exec(text) ?? [];
  return { name, path };
}

/** The weights that the options request. */
export function weightsOptions(options: ParsedOptions): WeightsOptions {
  const frozen = new Map<string, string>();
  let file: string | undefined;
  for (const text of options.values('weights')) {
    const { name, path } = weightsWord(text);
    if (name === undefined ? file !== undefined : frozen.has(name))
      throw new UsageError(
        name === undefined ? '`--weights` gives the weights of the model twice' : `\`--weights\` gives those of \`${name}\` twice`,
        'each model has one file, or one index of several',
      );
    if (name === undefined) file = path;
    else frozen.set(name, path);
  }
  return { file, frozen, patterns: namePatterns(options), skipsMismatch: options.has('skip-mismatch'), seed: options.integer('seed') ?? 0 };
}

/** The files of `--weights`. */
function weightsFiles(options: ParsedOptions): readonly string[] {
  const { file, frozen } = weightsOptions(options);
  return [...(file === undefined ? [] : [file]), ...frozen.values()];
}

/**
 * Refuses options that need `--weights` without it. Throws `HostError` for a weights file that cannot be read, which is not a mistake in the
 * model.
 */
export function checkWeightsOptions(options: ParsedOptions, host: BinaryHost): void {
  const files = weightsFiles(options);
  for (const file of files) host.openBinary(file).close();
  if (files.length > 0) return;
  const isOfBuild = Object.keys(options.inProject).length > 0;
  for (const name of ['map', 'skip-mismatch', 'copy-weights'] as const)
    if (options.has(name))
      throw new UsageError(
        `\`--${name}\` is of use with \`--weights\` only`,
        isOfBuild ? 'in archc.json, `"map"`, `"skipMismatch"` and `"copyWeights"` need `"weights"` in the same build' : undefined,
      );
}

/** Conversions of weights that nobody asked for; reported on success. */
export function weightsRemarks({ casts, computed }: ModelWeights, options: ParsedOptions): readonly string[] {
  return [
    ...casts.map(({ from, to, count }) => `${count} of the weights converted from ${from} to ${to}`),
    ...computedRemark(computed, weightsFiles(options).join(' and ')),
  ];
}

/** The message about buffers that are missing from a weights file. */
export function computedRemark(names: readonly string[], file: string): readonly string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ', ...' : '');
  return [`${counted(names.length, 'buffer')} not in ${file} and computed: ${shown}`];
}
