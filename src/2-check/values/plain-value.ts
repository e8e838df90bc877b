import type { PlainValue } from '../../api/signature.js';
import { type CheckValue, nameOfFn } from './values.js';

/**
 * A hyperparameter as JSON: functions, layers and element types by their names, records as objects, `none` as null. What JSON has no form for, an infinity or a
 * value that is not known, is a text.
 */
export function plainValue(value: CheckValue): PlainValue {
  switch (value.kind) {
    case 'int':
      return value.dim.constant ?? String(value.dim);
    case 'float':
      return value.value !== undefined && Number.isFinite(value.value) ? value.value : String(value.value);
    case 'bool':
    case 'string':
      return value.value ?? null;
    case 'dtype':
      return value.dtype;
    case 'list':
    case 'tuple':
      return value.items.map(plainValue);
    case 'record':
      return Object.fromEntries([...value.fields].map(([name, field]) => [name, plainValue(field)]));
    case 'fn':
      return nameOfFn(value);
    case 'layer':
    case 'config':
      return value.decl.name.text;
    case 'absent':
      return null;
    default:
      return value.kind;
  }
}
