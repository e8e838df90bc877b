import { expect, test } from 'vitest';
import { Dim, DimLimitError } from '../../src/dims/dim.js';
import { Facts } from '../../src/dims/facts.js';
import type { OnnxAttr } from '../../src/ops/onnx-builder.js';
import { checkOnnxCall, type OnnxCallCheck } from '../../src/ops/onnx-call.js';
import { dtypesOf, type OnnxAttrType, type OnnxSchema, onnxOperators, onnxSchema, parameterAt } from '../../src/ops/onnx-schema.js';
import { opsets } from '../../src/ops/opsets.js';
import type { DType, TensorType } from '../../src/ops/types.js';
import { randomNumbers } from '../kit/random.js';

type Choose = <T>(items: readonly T[]) => T;

const [N, H] = [Dim.variable('N'), Dim.variable('H')];
const sizes = [Dim.zero, Dim.one, Dim.of(2), Dim.of(3), Dim.of(4), N, H, H.mul(2), N.add(1)];
const integers = [-(2 ** 40), -7, -1, 0, 1, 2, 3, 2 ** 31 - 1, 2 ** 53 - 1];
const numbers = [Number.NEGATIVE_INFINITY, -1, 0, 0.5, 1, 2, 1e30];

test.each(onnxOperators())('any call of %s has types, is wrong, or needs a type', (opType) => {
  const schema = onnxSchema(opType, opsets.max)!;
  const random = randomNumbers(opType.length);
  const pick: Choose = (items) => items[Math.floor(random() * items.length)]!;
  for (let run = 0; run < 40; run++) {
    const inputs = inputsOf(schema, pick);
    const elements = inputs.map((type) => elementsOf(type, pick));
    const count = pick([undefined, 1, 2, schema.outputs.length]);
    const attrs = attrsOf(schema, pick);
    const { outputs, problems } = withinLimits(() => checkOnnxCall(opType, inputs, attrs, Facts.none, opsets.max, { elements, count }));
    expect(outputs === undefined || problems.length === 0).toBe(true);
    for (const { message } of problems) expect(message).not.toMatch(/undefined|\bNaN\b|\[object|\{|internal/);
  }
});

/** A size that is too large for an exact integer is reported wherever it appears in a program. */
function withinLimits(check: () => OnnxCallCheck): Pick<OnnxCallCheck, 'outputs' | 'problems'> {
  try {
    return check();
  } catch (error) {
    if (error instanceof DimLimitError) return { outputs: undefined, problems: [] };
    throw error;
  }
}

function inputsOf(schema: OnnxSchema, pick: Choose): readonly (TensorType | undefined)[] {
  const isVariadic = schema.inputs.at(-1)?.[2] === 'variadic';
  const bound = new Map<string, DType>();
  const first = shapeOf(pick);
  return Array.from({ length: isVariadic ? pick([1, 2, 3]) : schema.inputs.length }, (_, i) => {
    const [, variable = '', mode] = parameterAt(schema.inputs, i) ?? [];
    if (mode === 'optional' && pick([true, false])) return undefined;
    const dtype = bound.get(variable) ?? pick([...dtypesOf(schema, variable), 'f32'] as const);
    bound.set(variable, dtype);
    return { dtype, shape: pick([first, first, first.slice(1), [], shapeOf(pick)]) };
  });
}

function shapeOf(pick: Choose): readonly Dim[] {
  return Array.from({ length: pick([0, 1, 2, 3, 4, 5]) }, () => pick(sizes));
}

function elementsOf(type: TensorType | undefined, pick: Choose): readonly (number | Dim)[] | undefined {
  const [length = Dim.one, ...more] = type?.shape ?? [];
  if (type === undefined || more.length > 0 || length.constant === undefined || pick([true, false])) return undefined;
  const kinds = type.dtype.startsWith('i') ? [...integers, N, H] : numbers;
  return Array.from({ length: length.constant }, () => pick<number | Dim>(kinds));
}

function attrsOf(schema: OnnxSchema, pick: Choose): Readonly<Record<string, OnnxAttr>> {
  const attrs: Record<string, OnnxAttr> = {};
  for (const [name, { type, required, default: usual }] of Object.entries(schema.attrs)) {
    const attr = required === true || pick([true, false, false]) ? attrOf(type, usual, pick) : undefined;
    if (attr !== undefined) attrs[name] = attr;
  }
  return attrs;
}

function attrOf(type: OnnxAttrType, usual: unknown, pick: Choose): OnnxAttr | undefined {
  const list = <T>(items: readonly T[]) => Array.from({ length: pick([0, 1, 2, 3, 4]) }, () => pick(items));
  switch (type) {
    case 'int':
      return { int: pick(integers) };
    case 'ints':
      return { ints: list(integers) };
    case 'float':
      return { float: pick(numbers) };
    case 'floats':
      return { floats: list(numbers) };
    case 'string':
      return {
        string: pick([String(usual ?? ''), 'SAME_LOWER', 'bidirectional', 'none', 'linear', 'ij,jk->ik', 'ii->i', '...i->...', '->']),
      };
    case 'strings':
      return { strings: list(['Tanh', 'Relu', 'Sigmoid']) };
    default:
      return undefined;
  }
}
