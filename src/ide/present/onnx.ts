import { type OnnxAttrType, onnxOperators, onnxSchema } from '../../ops/onnx-schema.js';
import type { Callable, Parameter } from './callable.js';

/** The ONNX operators that an opset has. */
export function onnxNames(opset: number): readonly string[] {
  return onnxOperators().filter((name) => {
    const schema = onnxSchema(name, opset);
    return schema !== undefined && schema.since <= opset && schema.deprecated !== true;
  });
}

/** An ONNX operator in the form that it has in an opset; undefined if it is unknown. */
export function onnxCallable(name: string, opset: number): Callable | undefined {
  const schema = onnxSchema(name, opset);
  if (schema === undefined) return undefined;
  const inputs = schema.inputs.map(([input, , mode]): Parameter => {
    const text = mode === 'variadic' ? `*${input}` : mode === 'optional' ? `${input}?` : input;
    const isRequired = mode === undefined;
    return { name: input, text, isTensor: true, isRequired, byPosition: true, isVariadic: mode === 'variadic', type: 'Tensor' };
  });
  const attrs = Object.entries(schema.attrs).flatMap(([attr, { type, required, default: value }]): readonly Parameter[] => {
    if (notWritten.includes(type)) return [];
    const fallback = value === undefined ? undefined : JSON.stringify(value);
    return [
      {
        name: attr,
        text: fallback === undefined ? `${attr}: ${type}${required === true ? '' : '?'}` : `${attr} = ${fallback}`,
        isTensor: false,
        isRequired: required === true,
        byPosition: false,
        isVariadic: false,
        type,
        fallback,
        accepts: { kind: kindOf(type) },
      },
    ];
  });
  const outputs = schema.outputs.map(([output, , mode]) =>
    mode === 'optional' ? `${output}?` : mode === 'variadic' ? `*${output}` : output,
  );
  return {
    name: `onnx.${name}`,
    lists: [[...inputs, ...attrs]],
    result: outputs.length === 1 ? outputs[0] : `(${outputs.join(', ')})`,
    doc: `The ONNX operator \`${name}\`, in the form that it has since opset ${schema.since}. Its [definition](https://onnx.ai/onnx/operators/onnx__${name}.html) is a page of ONNX.`,
    place: { page: 'language.md', section: 'Tensors' },
  };
}

/** What cannot be written in a program. */
const notWritten: readonly OnnxAttrType[] = [
  'tensor',
  'tensors',
  'graph',
  'graphs',
  'sparse_tensor',
  'sparse_tensors',
  'type_proto',
  'type_protos',
];

function kindOf(type: OnnxAttrType): 'int' | 'ints' | 'float' | 'floats' | 'string' | 'any' {
  return type === 'int' || type === 'ints' || type === 'float' || type === 'floats' || type === 'string' ? type : 'any';
}
