import { suggest } from '../diagnostics/suggest.js';
import { holds } from './dtype-range.js';
import type { OnnxAttr } from './onnx-builder.js';
import type { OnnxProblem } from './onnx-call.js';
import { onnxDType } from './onnx-cast.js';
import type { OnnxAttrType, OnnxSchema } from './onnx-schema.js';
import { dtypes } from './types.js';

/** Integer attributes that name an element type. */
const dtypeAttrs: readonly string[] = ['to', 'dtype', 'output_dtype', 'stash_type', 'output_datatype', 'softmax_precision'];

/** The attributes of a call of `operator` in the types that the schema requires (`alpha = 1` is a FLOAT, `to = "f16"` a number), and the problems with them. */
export function onnxAttrs(
  operator: string,
  schema: OnnxSchema,
  given: Readonly<Record<string, OnnxAttr>>,
): { readonly attrs: Readonly<Record<string, OnnxAttr>>; readonly problems: readonly OnnxProblem[] } {
  const attrs: Record<string, OnnxAttr> = {};
  const problems: OnnxProblem[] = [];
  const names = Object.keys(schema.attrs);
  for (const [name, value] of Object.entries(given)) {
    const attr = Object.hasOwn(schema.attrs, name) ? schema.attrs[name] : undefined;
    if (attr === undefined) {
      const [similar] = suggest(name, names);
      const known = names.length === 0 ? 'it has none' : `it has ${names.map((one) => `\`${one}\``).join(', ')}`;
      const help = similar === undefined ? known : `did you mean \`${similar}\`?`;
      problems.push({ message: `\`${operator}\` has no attribute \`${name}\``, help });
      continue;
    }
    const beyond = numbersOf(value).find((number) => !holds('f32', number));
    if (beyond !== undefined && attr.type.startsWith('float')) {
      problems.push({ message: `the attribute \`${name}\` of \`${operator}\` is f32, which does not go as far as ${beyond}` });
      continue;
    }
    const converted = asType(name, attr.type, value);
    if (converted !== undefined) attrs[name] = converted;
    else problems.push({ message: `the attribute \`${name}\` of \`${operator}\` is ${words[attr.type]}, not ${shown(value)}` });
  }
  for (const [name, attr] of Object.entries(schema.attrs)) {
    if (attr.required !== true || Object.hasOwn(given, name)) continue;
    problems.push(
      attr.type === 'graph'
        ? { message: `\`${operator}\` needs a graph as \`${name}\`, which cannot be written here`, help: 'use `scan` or `cond`' }
        : { message: `\`${operator}\` needs the attribute \`${name}\``, help: `add \`${name} = ..\`: ${words[attr.type]}` },
    );
  }
  return { attrs, problems };
}

const words: Readonly<Record<OnnxAttrType, string>> = {
  int: 'an integer',
  ints: 'a list of integers',
  float: 'a number',
  floats: 'a list of numbers',
  string: 'a string',
  strings: 'a list of strings',
  tensor: 'a tensor',
  tensors: 'a list of tensors',
  graph: 'a graph',
  graphs: 'a list of graphs',
  sparse_tensor: 'a sparse tensor',
  sparse_tensors: 'a list of sparse tensors',
  type_proto: 'a type',
  type_protos: 'a list of types',
};

function asType(name: string, type: OnnxAttrType, value: OnnxAttr): OnnxAttr | undefined {
  switch (type) {
    case 'int': {
      if ('int' in value) return value;
      const dtype = 'string' in value && dtypeAttrs.includes(name) ? dtypes.find((one) => one === value.string) : undefined;
      return dtype === undefined ? undefined : { int: onnxDType[dtype] };
    }
    case 'ints':
      return 'ints' in value ? value : 'int' in value ? { ints: [value.int] } : undefined;
    case 'float':
      return 'float' in value ? value : 'int' in value ? { float: value.int } : undefined;
    case 'floats':
      if ('floats' in value) return value;
      if ('ints' in value) return { floats: value.ints };
      return 'float' in value ? { floats: [value.float] } : 'int' in value ? { floats: [value.int] } : undefined;
    case 'string':
      return 'string' in value ? value : undefined;
    case 'strings':
      if ('strings' in value) return value;
      return 'string' in value ? { strings: [value.string] } : isEmptyList(value) ? { strings: [] } : undefined;
    default:
      return undefined;
  }
}

function numbersOf(value: OnnxAttr): readonly number[] {
  if ('float' in value) return [value.float];
  if ('floats' in value) return value.floats;
  if ('int' in value) return [value.int];
  return 'ints' in value ? value.ints : [];
}

/** `[]` is a list of any type. */
function isEmptyList(value: OnnxAttr): boolean {
  return 'ints' in value && value.ints.length === 0;
}

function shown(value: OnnxAttr): string {
  if ('string' in value) return `"${value.string}"`;
  if ('strings' in value) return 'a list of strings';
  if ('ints' in value || 'floats' in value) return 'a list of numbers';
  return String('int' in value ? value.int : value.float);
}
