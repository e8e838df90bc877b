import type { Builder } from '../builder.js';
import type { Rule } from '../rule.js';
import { attentions } from './attention.js';
import { blocks } from './blocks.js';
import { type NodeInput, OnnxCall, type OnnxNode, type Outputs, type Translation, Untranslatable } from './call.js';
import { convolutions } from './conv.js';
import { creations } from './create.js';
import { dataSizes } from './data-sizes.js';
import { elementwise } from './elementwise.js';
import { indexing } from './indexing.js';
import { linalg } from './linalg.js';
import { losses } from './loss.js';
import { norms } from './norm.js';
import { poolings } from './pool.js';
import { quantizations } from './quantize.js';
import { recurrents } from './recurrent.js';
import { reductions } from './reduce.js';
import { resizings } from './resize.js';
import { shapes } from './shape.js';
import { slices } from './slice.js';

export { type NodeAttr, type NodeInput, OnnxCall, type OnnxNode, type Outputs, TypeOnly } from './call.js';

/** What each standard ONNX operator means in archc's operators: for the types of calls, for constants, for nodes of a graph. */
const table: Readonly<Record<string, Translation>> = {
  ...attentions,
  ...blocks,
  ...convolutions,
  ...creations,
  ...dataSizes,
  ...elementwise,
  ...indexing,
  ...linalg,
  ...losses,
  ...norms,
  ...poolings,
  ...quantizations,
  ...recurrents,
  ...reductions,
  ...resizings,
  ...shapes,
  ...slices,
};

/** The names of the operators that the table has. */
export const translated: readonly string[] = Object.keys(table);

/** A node in archc's operators, or in words why not even the types of its outputs are known. */
export type Translated<V> = { readonly outputs: Outputs<V> } | { readonly unknown: string };

/**
 * The outputs of an ONNX node, made by `g`. `rule` decides what the operator demands of its inputs; this and the operators that `g` makes
 * throw `RuleFailure` if they do not fit.
 */
export function translate<V>(g: Builder<V>, rule: Rule, node: OnnxNode, inputs: readonly (NodeInput<V> | undefined)[]): Translated<V> {
  const translation = Object.hasOwn(table, node.opType) ? table[node.opType] : undefined;
  if (translation === undefined) return { unknown: `archc has no operators for \`${node.opType}\`` };
  try {
    return { outputs: translation(new OnnxCall(g, rule, node, inputs)) };
  } catch (error) {
    if (error instanceof Untranslatable) return { unknown: error.message };
    throw error;
  }
}
