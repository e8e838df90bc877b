import type { ImageOptions } from '../../data/image-set.js';
import type { Size } from '../../data/pixels.js';
import type { ParsedOptions } from '../arguments.js';
import type { OptionName } from '../options.js';
import { UsageError } from '../usage-error.js';

/** How data are read. */
export interface DataSettings {
  readonly columns: ReadonlyMap<string, string>;
  readonly padding: ReadonlyMap<string, number>;
  readonly images: ImageOptions;
}

/** What the options say about a run. */
export interface TrainSettings extends DataSettings {
  readonly data: string;
  readonly heldOut: { readonly path: string } | { readonly share: number };
  readonly epochs: number;
  readonly batchSize: number | undefined;
  readonly lr: number | undefined;
  readonly patience: number | undefined;
  readonly seed: number;
  readonly provider: 'cpu' | 'webgpu';
  readonly threads: number | undefined;
}

/** The options of a run, with their defaults. Throws `UsageError`. */
export function trainSettings(options: ParsedOptions): TrainSettings {
  const data = options.value('data');
  if (data === undefined)
    throw new UsageError('`archc train` needs data', '`--data PATH`: a .npz, .safetensors, .csv or .jsonl file, or a folder');
  const settings: TrainSettings = {
    data,
    heldOut: heldOut(options),
    columns: options.pairs('columns', ','),
    padding: new Map([...options.pairs('pad', ',')].map(([name, text]) => [name, number('pad', text)])),
    images: imageOptions(options),
    epochs: options.integer('epochs') ?? 10,
    batchSize: options.integer('batch-size'),
    lr: rate(options.value('lr')),
    patience: options.integer('patience'),
    seed: options.integer('seed') ?? 0,
    provider: options.value('provider') === 'webgpu' ? 'webgpu' : 'cpu',
    threads: options.integer('threads'),
  };
  if (settings.seed >= 2 ** 32) throw new UsageError('for training, `--seed` must be a whole number below 4294967296');
  if (settings.patience !== undefined && 'share' in settings.heldOut && settings.heldOut.share === 0)
    throw new UsageError('`--patience` needs held-out rows', 'leave out `--val 0`');
  return settings;
}

function heldOut(options: ParsedOptions): TrainSettings['heldOut'] {
  const path = options.value('val-data');
  if (path === undefined) {
    const share = optional(options, 'val') ?? 0.1;
    if (share < 0 || share >= 1)
      throw new UsageError('`--val` must be a share of the rows: at least 0 and below 1', '`--val 0.1` holds out a tenth');
    return { share };
  }
  if (options.has('val')) throw new UsageError('`--val` and `--val-data` exclude each other');
  return { path };
}

function imageOptions(options: ParsedOptions): ImageOptions {
  const kinds = options.value('augment')?.split(',') ?? [];
  for (const kind of kinds)
    if (kind !== 'flip' && kind !== 'crop')
      throw new UsageError(`\`--augment\` cannot be \`${kind}\``, 'it is `flip`, `crop` or `flip,crop`');
  return {
    resize: size(options.value('resize')),
    mean: options
      .value('mean')
      ?.split(',')
      .map((text) => number('mean', text)),
    std: options
      .value('std')
      ?.split(',')
      .map((text) => number('std', text)),
    flip: kinds.includes('flip'),
    crop: kinds.includes('crop'),
  };
}

function size(text: string | undefined): Size | undefined {
  if (text === undefined) return undefined;
  const [, height, width] = /^([1-9]\d{0,4})(?:x([1-9]\d{0,4}))?$/.exec(text) ?? [];
  if (height === undefined) throw new UsageError(`\`--resize\` cannot be \`${text}\``, 'it is `224`, or height and width: `224x320`');
  return { height: Number(height), width: Number(width ?? height) };
}

function optional(options: ParsedOptions, name: OptionName): number | undefined {
  const text = options.value(name);
  return text === undefined ? undefined : number(name, text);
}

function number(name: OptionName, text: string): number {
  const value = decimal(text);
  if (value === undefined) throw new UsageError(`\`--${name}\` needs a number, not \`${text}\``);
  return value;
}

/** A learning rate, which a graph takes as f32. */
function rate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = decimal(text);
  if (value === undefined || value < 0 || !Number.isFinite(Math.fround(value)))
    throw new UsageError(`\`--lr\` needs a number from 0, such as 0.001, not \`${text}\``);
  return value;
}

/** The finite number that a text is in decimal. */
function decimal(text: string): number | undefined {
  const value = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}
