import type { Context } from '../context.js';
import { entriesOf } from '../models/entry-layers.js';
import { signatureOf } from '../modules/signature.js';
import { joinNames } from '../statements/joined-scopes.js';
import { type LayerValue, type SharedInstance, unknown } from '../values/values.js';
import { bodyContext } from './enter-body.js';
import { parametersOf, recordParameters } from './parameters-of.js';

/**
 * Finds the parameters of a shared layer that do not depend on its inputs, so that `tok.weight` can be read before `tok` is applied. Its
 * body is run on unknown inputs, and that of each entry if it is a model with several; its problems are reported when it is applied.
 */
export function previewParameters(cx: Context, layer: LayerValue, shared: SharedInstance): void {
  const { decl, module } = layer;
  if (cx.depth + 1 > cx.session.limits.instantiationDepth) return;
  const bodies = decl.inputs === undefined ? entriesOf(decl, module) : [decl];
  for (const body of bodies) {
    const found = preview(cx, { ...layer, decl: body });
    recordParameters(cx.session, shared, found.parameters);
    if (shared.joins !== undefined)
      joinNames(cx, shared.joins, found.names, { name: decl.name.text, isFunction: false, span: shared.span });
  }
}

function preview(cx: Context, layer: LayerValue) {
  const { decl, module, hyper = new Map() } = layer;
  const signature = signatureOf(decl, module);
  const probe = bodyContext(
    cx.inner({ module: cx.module, labels: cx.labels, rigid: true, depth: cx.depth }),
    { decl, module, hyper, signature, layer },
    undefined,
  );
  for (const name of signature.inputDims) probe.body.define(name, { value: unknown, span: decl.name.span, role: 'dim' });
  for (const name of signature.rests) probe.rests.set(name, 'unknown');
  for (const input of signature.inputs) probe.body.define(input.name.text, { value: unknown, span: input.name.span, role: 'input' });
  probe.signature = signature;
  return probe.speculate(() => {
    probe.interpreter.runBlock(probe, decl.body);
    probe.labels.settle();
    return { parameters: parametersOf(probe.steps), names: probe.labels.names };
  }).value;
}
