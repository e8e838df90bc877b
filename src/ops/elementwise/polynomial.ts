import type { OnnxBuilder } from '../onnx-builder.js';
import { node } from './unary.js';

/** The polynomial of `x` with these coefficients, the constant first. */
export function polynomial<V>(g: OnnxBuilder<V>, x: V, coefficients: readonly number[]): V {
  const [last = 0, next = 0, ...others] = [...coefficients].reverse();
  return others.reduce((sum, coefficient) => plus(g, node(g, 'Mul', sum, x), coefficient), plus(g, times(g, x, last), next));
}

export function plus<V>(g: OnnxBuilder<V>, x: V, number: number): V {
  return node(g, 'Add', x, g.scalar(number, g.type(x).dtype));
}

export function times<V>(g: OnnxBuilder<V>, x: V, number: number): V {
  return node(g, 'Mul', x, g.scalar(number, g.type(x).dtype));
}
