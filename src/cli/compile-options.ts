import type { CompileOptions } from '../compile.js';
import type { ParsedOptions } from './arguments.js';
import { limitsOf } from './limits.js';
import { readText } from './read-file.js';
import { settingsOf } from './set-option.js';
import { UsageError } from './usage-error.js';

/** The command-line options that say what to compile and for which target. Throws `UsageError` for those that contradict each other. */
export function compileOptions(options: ParsedOptions): CompileOptions {
  demandDevice(options);
  const bind = options.sizes('bind');
  if (options.has('gradients') && options.value('train') === undefined)
    throw new UsageError(
      'the graphs that sum gradients belong to a training',
      'add `--train NAME`, or `"train"` to the build; otherwise leave `--gradients` out',
    );
  return {
    ...defined({
      model: options.value('model'),
      entry: options.value('entry'),
      train: options.value('train'),
      quantize: options.value('quantize'),
      opset: options.integer('opset'),
    }),
    // The option table allows only these names.
    ...(defined({
      dtype: options.value('dtype'),
      io: options.value('io'),
      target: options.value('target'),
      optimize: options.integer('optimize'),
    }) as Pick<CompileOptions, 'dtype' | 'io' | 'target' | 'optimize'>),
    ...jsonFile('config', options.value('config')),
    ...jsonFile('setFrom', options.value('set-from')),
    ...options.inProject,
    set: Object.fromEntries(settingsOf(options.values('set'))),
    with: options.values('with'),
    tap: options.values('tap'),
    gradients: options.has('gradients'),
    strict: options.has('strict'),
    denyFallback: options.has('deny-fallback'),
    limits: limitsOf(options),
    ...(bind.size === 0 ? {} : { bind: Object.fromEntries(bind) }),
  };
}

/** A check that cannot find anything must not look like one that found nothing. */
function demandDevice(options: ParsedOptions): void {
  if (!options.has('deny-fallback') || (options.value('target') ?? 'portable') !== 'portable') return;
  throw new UsageError(
    '`--deny-fallback` needs a target: a portable file is for any device, so no node of it leaves one',
    'say where it will run: `--target webgpu`, in archc.json `"target": "webgpu"`',
  );
}

/** A settings file with its name. */
function jsonFile(option: 'config' | 'setFrom', path: string | undefined): CompileOptions {
  if (path === undefined) return {};
  const text = readText(path);
  return option === 'config' ? { config: text, configFile: path } : { setFrom: text, setFromFile: path };
}

/** Omits undefined values, so that defaults stay defaults. */
function defined<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const present: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key of Object.keys(values) as (keyof T)[])
    if (values[key] !== undefined) present[key] = values[key] as Exclude<T[keyof T], undefined>;
  return present;
}
