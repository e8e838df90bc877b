import { optimizationLevels } from '../5-optimize/levels.js';
import type { BuildFileOptions } from '../api/options.js';
import { emissions, floatTypes } from '../demand-options.js';
import { defaultOpset, opsets } from '../ops/opsets.js';
import { targets } from '../ops/targets.js';
import { byName, type Form, file, flag, integer, list, numberOf, oneOf, output, source, text } from './forms.js';

/** What a key of a build means. */
export interface KeySpec<T> {
  /** Undefined for `set`, whose values depend on the model. */
  readonly form: Form<T> | undefined;
  readonly help: string;
}

/** Options of the library that a build has in another form, or not at all: there, a file is a path instead of a text with a name. */
type NotKeys = 'model' | 'config' | 'configFile' | 'set' | 'setFrom' | 'setFromFile' | 'setIn' | 'setOption' | 'writtenIn' | 'limits';
type OptionKeys = Omit<BuildFileOptions, NotKeys>;

/** Keys that are not options of the library of the same name. */
interface OwnKeys {
  readonly model: string;
  readonly name: string;
  readonly out: string;
  readonly config: string;
  readonly set: never;
}

type Keys = OwnKeys & { readonly [K in keyof OptionKeys]-?: NonNullable<OptionKeys[K]> };
export type BuildKey = keyof Keys;

const someEmissions = list(oneOf(emissions));

/** At least one value, as on the command line. */
const emissionList: typeof someEmissions = {
  ...someEmissions,
  schema: { ...someEmissions.schema, minItems: 1 },
  read(node, reading) {
    const read = someEmissions.read(node, reading);
    if (read?.length === 0) return reading.refuse(node, { words: `a list with at least one of ${oneOf(emissions).many}` });
    if (read?.includes('js') && !read.includes('onnx'))
      return reading.refuse(node, { words: 'a list with "onnx" where it has "js": the module loads the files' });
    return read;
  },
};

const table: { readonly [K in BuildKey]: KeySpec<Keys[K]> } = {
  model: { form: source, help: 'the source file; required' },
  name: { form: text, help: 'which model of the file; required if the file has several' },
  out: { form: output, help: 'where to write the model, a file or a folder; default: beside the source file, ending in .onnx' },
  target: { form: oneOf(targets), help: 'where the model will run; default portable, which runs everywhere' },
  set: {
    form: undefined,
    help: 'hyperparameters of the model by name, with records as objects: `{ "D": 256, "rope": { "theta": 500000 } }`',
  },
  config: {
    form: file,
    help: 'a JSON file with hyperparameters by the keys that the model declares, such as the config.json of a checkpoint; `set` takes precedence',
  },
  bind: { form: byName(integer({ min: 0 })), help: 'sizes for the symbolic dims: `{ "N": 1, "step.T": 1 }`' },
  entry: { form: text, help: 'only this entry of a model that has several' },
  train: { form: text, help: 'also write the graphs of this `train` block' },
  gradients: { form: flag, help: 'with `train`, also write the graphs that sum the gradients of batches and apply the sums' },
  with: { form: list(text), help: 'optional inputs to include in the graph' },
  tap: { form: list(text), help: 'inner values to add to the outputs, by patterns of their names' },
  dtype: { form: oneOf(floatTypes), help: 'the float type of the build; default f32' },
  io: {
    form: oneOf(['f32']),
    help: 'the float type of inputs and outputs other than states, which the graph converts; default: that of the build',
  },
  opset: { form: integer(opsets), help: `the ONNX opset to write; default ${opsets.min}, and ${defaultOpset('cpu')} for the target cpu` },
  optimize: {
    form: numberOf(optimizationLevels),
    help: 'how much the optimizer may change; default 1 for portable files and models that are trained, otherwise 2',
  },
  quantize: {
    form: text,
    help: 'store weights in fewer bits, all or by patterns of their names: `"int4 on layers[*].*, f16 on rest"`',
  },
  denyFallback: { form: flag, help: 'report nodes that would leave the device of the target, or whose kernel there is wrong, as errors' },
  weights: { form: file, help: 'read the weights from a .safetensors file or its index; default: draw them from the seed' },
  frozenWeights: { form: byName(file), help: 'weights files of the frozen models of the `train` block, by their names there' },
  map: { form: byName(text), help: 'rename tensors of the weights files, new names by old ones: `{ "model.*": "*" }`' },
  skipMismatch: { form: flag, help: 'take from the weights file what fits by name and shape, and draw the rest from the seed' },
  seed: { form: integer({ min: 0 }), help: 'seed of the initial weights; default 0' },
  externalData: {
    form: oneOf(['auto', 'always', 'never']),
    help: 'write the weights to a data file beside the model; default auto: from 20 MB on for the targets cpu and cuda, where ONNX Runtime maps the file into memory, and otherwise from 1 GiB on; weights of less than 1 KiB stay in the model',
  },
  copyWeights: { form: flag, help: 'copy the weights into the external data file instead of referring to the .safetensors file' },
  emit: { form: emissionList, help: 'what to write: the model files, a module that loads them, its types; default `["onnx"]`' },
  strict: { form: flag, help: 'report sizes that cannot be decided at compile time as errors, instead of checking them at run time' },
};

/** Every key of a build. Reading, the JSON schema, docs/project-file.md and the command line all use this table. */
export const keys: Readonly<Record<BuildKey, KeySpec<unknown>>> = table;

export const buildKeys: readonly BuildKey[] = Object.keys(table).filter(isBuildKey);

export function isBuildKey(name: string): name is BuildKey {
  return Object.hasOwn(table, name);
}

/** A name that the file of a model cannot have, so that `archc build web` is not mistaken for a file. */
export const buildName = '^[A-Za-z0-9_][A-Za-z0-9_-]*$';
