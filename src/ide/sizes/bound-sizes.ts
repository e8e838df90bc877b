import type { LayerDecl, NameExpr, SizeDim } from '../../1-syntax/ast.js';
import { eachNode } from '../../1-syntax/walk.js';
import { axesOf, signatureOf } from '../../2-check/modules/signature.js';
import type { LayerValue } from '../../2-check/values/values.js';
import type { Dim } from '../../dims/dim.js';
import type { Shape } from '../../ops/types.js';
import { storagesIn } from '../names/members.js';

/** A size that a layer infers from its input. */
export interface BoundSize {
  readonly name: string;
  readonly size: Dim;
}

/** The sizes that a layer infers from its first input and needs for its weights: `In = 400` of a linear layer. */
export function boundSizes({ decl, module }: LayerValue, shape: Shape): readonly BoundSize[] {
  const signature = signatureOf(decl, module);
  const [input] = signature.inputs;
  if (input === undefined) return [];
  const { before, rest, after } = axesOf(signature, input.type);
  if (rest === undefined ? before.length !== shape.length : before.length + after.length > shape.length) return [];
  const inWeights = namesInWeights(decl);
  const pairs = [
    ...before.map((dim, i): [SizeDim, Dim | undefined] => [dim, shape[i]]),
    ...after.map((dim, i): [SizeDim, Dim | undefined] => [dim, shape[shape.length - after.length + i]]),
  ];
  return pairs.flatMap(([{ size: expr }, size]) => {
    const isInferred = expr.kind === 'name' && signature.dims.has(expr.name) && inWeights.has(expr.name);
    return isInferred && size !== undefined ? [{ name: expr.name, size }] : [];
  });
}

/** The names in the types of a layer's weights. */
function namesInWeights(decl: LayerDecl): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { type } of storagesIn(decl))
    eachNode(type, (node) => {
      if (node.kind === 'name') names.add((node as NameExpr).name);
    });
  return names;
}
