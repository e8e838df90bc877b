import { expect, test } from 'vitest';
import type { InputSpec } from '../../src/ops/define.js';
import { typeOf } from '../../src/ops/evaluate.js';
import { ops } from '../../src/ops/index.js';
import type { NdArray } from '../../src/ops/types.js';
import { type DrawnSample, drawSamples, isList } from '../kit/op-samples.js';
import { compileText } from '../kit/source.js';

test.each(ops)('the example of $name compiles with the tensors of one of its samples', (op) => {
  const faults = drawSamples(op).map((sample) => compileText(program(sample)).diagnostics.map((d) => d.message));
  expect(
    faults.some((list) => list.length === 0),
    `${op.doc.example}: ${JSON.stringify(faults)}`,
  ).toBe(true);
});

/** A model whose inputs are called what the operator calls them; those it takes any number of are a list. */
function program({ op, inputs }: DrawnSample): string {
  const parameters: string[] = [];
  const lists: string[] = [];
  const declare = (name: string, array: NdArray): string => {
    const { dtype, shape } = typeOf(array);
    parameters.push(`${name}: Tensor<${dtype}>[${shape.join(', ')}]`);
    return name;
  };
  for (const [i, name] of Object.keys(op.inputs as Record<string, InputSpec>).entries()) {
    const input = inputs[i];
    if (input === undefined || input === null) continue;
    if (isList(input)) lists.push(`  ${name} = [${input.map((array, k) => declare(`${name}_${k}`, array)).join(', ')}]\n`);
    else declare(name, input);
  }
  const list = parameters.length === 0 ? 'unused: Tensor[1]' : parameters.join(', ');
  return `model M(${list}) -> (nothing: Tensor[1]) {\n${lists.join('')}  result = ${op.doc.example}\n  return zeros([1])\n}\n`;
}
