import { utf8 } from '../../6-emit/utf8.js';
import type { StoredTensor } from '../../6-emit/weights/stored-tensor.js';
import { writeSafetensors } from '../../6-emit/weights/write-safetensors.js';
import type { TrainingFiles } from '../../api/runtime.js';
import type { AdapterLayout, TrainingManifest } from '../../api/training.js';
import { isPlace, textOf } from '../platform.js';
import type { TensorData } from '../pure/tensor-data.js';
import { numbersOf, tensorOf } from '../pure/tensor-numbers.js';
import { readCheckpoint } from './checkpoint.js';
import { TrainingError } from './training-error.js';

/** The files of a folder in which Hugging Face PEFT keeps adapters. */
export const adapterFiles = { tensors: 'adapter_model.safetensors', config: 'adapter_config.json' } as const;

/** The files of adapters, which are a folder. Throws `TrainingError` for one of its files, or another one. */
export function adapterFolder(files: TrainingFiles): TrainingFiles {
  const isOneFile = isPlace(files) ? /\.(?:safetensors|json)$/.test(textOf(files)) : ArrayBuffer.isView(files);
  if (!isOneFile) return files;
  const reason = `they are a folder with ${adapterFiles.tensors} and ${adapterFiles.config}, or these files by their names`;
  throw new TrainingError({ kind: 'bad-adapters', from: isPlace(files) ? textOf(files) : 'the given bytes', reason });
}

/** What the names of all tensors begin with: PEFT's two wrappers around the model. */
const prefix = 'base_model.model.';

/** What is read of `adapter_config.json`. */
interface AdapterConfig {
  readonly peft_type?: unknown;
  readonly r?: unknown;
  readonly lora_alpha?: unknown;
  readonly use_rslora?: unknown;
  readonly rank_pattern?: unknown;
  readonly alpha_pattern?: unknown;
}

/** The folder's files with the adapters of a training and whatever else it trains; `values` are these tensors by name. */
export function writeAdapters(
  manifest: TrainingManifest,
  values: ReadonlyMap<string, TensorData>,
): ReadonlyMap<string, readonly Uint8Array[]> {
  const { weights, statistics, adapters } = manifest;
  const targets = new Set(adapters.map(layerOf));
  const own = new Set(adapters.flatMap(({ a, b }) => [a, b]));
  const others = [...weights, ...statistics].map(({ name }) => name).filter((name) => !own.has(name));
  const isOfTarget = (name: string) => targets.has(parentOf(name));
  const keyOf = (name: string) =>
    !own.has(name) && isOfTarget(name) ? `${parentOf(name)}.base_layer${name.slice(parentOf(name).length)}` : name;
  const tensors = [...values].map(([name, { dtype, shape, bytes }]) => ({ name: prefix + keyOf(name), dtype, shape, bytes }));
  const saved = [...new Set(others.filter((name) => !isOfTarget(name)).map(parentOf))];
  const [first] = adapters;
  const [rank, alpha] = first === undefined ? [0, 0] : [rankOf(first, values), alphaOf(first, values)];
  const unlike = (of: typeof rankOf, usual: number) =>
    Object.fromEntries(
      adapters.flatMap((layout) => {
        const value = of(layout, values);
        return value === usual ? [] : [[`^${layerOf(layout).replaceAll(/[^\w]/g, '\\$&')}`, value]];
      }),
    );
  const config = {
    peft_type: 'LORA',
    task_type: null,
    base_model_name_or_path: null,
    inference_mode: true,
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    target_modules: [...targets],
    modules_to_save: saved.length === 0 ? null : saved,
    bias: others.some(isOfTarget) ? 'lora_only' : 'none',
    rank_pattern: unlike(rankOf, rank),
    alpha_pattern: unlike(alphaOf, alpha),
    fan_in_fan_out: adapters.some(({ inputsFirst }) => inputsFirst),
    use_rslora: false,
    use_dora: false,
  };
  return new Map([
    [adapterFiles.tensors, writeSafetensors(tensors, { format: 'pt' })],
    [adapterFiles.config, [utf8(`${JSON.stringify(config, undefined, 2)}\n`)]],
  ]);
}

/** Adapters of a folder by the names that this training has for them. */
export interface FoundAdapters {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** B as this training scales it, from the B of the file. */
  readonly rescaled: (layout: AdapterLayout, b: TensorData) => TensorData;
}

/** Reads the two files; `from` is what messages call the folder. Throws `TrainingError`. */
export function readAdapters(files: { readonly tensors: Uint8Array; readonly config: Uint8Array }, from: string): FoundAdapters {
  const refuse = (reason: string): never => {
    throw new TrainingError({ kind: 'bad-adapters', from, reason });
  };
  const config = parseConfig(files.config) ?? refuse(`${adapterFiles.config} is not a JSON object`);
  if (config.peft_type !== 'LORA') refuse(`they are of the kind ${String(config.peft_type)}, not LORA`);
  // Of the switches for other kinds, only this one leaves the product of the matrices as it is.
  const other = Object.entries(config).find(([key, value]) => key.startsWith('use_') && key !== 'use_rslora' && value === true);
  if (other !== undefined) refuse(`they are of another kind than plain LoRA (\`${other[0]}\`)`);
  const chosen = (pattern: unknown, usual: unknown, layer: string): number => {
    const own = Object.entries(Object(pattern)).find(([key]) => matches(key, layer) ?? refuse(`\`${key}\` is not a pattern`));
    const value = Number(own === undefined ? usual : own[1]);
    return value > 0 ? value : refuse(`${adapterFiles.config} gives \`${layer}\` no \`r\` or \`lora_alpha\` above 0`);
  };
  const rescaled = (layout: AdapterLayout, b: TensorData): TensorData => {
    const layer = layerOf(layout);
    const rank = chosen(config.rank_pattern, config.r, layer);
    const [, own] = b.shape;
    if (rank !== own) refuse(`${adapterFiles.config} gives \`${layer}\` the rank ${rank}, but its matrices have ${own}`);
    const alpha = chosen(config.alpha_pattern, config.lora_alpha, layer);
    const scale = alpha / (config.use_rslora === true ? Math.sqrt(rank) : rank);
    const factor = scale / layout.scale;
    // The quotient of two decimal fractions can miss 1 by its rounding.
    if (Math.abs(factor - 1) < 1e-12) return b;
    return tensorOf(
      b.dtype,
      b.shape,
      numbersOf(b).map((value) => factor * value),
    );
  };
  const tensors = [...readCheckpoint(files.tensors, `${from}/${adapterFiles.tensors}`).values()];
  return { tensors: new Map(tensors.map((tensor) => [nameOf(tensor.name), { ...tensor, name: nameOf(tensor.name) }])), rescaled };
}

function parseConfig(bytes: Uint8Array): AdapterConfig | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a pattern of PEFT, which describes the end of a name, fits. Undefined if it is not a valid pattern. */
function matches(pattern: string, layer: string): boolean | undefined {
  try {
    return new RegExp(`^(?:.*\\.)?(?:${pattern})$`).test(layer);
  } catch {
    return undefined;
  }
}

/** The name without what PEFT adds: its wrappers, and in files of older versions the name of the adapter. */
function nameOf(key: string): string {
  const name = key.startsWith(prefix) ? key.slice(prefix.length) : key;
  return name.replace(/\.(lora_[AB])\.default\.weight$/, '.$1.weight').replace(/\.base_layer\.([^.]+)$/, '.$1');
}

/** PEFT's name for what an adapter belongs to. */
function layerOf({ a }: AdapterLayout): string {
  return a.replace(/\.lora_A\.weight$/, '');
}

function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('.')));
}

function rankOf({ a }: AdapterLayout, values: ReadonlyMap<string, TensorData>): number {
  return values.get(a)?.shape[0] ?? 0;
}

/** `alpha` as it was written: the scale is its quotient with the rank, rounded. */
function alphaOf(layout: AdapterLayout, values: ReadonlyMap<string, TensorData>): number {
  return Number((layout.scale * rankOf(layout, values)).toPrecision(12));
}
