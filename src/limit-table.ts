import type { Code } from './diagnostics/catalog.js';
import type { Limits } from './limits.js';

/** What a limit counts, and the codes that report that it is exceeded. */
export interface LimitEntry {
  readonly counts: string;
  readonly codes: readonly Code[];
}

/** Every limit, in the order in which a build reaches them: `--limit`, its help and docs/limits.md are generated from this table. */
export const limitTable: Readonly<Record<keyof Limits, LimitEntry>> = {
  sourceLength: { counts: 'characters of a source file or a settings file', codes: ['source-too-large', 'settings-too-large'] },
  tokens: { counts: 'words and symbols of a source file', codes: ['too-many-tokens'] },
  nesting: { counts: 'nested brackets or lists', codes: ['nesting-too-deep', 'value-too-large', 'bad-json'] },
  operators: { counts: 'operators, stages and postfixes chained in one expression', codes: ['expression-too-long'] },
  nameLength: { counts: 'characters of a name, a label or a name in the ONNX file', codes: ['name-too-long', 'onnx-name-too-long'] },
  messages: { counts: 'syntax errors reported for one file', codes: ['too-many-syntax-errors'] },
  diagnostics: { counts: 'diagnostics reported for one file', codes: ['too-many-diagnostics'] },
  importDepth: { counts: 'files in a chain of imports', codes: ['import-depth'] },
  files: { counts: 'files in a build', codes: ['too-many-files'] },
  instantiationDepth: { counts: 'nested layers and functions', codes: ['instantiation-depth'] },
  instantiations: { counts: 'different uses of layers and functions', codes: ['too-many-instantiations'] },
  evaluationDepth: { counts: 'nested expressions and blocks, through everything that they use', codes: ['evaluation-depth'] },
  iterations: {
    counts: 'iterations of all loops together, items of one list, characters of one string',
    codes: ['too-many-iterations', 'value-too-large'],
  },
  items: { counts: 'items of all lists together', codes: ['too-many-items'] },
  facts: { counts: 'facts about sizes that hold in one place', codes: ['too-many-facts'] },
  graphNodes: { counts: 'operators and constants of a graph', codes: ['too-many-nodes'] },
  bodyDepth: { counts: 'nested `cond` and `scan`; no reader of ONNX files goes deeper than the default', codes: ['control-flow-depth'] },
  steps: {
    counts: 'operators, constants, parameters and uses of layers that are copied when a model is unfolded',
    codes: ['too-many-steps'],
  },
  manyNodes: { counts: 'operators of a graph before a warning is given', codes: ['many-nodes'] },
  parameters: { counts: 'parameters and buffers of a model', codes: ['too-many-parameters'] },
  parameterElements: { counts: 'elements of one parameter', codes: ['parameter-too-large'] },
  initialElements: {
    counts: 'elements of all tensors from which the initial value of one parameter is computed',
    codes: ['initial-value-too-large'],
  },
  tensorElements: { counts: 'elements of one tensor with a constant shape', codes: ['tensor-too-large'] },
  inlineConstant: { counts: 'bytes of one constant inside the model file', codes: ['constant-too-large'] },
  onnxBytes: { counts: 'bytes of the model file; no reader accepts more than the default', codes: ['onnx-too-large'] },
};

/** `sourceLength` on the command line: `source-length`. */
export function limitFlag(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The limits by their names on the command line. */
export const limitsByFlag: ReadonlyMap<string, keyof Limits> = new Map(
  // The keys of a literal that has exactly these.
  (Object.keys(limitTable) as (keyof Limits)[]).map((name) => [limitFlag(name), name]),
);
