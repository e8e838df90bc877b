import { concreteRule, EvalBuilder } from '../../../src/ops/evaluate.js';
import type { Operator } from '../../../src/ops/onnx-schema.js';
import { type NodeInput, OnnxCall, type OnnxNode, type Outputs, translate } from '../../../src/ops/onnx-table/index.js';
import type { NdArray } from '../../../src/ops/types.js';
import { attentions } from './attention.js';
import { elementwise } from './elementwise.js';
import { quantizations } from './quantized.js';

/** Translations of ONNX Runtime's own operators to those of archc. */
const table: Readonly<Record<string, (c: OnnxCall<NdArray>) => Outputs<NdArray>>> = { ...attentions, ...elementwise, ...quantizations };

/** The outputs of a node of any operator that archc knows, computed in float64. */
export function evaluateNode(
  { domain, opType }: Operator,
  node: Omit<OnnxNode, 'opType'>,
  inputs: readonly (NodeInput<NdArray> | undefined)[],
): Outputs<NdArray> {
  const [g, rule, named] = [new EvalBuilder(), concreteRule(opType), { ...node, opType }];
  const own = domain === 'com.microsoft' || opType === 'SimplifiedLayerNormalization' ? table[opType] : undefined;
  if (own !== undefined) return own(new OnnxCall(g, rule, named, inputs));
  if (domain !== '') throw new Error(`${domain}.${opType} is not in the table`);
  const result = translate(g, rule, named, inputs);
  if ('unknown' in result) throw new Error(`${opType}: ${result.unknown}`);
  return result.outputs;
}
