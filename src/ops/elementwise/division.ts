import { Dim } from '../../dims/dim.js';
import { only } from '../only.js';
import type { OnnxBuilder } from '../onnx-builder.js';
import { castNode } from '../onnx-cast.js';
import type { Rule } from '../rule.js';
import { type DType, isInt, type TensorType } from '../types.js';

/** Refuses a literal 0 as the divisor of integers, for which there is no result. */
export function demandDivisor(rule: Rule, sign: '//' | '%', a: TensorType, b: TensorType): void {
  if (!isInt(a.dtype) || !isInt(b.dtype) || rule.literal('b') !== 0) return;
  rule.fail('division-by-zero', {
    message: `\`${sign}\` of integers by 0 has no value`,
    input: 'b',
    help: 'write another divisor, or divide floats: `cast(x, f32)`',
  });
}

/** Two operands with the type of the result, and their nodes. */
class Division<V> {
  readonly #g: OnnxBuilder<V>;
  readonly #y: TensorType;

  constructor(g: OnnxBuilder<V>, y: TensorType) {
    this.#g = g;
    this.#y = y;
  }

  number(value: number): V {
    return this.#g.scalar(value, this.#y.dtype);
  }

  node(opType: string, ...inputs: readonly V[]): V {
    return only(this.#g.node(opType, inputs, {}, [this.#over(inputs, this.#y.dtype)]));
  }

  claim(opType: string, ...inputs: readonly V[]): V {
    return only(this.#g.node(opType, inputs, {}, [this.#over(inputs, 'bool')]));
  }

  /** The remainder of C, with the sign of `a`, which is exact for floats. */
  truncatedRest(a: V, b: V): V {
    return only(this.#g.node('Mod', [a, b], { fmod: { int: 1 } }, [this.#y]));
  }

  /** The type of a node over these operands, which broadcast: one of them alone may have fewer axes than the result. */
  #over(inputs: readonly V[], dtype: DType): TensorType {
    const shapes = inputs.map((input) => this.#g.type(input).shape);
    const rank = shapes.reduce((most, shape) => Math.max(most, shape.length), 0);
    const shape = Array.from({ length: rank }, (_, axis) => {
      const sizes = shapes.flatMap((own) => own[axis - rank + own.length] ?? []);
      return sizes.find((size) => size.constant !== 1) ?? Dim.one;
    });
    return { dtype, shape };
  }

  /** Whether a remainder of C differs from that of Python: it is not 0 and does not have the sign of `b`. */
  signsDiffer(rest: V, b: V): V {
    return this.claim('Less', this.node('Mul', this.node('Sign', rest), b), this.number(0));
  }
}

/** `a % b` of floats, like `remainderOf`. */
export function floatRemainder<V>(g: OnnxBuilder<V>, a: V, b: V, y: TensorType): V {
  const d = new Division(g, y);
  const rest = d.truncatedRest(a, b);
  return d.node('Where', d.signsDiffer(rest, b), d.node('Add', rest, b), rest);
}

/** `a // b` of floats, like `floorQuotientOf` except for the sign of a zero, which ONNX Runtime 1.30's Where does not keep. */
export function floatFloorQuotient<V>(g: OnnxBuilder<V>, a: V, b: V, y: TensorType): V {
  const d = new Division(g, y);
  const rest = d.truncatedRest(a, b);
  const truncated = d.node('Div', d.node('Sub', a, rest), b);
  const whole = d.node('Where', d.signsDiffer(rest, b), d.node('Sub', truncated, d.number(1)), truncated);
  const floor = d.node('Floor', whole);
  const nearest = d.node('Where', d.claim('Greater', d.node('Sub', whole, floor), d.number(0.5)), d.node('Add', floor, d.number(1)), floor);
  return d.node('Where', d.claim('Equal', b, d.number(0)), d.node('Div', a, b), nearest);
}

/** `a % b` of integers. ONNX gives the result the sign of `b`. */
export function intRemainder<V>(g: OnnxBuilder<V>, a: V, b: V, y: TensorType): V {
  if (y.dtype === 'i64') return new Division(g, y).node('Mod', a, safeDivisor(g, b));
  return inWider(g, a, b, y, (left, right, type) => new Division(g, type).node('Mod', left, right));
}

/** `a // b` of integers, rounded down. */
export function intFloorQuotient<V>(g: OnnxBuilder<V>, a: V, b: V, y: TensorType): V {
  if (y.dtype !== 'i64') return inWider(g, a, b, y, (left, right, type) => exactQuotient(new Division(g, type), left, right));
  const d = new Division(g, y);
  const byMinusOne = mayBeMinusOne(g, b) ? d.claim('Equal', b, d.number(-1)) : undefined;
  const divisor = safeDivisor(g, b);
  const dividend = byMinusOne === undefined ? a : d.node('Where', byMinusOne, d.node('Neg', a), a);
  // Div rounds toward zero: one too high if the signs differ and there is a remainder.
  const truncated = d.node('Div', dividend, divisor);
  const down = d.claim('Xor', below0(d, dividend), below0(d, divisor));
  const over = d.claim('Not', d.claim('Equal', d.node('Mod', dividend, divisor), d.number(0)));
  return d.node('Sub', truncated, castNode(g, d.claim('And', down, over), 'i64'));
}

function below0<V>(d: Division<V>, x: V): V {
  return d.claim('Less', x, d.number(0));
}

/** What is left after subtracting the remainder, divided; nothing must overflow. Also prevents ONNX Runtime 1.30 from replacing (1 / b) * c with c / b. */
function exactQuotient<V>(d: Division<V>, a: V, b: V): V {
  return d.node('Div', d.node('Sub', a, d.node('Mod', a, b)), b);
}

/** Signed integers are computed in a type that also has the quotient of the lowest number by -1, which is outside their own. The result wraps. */
function inWider<V>(g: OnnxBuilder<V>, a: V, b: V, y: TensorType, make: (a: V, b: V, type: TensorType) => V): V {
  const wide: Partial<Record<DType, DType>> = { i8: 'i32', i16: 'i32', i32: 'i64' };
  const dtype = wide[y.dtype] ?? y.dtype;
  return castNode(g, make(castNode(g, a, dtype), castNode(g, b, dtype), { ...y, dtype }), y.dtype);
}

/** `b` with 1 instead of -1: processors stop the program when the lowest number is divided by -1. */
function safeDivisor<V>(g: OnnxBuilder<V>, b: V): V {
  if (!mayBeMinusOne(g, b)) return b;
  const d = new Division(g, g.type(b));
  return d.node('Where', d.claim('Equal', b, d.number(-1)), d.number(1), b);
}

function mayBeMinusOne<V>(g: OnnxBuilder<V>, b: V): boolean {
  return g.elements(b)?.data.includes(-1) ?? true;
}
