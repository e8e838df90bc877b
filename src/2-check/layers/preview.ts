import type { Context } from '../context.js';
import { signatureOf } from '../modules/signature.js';
import { joinNames } from '../statements/joined-scopes.js';
import { type LayerValue, type SharedInstance, unknown } from '../values/values.js';
import { Labels } from './labels.js';
import { parametersOf, recordParameters } from './parameters-of.js';

/**
 * Finds the parameters of a shared layer that do not depend on its inputs, so that `tok.weight` can be read before `tok` is applied. Its
 * body is run on unknown inputs; its problems are reported when it is applied.
 */
export function previewParameters(cx: Context, layer: LayerValue, shared: SharedInstance): void {
  const { decl, module } = layer;
  const probe = cx.inner({ module, labels: new Labels(), rigid: true });
  if (probe.depth > cx.session.limits.instantiationDepth) return;
  const signature = signatureOf(decl, module);
  const { sizeNames } = signature;
  for (const [name, value] of layer.hyper ?? []) probe.body.define(name, { value, span: decl.name.span, role: 'hyper', sizeNames });
  for (const name of signature.inputDims) probe.body.define(name, { value: unknown, span: decl.name.span, role: 'dim' });
  for (const name of signature.rests) probe.rests.set(name, 'unknown');
  for (const input of signature.inputs) probe.body.define(input.name.text, { value: unknown, span: input.name.span, role: 'input' });
  probe.signature = signature;
  const { value: found } = probe.speculate(() => {
    probe.interpreter.runBlock(probe, decl.body);
    probe.labels.settle();
    return { parameters: parametersOf(probe.steps), names: probe.labels.names };
  });
  recordParameters(cx.session, shared, found.parameters);
  if (shared.joins === undefined) return;
  joinNames(cx, shared.joins, found.names, { name: decl.name.text, isFunction: false, span: shared.span });
}
