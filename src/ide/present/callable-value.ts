import { presentIn } from '../../2-check/values/absence.js';
import type { CheckValue, LayerValue } from '../../2-check/values/values.js';
import { builtInCallable } from './built-ins.js';
import type { Callable } from './callable.js';
import { declaredCallable, documentation } from './declared.js';
import { operatorCallable } from './operators.js';

/** A value as something that can be called; undefined if it cannot be. */
export function callableOf(given: CheckValue): Callable | undefined {
  const value = presentIn(given);
  switch (value.kind) {
    case 'layer':
      return layerCallable(value);
    case 'config':
      return declaredCallable(value.decl, value.module);
    case 'fn':
      if (value.form === 'op') return operatorCallable(value.op);
      if (value.form === 'declared' || value.form === 'let') return declaredCallable(value.decl, value.module);
      return value.form === 'builtin' ? builtInCallable(value.name) : builtInCallable(value.form);
    default:
      return undefined;
  }
}

/** A layer with the hyperparameters that it still takes. */
function layerCallable(layer: LayerValue): Callable | undefined {
  const { decl, module, alias, given, hyper } = layer;
  const whole = declaredCallable(decl, module);
  if (whole === undefined || decl.hyper === undefined) return whole;
  const [settings = [], inputs] = whole.lists;
  const open = settings.filter(({ name }) => given?.has(name) !== true);
  const name = alias?.name.text ?? whole.name;
  const isMade = hyper !== undefined && (alias === undefined || open.length === 0);
  const doc = alias?.doc === undefined ? whole.doc : documentation(alias.doc);
  const lists = [...(isMade ? [] : [open]), ...(inputs === undefined ? [] : [inputs])];
  return { ...whole, name, doc, lists };
}
