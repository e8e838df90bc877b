import { broadcastDemand } from '../symbolic-rule.js';
import { type OnnxCall, type Outputs, type Translation, TypeOnly } from './call.js';

/** The archc operator with this name, for ONNX operators of one input. */
export function unary(name: string): Translation {
  return (c) => [c.g.op(name, [c.in(0)])];
}

/** The archc operator with this name, for ONNX operators of two inputs. */
export function binary(name: string): Translation {
  return (c) => [c.g.op(name, [c.in(0), c.in(1)])];
}

/** An operator of two inputs over a list of any length. */
export function chain<V>(c: OnnxCall<V>, name: string): V {
  const [first, ...rest] = c.all();
  return rest.reduce<V>((sum, next) => c.g.op(name, [sum, next]), first ?? c.in(0));
}

/** One output of the type of the first input, for operators that archc does not have. */
export function typeOfFirst(why: string): Translation {
  return (c) => [new TypeOnly(c.type(0), why)];
}

/** One output of the type of two inputs and their common shape, for operators that archc does not have. */
export function commonShape(why: string): Translation {
  return (c) => {
    const [a, b] = [c.shape(0), c.shape(1)];
    const shape = c.rule.broadcast(a, b, (axis) => broadcastDemand('combine', axis, a, b));
    return [new TypeOnly({ dtype: c.type(0).dtype, shape }, why)];
  };
}

/** These outputs; only their types are right. */
export function typesOnly<V>(c: OnnxCall<V>, outputs: Outputs<V>, why: string): Outputs<V> {
  return outputs.map((output) => (output instanceof TypeOnly ? output : new TypeOnly(c.g.type(output), why)));
}
