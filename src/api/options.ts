import type { Limits } from '../limits.js';
import type { Target } from '../ops/targets.js';
import type { Emission } from './module.js';

export interface CompileOptions {
  /** Which model of the file; may be omitted if there is only one. */
  readonly model?: string | undefined;
  /** Only this entry of a model that has several. */
  readonly entry?: string | undefined;
  /** Also the graphs of this `train` block, which chooses the model. */
  readonly train?: string | undefined;
  /** With `train`: also the graphs that sum the gradients of batches and apply them, which `accumulate` makes in any case. */
  readonly gradients?: boolean | undefined;
  /**
   * Hyperparameters by the keys of a configuration file that they declare (`D = 64 from "hidden_size"`): an object or JSON text. Other keys are ignored.
   * `setFrom` and `set` are applied later and win.
   */
  readonly config?: Readonly<Record<string, unknown>> | string | undefined;
  /** The name of the file of `config` in messages. */
  readonly configFile?: string | undefined;
  /** Hyperparameters by their own names, records as objects, as an object or JSON text: `{ D: 256, rope: { theta: 5e5 }, 'c.heads': 8 }`. */
  readonly setFrom?: Readonly<Record<string, unknown>> | string | undefined;
  /** The name of the file of `setFrom` in messages. */
  readonly setFromFile?: string | undefined;
  /** Hyperparameters as text in the language: `{ D: '256', act: 'gelu', widths: '[8, 16]', 'c.heads': '8' }`. Later ones win. */
  readonly set?: Readonly<Record<string, string>> | undefined;
  /** Hyperparameters by name, as a part of a file that holds more, such as the `set` of a build in archc.json. `setFrom` and `set` override it, and it overrides `config`. */
  readonly setIn?: JsonPart | undefined;
  /** What messages call `set`: `--set`, or the option of a command that takes its place. */
  readonly setOption?: '--set' | '--to' | undefined;
  /** Where the values of these options are written, if that is a JSON file, so that messages show their place there. */
  readonly writtenIn?: Partial<Readonly<Record<PlacedOption, JsonPart>>> | undefined;
  /** Input sizes to fix as numbers: `{ N: 1 }`. */
  readonly bind?: Readonly<Record<string, number>> | undefined;
  /** Optional inputs that the graph must have. */
  readonly with?: readonly string[] | undefined;
  /** The element type of `Tensor[...]`; f32 unless given. */
  readonly dtype?: 'f32' | 'f16' | 'bf16' | undefined;
  /**
   * `f32`: inputs and outputs of the element type `Tensor[...]` are f32 whatever `dtype` is, and are converted inside; `Tensor<f16>[...]` and states
   * are unchanged.
   * Otherwise they have the float type of the build.
   */
  readonly io?: 'f32' | undefined;
  /**
   * Inner values that are outputs of the graph, too, by patterns of their names: `encoder.layers[*].attn` is the result of a labeled layer, `encoder.layers[3].attn.scores`
   * a variable of its body. `*` is any text, `[0..6]` one of the numbers 0 to 5.
   */
  readonly tap?: readonly string[] | undefined;
  readonly target?: Target | undefined;
  /** The ONNX opset to write; by default 21, and 23 for the target `cpu`. */
  readonly opset?: number | undefined;
  /**
   * How much of the graph may change. 0: only what ONNX needs. 1: everything except weights, so that each weight keeps its name and its values; the default for `portable`. 2: weights, too, may be
   * computed from others when the file is written; the default for other targets, unless the model is trained.
   */
  readonly optimize?: 0 | 1 | 2 | undefined;
  /**
   * How weights are stored in fewer bits, by patterns of their names: `int4`, or `int4/128 on layers[*].*, f16 on rest`. The forms are `int4` and `int8`, with the size of a block
   * after a slash (default 32), `int8-dynamic`, `f16` and `none`. Not with `train`.
   */
  readonly quantize?: string | undefined;
  /** Whether it is an error, instead of a warning, if a node would leave the target's device or be computed wrongly there. A comment in the source can still allow it. */
  readonly denyFallback?: boolean | undefined;
  /** Whether what can be neither proved nor refuted is an error; by default, it is left to run time. */
  readonly strict?: boolean | undefined;
  readonly limits?: Partial<Limits> | undefined;
}

/** Options about whose values messages speak. */
export const placedOptions = ['entry', 'train', 'quantize', 'bind'] as const;
export type PlacedOption = (typeof placedOptions)[number];

/** A JSON value that is part of a larger file, so that messages show its place there. */
export interface JsonPart {
  readonly file: string;
  /** The whole text of the file. */
  readonly text: string;
  /** Where the value is in the text. */
  readonly start: number;
  readonly end: number;
}

export interface CheckOptions extends CompileOptions {
  /**
   * Whether each model that is checked is also turned into ONNX nodes for `target` and `opset`, to report everything that a build would report: operators
   * without an ONNX form there, names and constants beyond the limits, initial values that cannot be made. Nothing is written. Editors, which check at each
   * keystroke, skip this.
   */
  readonly lower?: boolean | undefined;
  /** Whether to check only the model that a build would make: `model`, or the only one in the file, whose hyperparameters must all have values. By default, every model whose hyperparameters have values is checked. */
  readonly asBuild?: boolean | undefined;
}

export interface BuildOptions extends CompileOptions {
  /** What is made; by default `['onnx']`. `js` needs `onnx`. */
  readonly emit?: readonly Emission[] | undefined;
  /** Seed of the initial weights; 0 by default. The same seed gives the same bytes on every machine. */
  readonly seed?: number | undefined;
  /** A safetensors file, or the index of a sharded one, that the host can open; without it, weights are drawn from the seed. */
  readonly weights?: string | undefined;
  /**
   * Such files for the frozen models of a `train` block, by their names there: `{ teacher: 'large.safetensors' }`. The names in the file are those of that model. A
   * frozen model without a file of its own has its weights in `weights`, below its name.
   */
  readonly frozenWeights?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether parameters that the file of `weights` does not have, or has in another shape or kind, are drawn from the seed, and listed in a warning: for a model with a new head. Otherwise they are
   * errors.
   */
  readonly skipMismatch?: boolean | undefined;
  /** Names in the weights files that differ from the model's: `{ 'module.*': '*' }`. */
  readonly map?: Readonly<Record<string, string>> | undefined;
}

export interface BuildFileOptions extends BuildOptions {
  /** Whether weights go into a data file beside the model; `auto`, the default, does so from 20 MB on for `cpu` and `cuda`, whose runtime maps data files, and from 1 GiB on for other targets. */
  readonly externalData?: 'auto' | 'always' | 'never' | undefined;
  /** Copies even those weights that are in a file in the output folder already, instead of referring to them. */
  readonly copyWeights?: boolean | undefined;
}
