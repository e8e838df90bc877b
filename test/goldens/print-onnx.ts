import type { OnnxBody, OnnxGraph, OnnxNode, OnnxValue } from '../../src/5-optimize/lowering/onnx-graph.js';
import type { OnnxAttr } from '../../src/ops/onnx-builder.js';
import { showType } from '../../src/ops/types.js';

/** An ONNX graph as text, one line per node: `b = Relu(a) : [N, 10]    # fc1`. Constants show their first elements. */
export function printOnnx(graph: OnnxGraph): string {
  const declared = (kind: string) => (value: OnnxValue) => `  ${kind} ${value.name} : ${showType(value.type)}`;
  const domains = Object.entries(graph.domains).map(([domain, version]) => ` ${domain} ${version}`);
  return `${[
    `onnx ${graph.name}, opset ${graph.opset}${domains.join('')}`,
    ...graph.inputs.map(declared('input')),
    ...graph.parameters.map(({ value }) => declared('parameter')(value)),
    ...bodyLines(graph, '  '),
    ...graph.facts.map((fact) => `  fact ${fact}`),
    ...(graph.open ?? []).map((fact) => `  open ${fact}`),
  ].join('\n')}\n`;
}

function bodyLines({ constants, nodes, outputs }: OnnxBody, indent: string): readonly string[] {
  return [
    ...constants.map(({ value, array }) => `${indent}constant ${value.name} : ${showType(value.type)} = ${elements(array.data)}`),
    ...nodes.flatMap((node) => [`${indent}${nodeLine(node)}`, ...innerLines(node, `${indent}  `)]),
    ...outputs.map((value) => `${indent}output ${value.name} : ${showType(value.type)}`),
  ];
}

function innerLines({ bodies = {} }: OnnxNode, indent: string): readonly string[] {
  return Object.entries(bodies).flatMap(([name, body]) => {
    const inputs = body.inputs.map((value) => `${value.name} : ${showType(value.type)}`).join(', ');
    return [`${indent}${name}(${inputs})`, ...bodyLines(body, `${indent}  `)];
  });
}

function nodeLine({ opType, domain, inputs, outputs, attrs, path }: OnnxNode): string {
  const given = [...inputs.map((v) => v?.name ?? '-'), ...Object.entries(attrs).map(([name, attr]) => `${name} = ${attrText(attr)}`)];
  const types = outputs.map((v) => (v === null ? '-' : showType(v.type))).join(', ');
  const operator = domain === '' ? opType : `${domain}.${opType}`;
  const scope = path.length === 0 ? '' : `    # ${path.join('.')}`;
  return `${outputs.map((v) => v?.name ?? '-').join(', ')} = ${operator}(${given.join(', ')}) : ${types}${scope}`;
}

function attrText(attr: OnnxAttr): string {
  const [value] = Object.values(attr);
  return JSON.stringify(value);
}

function elements(data: Float64Array): string {
  const shown = [...data.subarray(0, 16)].join(', ');
  return data.length > 16 ? `[${shown}, ...]` : `[${shown}]`;
}
