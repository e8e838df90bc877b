import { describe, expect, test } from 'vitest';
import { builtins } from '../../src/2-check/values/builtins.js';
import { evaluateOp } from '../../src/ops/evaluate.js';
import { ndArray } from '../../src/ops/nd/array.js';
import { only } from '../../src/ops/only.js';
import { opNamed } from '../../src/ops/registry.js';
import { compileText, modelOf } from '../kit/source.js';

const numbers = ['-2.5', '-1.5', '-0.7', '-0.5', '0.0', '0.1', '0.5', '1', '1.5', '2.5', '3.7', '-7', '1e3', 'inf', '-inf'];
const parsed = (text: string) => (text.endsWith('inf') ? Number(text.replace('inf', 'Infinity')) : Number(text));

const source = (expression: string) =>
  `let value = ${expression}\nmodel M(x: Tensor<f64>[N]) -> (y: Tensor<f64>[N]) { return x * value + x }`;

/** What a compile-time expression is worth. */
function worth(expression: string): number {
  return only(only(modelOf(source(expression), { optimize: 0 }).onnx.constants).array.data as unknown as readonly number[]);
}

function computed(operator: string, ...args: readonly number[]): number {
  const op = opNamed(operator) ?? expect.fail(`there is no operator ${operator}`);
  return only(
    only(
      evaluateOp(
        op,
        args.map((value) => ndArray('f64', [], Float64Array.of(value))),
      ),
    ).data as unknown as readonly number[],
  );
}

const joining = ['sum', 'min', 'max'];
const unary = builtins.map((fn) => fn.name).filter((name) => opNamed(name) !== undefined && !joining.includes(name));
const whole = ['floor', 'ceil', 'round'];

test('the functions of one number that are operators, too', () => {
  expect(unary).toEqual(['abs', 'sqrt', 'exp', 'log', 'sin', 'cos', 'tanh', ...whole]);
});

describe.each(unary)('%s at compile time is the operator', (name) => {
  test.each(numbers)('of %s', (number) => {
    const wanted = computed(name, parsed(number));
    // An integer of the compiler cannot be infinite.
    if (whole.includes(name) && !Number.isFinite(wanted)) expect(compileText(source(`${name}(${number})`)).failed).toBe(true);
    else expect(worth(`${name}(${number})`) + 0).toBe(wanted + 0);
  });
});

test.each([
  ['max', 'maximum'],
  ['min', 'minimum'],
])('%s at compile time is %s', (name, operator) => {
  for (const a of numbers)
    for (const b of numbers) expect(worth(`${name}(${a}, ${b})`) + 0).toBe(computed(operator, parsed(a), parsed(b)) + 0);
});

test.each([
  ['+', 'add'],
  ['-', 'sub'],
  ['*', 'mul'],
  ['/', 'div'],
  ['//', 'floor_div'],
  ['%', 'mod'],
  ['**', 'pow'],
])('`%s` of floats at compile time is %s', (sign, operator) => {
  for (const a of numbers) {
    for (const b of numbers) {
      if (!a.includes('.') && !b.includes('.')) continue;
      expect(worth(`(${a}) ${sign} (${b})`) + 0, `${a} ${sign} ${b}`).toBe(computed(operator, parsed(a), parsed(b)) + 0);
    }
  }
});

test('`int` is the cast to an integer, and `float` that to a float', () => {
  for (const number of numbers.filter((text) => !text.endsWith('inf'))) {
    const cast = opNamed('cast') ?? expect.fail();
    const x = ndArray('f64', [], Float64Array.of(parsed(number)));
    expect(worth(`int(${number})`) + 0).toBe((only(evaluateOp(cast, [x], { dtype: 'i64' })).data[0] as number) + 0);
    expect(worth(`float(${number})`)).toBe(parsed(number));
  }
});
