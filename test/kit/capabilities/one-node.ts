import type { OnnxValue } from '../../../src/5-optimize/lowering/onnx-graph.js';
import { type CallForm, openVariables, typesOfForm } from '../../../src/ops/capabilities/call-form.js';
import { typeOf } from '../../../src/ops/evaluate.js';
import { ndArray, sizeOf } from '../../../src/ops/nd/array.js';
import { roundTo } from '../../../src/ops/nd/round.js';
import type { OnnxAttr } from '../../../src/ops/onnx-builder.js';
import { onnxDType } from '../../../src/ops/onnx-cast.js';
import { dtypesOf, type OnnxSchema, type Operator, operatorName, parameterAt, schemaOf } from '../../../src/ops/onnx-schema.js';
import { TypeOnly } from '../../../src/ops/onnx-table/index.js';
import { type DType, isFloat, type NdArray } from '../../../src/ops/types.js';
import { evaluateNode } from '../contrib/table.js';
import { controlNode } from './control-nodes.js';
import { graphOf, type OneNode } from './probed-graph.js';
import type { RecipeInput } from './recipe.js';
import { recipes } from './recipes.js';
import { twoConjunctions } from './two-conjunctions.js';
import { twoEpsilons } from './two-epsilons.js';

/** A graph of two nodes, for kernels that are wrong only for the second node of their kind. */
function specialGraph(opType: string, form: CallForm, opset: number): OneNode | undefined {
  // The software GPU does not compute f16; a kernel that mixes up epsilons does so in f16, too.
  if (form.includes('own-epsilon')) return twoEpsilons(opset, form[0] === 'f16' ? 'f32' : (form[0] as DType));
  return opType === 'And' && form.includes('repeated') ? twoConjunctions(opset) : undefined;
}

/** The smallest graph that has a node of a form, with the same numbers each time. */
export function oneNode(operator: Operator, form: CallForm, opset: number): OneNode {
  const { domain, opType } = operator;
  const special = controlNode(opType, opset) ?? specialGraph(opType, form, opset);
  if (special !== undefined) return special;
  const schema = schemaOf(operator, opset);
  if (schema === undefined) throw new Error(`there is no operator ${operatorName(operator)}`);
  const has = (trait: string): boolean => form.includes(trait);
  const dtypeOf = dtypesIn(operator, form, schema);
  const rank = Number(form.find((trait) => trait.startsWith('rank='))?.slice('rank='.length) ?? 0);
  const recipe = recipes[operatorName(operator)]?.({ has, rank }) ?? { inputs: {} };

  const inputs = schema.inputs.flatMap((parameter): readonly (Given | undefined)[] => {
    const [name, variable, mode] = parameter;
    if (mode === 'optional' && !has(`+${name}`)) return [undefined];
    const given = recipe.inputs[name] ?? { shape: [2, 3] };
    return (isList(given) ? given : [given]).map((input, i) => ({
      name: `${name}${i === 0 ? '' : i}`,
      array: arrayOf(dtypeOf(variable), input),
      isConstant: input.isConstant === true,
    }));
  });
  while (inputs.at(-1) === undefined && inputs.length > 0) inputs.pop();
  const attrs = { ...optionsIn(form, schema), ...castOf(opType, dtypeOf), ...recipe.attrs };
  const outputs = outputsOf(schema, has, recipe.outputs);
  const results = evaluateNode(operator, { attrs, outputs }, inputs.map(withElements)).map((result, i) => {
    const [, variable = ''] = parameterAt(schema.outputs, i) ?? [];
    const dtype = dtypeOf(variable);
    return result instanceof TypeOnly ? { ...result.type, dtype } : { ...result, dtype };
  });

  const values = outputs.map((isUsed, i): OnnxValue | null => {
    const result = results[i];
    if (!isUsed) return null;
    if (result === undefined) throw new Error(`${opType} has no output ${i}`);
    return { name: `y${i}`, type: 'data' in result ? typeOf(result) : result };
  });
  const nodeInputs = inputs.map((input) => (input === undefined ? null : { name: input.name, type: typeOf(input.array) }));
  const present = inputs.flatMap((input) => input ?? []);
  const { tolerance } = recipe;
  return {
    tolerances:
      tolerance === undefined ? {} : Object.fromEntries(values.flatMap((value) => (value === null ? [] : [[value.name, tolerance]]))),
    graph: graphOf(opset, {
      inputs: present.filter(({ isConstant }) => !isConstant).map(({ name, array }) => ({ name, type: typeOf(array) })),
      outputs: values.flatMap((value) => value ?? []),
      constants: present.filter(({ isConstant }) => isConstant).map(({ name, array }) => ({ value: { name, type: typeOf(array) }, array })),
      nodes: [{ name: 'node', opType, domain, inputs: nodeInputs, outputs: values, attrs, path: [], kinds: ['M'], span: undefined }],
    }),
    feeds: Object.fromEntries(present.filter(({ isConstant }) => !isConstant).map(({ name, array }) => [name, array])),
    wanted: Object.fromEntries(
      values.flatMap((value, i) => {
        const result = results[i];
        return value === null ? [] : [[value.name, result !== undefined && 'data' in result ? roundTo(result.dtype, result) : undefined]];
      }),
    ),
  };
}

interface Given {
  readonly name: string;
  readonly array: NdArray;
  readonly isConstant: boolean;
}

/** The element type of each type variable: what the form says, or the only one that there is. */
function dtypesIn(operator: Operator, form: CallForm, schema: OnnxSchema): (variable: string) => DType {
  const types = typesOfForm(operator, form);
  return (variable) => {
    const dtype = types.get(variable) ?? (openVariables(operator).includes(variable) ? undefined : dtypesOf(schema, variable)[0]);
    if (dtype === undefined) throw new Error(`${operatorName(operator)} ${form.join(' ')} has no element type for ${variable}`);
    return dtype;
  };
}

/** The attributes that a form names. */
function optionsIn(form: CallForm, schema: OnnxSchema): Readonly<Record<string, OnnxAttr>> {
  const named = form.flatMap((trait): readonly (readonly [string, OnnxAttr])[] => {
    const [name = '', value] = trait.split('=');
    const type = schema.attrs[name]?.type;
    if (value === undefined || type === undefined) return [];
    return [[name, type === 'int' ? { int: Number(value) } : { string: value }]];
  });
  return Object.fromEntries(named);
}

function castOf(opType: string, dtypeOf: (variable: string) => DType): Readonly<Record<string, OnnxAttr>> {
  return opType === 'Cast' ? { to: { int: onnxDType[dtypeOf('T2')] } } : {};
}

/** Which outputs are used. */
function outputsOf(schema: OnnxSchema, has: (trait: string) => boolean, count = 1): readonly boolean[] {
  const used = schema.outputs.flatMap(([name, , mode]) =>
    mode === 'variadic' ? new Array<boolean>(count).fill(true) : [mode !== 'optional' || has(`->${name}`)],
  );
  return used.slice(0, used.lastIndexOf(true) + 1);
}

function withElements(input: Given | undefined) {
  return input && { value: input.array, elements: input.array.data };
}

function arrayOf(dtype: DType, { shape, values, from = -0.9, to = 0.9 }: RecipeInput): NdArray {
  const drawn = (i: number): number => {
    const place = ((i * 7) % 11) / 10;
    if (isFloat(dtype)) return from + (to - from) * place;
    return dtype === 'bool' ? (i % 3 === 1 ? 1 : 0) : 1 + ((i * 7) % 5);
  };
  return roundTo(
    dtype,
    ndArray(
      dtype,
      shape,
      Float64Array.from({ length: sizeOf(shape) }, (_, i) => values?.[i] ?? drawn(i)),
    ),
  );
}

function isList<T>(input: T | readonly T[]): input is readonly T[] {
  return Array.isArray(input);
}
