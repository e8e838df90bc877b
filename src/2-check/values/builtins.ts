import type { Span } from '../../diagnostics/span.js';
import { Dim } from '../../dims/dim.js';
import { rangeOf } from '../../ops/dtype-range.js';
import { roundHalfEven } from '../../ops/nd/round.js';
import { isFloat } from '../../ops/types.js';
import type { Context } from '../context.js';
import { numberOf } from './arithmetic.js';
import { type CheckValue, describe, unknown } from './values.js';

/** A compile-time function, on values that are known then. Functions on tensors are operators. */
export interface BuiltinFn {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
  /** The number of arguments it takes. */
  readonly arity: { readonly min: number; readonly max: number };
  /** `undefined`: the arguments are of a kind that it does not accept. */
  readonly call: (cx: Context, args: readonly CheckValue[], span: Span) => CheckValue | undefined;
}

const exactly = (n: number) => ({ min: n, max: n });

function list(value: CheckValue | undefined): readonly CheckValue[] | undefined {
  return value?.kind === 'list' || value?.kind === 'tuple' ? value.items : undefined;
}

const ofInt = (dim: Dim): CheckValue => ({ kind: 'int', dim });
const ofList = (items: readonly CheckValue[]): CheckValue => ({ kind: 'list', items });

/** A function from number to float, such as `sqrt`. */
function float(name: string, summary: string, f: (x: number) => number): BuiltinFn {
  return {
    name,
    summary,
    example: `${name}(2.0)`,
    arity: exactly(1),
    call: (_, [x]) => {
      if (x?.kind !== 'int' && x?.kind !== 'float') return undefined;
      const value = numberOf(x);
      return { kind: 'float', value: value === undefined ? undefined : f(value) };
    },
  };
}

/** A whole number as an integer; undefined for one that integers cannot hold, such as infinity. */
function wholeNumber(value: number | undefined): CheckValue | undefined {
  if (value === undefined) return unknown;
  return Number.isSafeInteger(value) ? ofInt(Dim.of(value)) : undefined;
}

/** A function from number to integer, such as `floor`. */
function rounding(name: string, summary: string, f: (x: number) => number, example = 2.5): BuiltinFn {
  return {
    name,
    summary,
    example: `${name}(${example})`,
    arity: exactly(1),
    call: (_, [x]) => {
      if (x?.kind === 'int') return x;
      if (x?.kind !== 'float') return undefined;
      return wholeNumber(x.value === undefined ? undefined : f(x.value));
    },
  };
}

/** `max` and `min` of two or more numbers, or of one list of them. */
function extreme(name: 'max' | 'min'): BuiltinFn {
  return {
    name,
    summary: `The ${name === 'max' ? 'largest' : 'smallest'} of its arguments, or of a list.`,
    example: `${name}(2, 3)`,
    arity: { min: 1, max: 64 },
    call: (_, args) => {
      const items = args.length === 1 ? list(args[0]) : args;
      const [first, ...rest] = items ?? [];
      if (first === undefined) return undefined;
      let result = first;
      for (const item of rest) {
        if (result.kind === 'int' && item.kind === 'int') result = ofInt(result.dim[name](item.dim));
        else if ((result.kind === 'int' || result.kind === 'float') && (item.kind === 'int' || item.kind === 'float')) {
          const a = numberOf(result);
          const b = numberOf(item);
          result = { kind: 'float', value: a === undefined || b === undefined ? undefined : Math[name](a, b) };
        } else return undefined;
      }
      return result.kind === 'int' || result.kind === 'float' ? result : undefined;
    },
  };
}

/** `lowest` and `highest`: the limits of an element type. */
function end(name: 'lowest' | 'highest'): BuiltinFn {
  return {
    name,
    summary: `The ${name} finite value of an element type.`,
    example: `${name}(f16)`,
    arity: exactly(1),
    call: (cx, [x], span) => {
      if (x?.kind !== 'dtype') return undefined;
      const value = rangeOf(x.dtype)?.[name];
      if (value === undefined) return undefined;
      if (isFloat(x.dtype)) return { kind: 'float', value };
      if (Number.isSafeInteger(value)) return ofInt(Dim.of(value));
      cx.error('bad-option', span, {
        message: `\`${name}(${x.dtype})\` is beyond the integers of the compiler`,
        help: 'they are exact up to 2^53 - 1, which is 9007199254740991',
      });
      return unknown;
    },
  };
}

export const builtins: readonly BuiltinFn[] = [
  {
    name: 'len',
    summary: 'The number of items of a list or tuple.',
    example: 'len([1, 2, 3])',
    arity: exactly(1),
    call: (_, [x]) => {
      const items = list(x);
      return items === undefined ? undefined : ofInt(Dim.of(items.length));
    },
  },
  {
    name: 'zip',
    summary: 'Pairs up lists of one length.',
    example: 'zip([1, 2], [3, 4])',
    arity: { min: 1, max: 16 },
    call: (cx, args, span) => {
      const lists = args.map(list);
      if (!lists.every((l) => l !== undefined)) return undefined;
      const lengths = lists.map((l) => l.length);
      if (new Set(lengths).size > 1) {
        cx.error('length-mismatch', span, { what: '`zip`', lengths });
        return unknown;
      }
      const count = lengths[0] ?? 0;
      return ofList(Array.from({ length: count }, (_, i) => ({ kind: 'tuple', items: lists.map((l) => l[i] ?? unknown) })));
    },
  },
  {
    name: 'enumerate',
    summary: 'Pairs every item with its position, from 0.',
    example: 'enumerate(["a", "b"])',
    arity: exactly(1),
    call: (_, [x]) => {
      const items = list(x);
      return items === undefined ? undefined : ofList(items.map((item, i) => ({ kind: 'tuple', items: [ofInt(Dim.of(i)), item] })));
    },
  },
  {
    name: 'reverse',
    summary: 'A list from its end to its start.',
    example: 'reverse([1, 2, 3])',
    arity: exactly(1),
    call: (_, [x]) => {
      const items = list(x);
      return items === undefined ? undefined : ofList([...items].reverse());
    },
  },
  {
    name: 'indices',
    summary: 'The positions of a list: 0, 1, ...',
    example: 'indices(["a", "b"])',
    arity: exactly(1),
    call: (_, [x]) => {
      const items = list(x);
      return items === undefined ? undefined : ofList(items.map((_, i) => ofInt(Dim.of(i))));
    },
  },
  {
    name: 'last',
    summary: 'The last item of a list.',
    example: 'last([1, 2, 3])',
    arity: exactly(1),
    call: (cx, [x], span) => {
      const items = list(x);
      if (items === undefined) return undefined;
      const item = items.at(-1);
      if (item === undefined) cx.error('empty-list', span, { what: '`last`' });
      return item ?? unknown;
    },
  },
  {
    name: 'repeat',
    summary: 'One integer as a list of `n`; a list of `n` stays as it is.',
    example: 'repeat(3, 2)',
    arity: exactly(2),
    call: (cx, [x, n], span) => {
      const count = n?.kind === 'int' ? n.dim.constant : undefined;
      if (count === undefined || count < 0 || count > cx.session.limits.iterations)
        return n?.kind === 'int' && n.dim.constant === undefined ? unknown : undefined;
      if (x?.kind === 'int') return ofList(Array.from({ length: count }, () => x));
      const items = list(x);
      if (items === undefined) return undefined;
      if (items.length === count) return ofList(items);
      cx.error('bad-option', span, { message: `this takes one size, or a list of ${count}, but got a list of ${items.length}` });
      return unknown;
    },
  },
  {
    name: 'sum',
    summary: 'The sum of a list of numbers or tensors.',
    example: 'sum([1, 2, 3])',
    arity: exactly(1),
    call: (_, [x]) => {
      let total: CheckValue = ofInt(Dim.of(0));
      for (const item of list(x) ?? [unknown]) {
        if (total.kind === 'int' && item.kind === 'int') total = ofInt(total.dim.add(item.dim));
        else if ((total.kind === 'int' || total.kind === 'float') && (item.kind === 'int' || item.kind === 'float')) {
          const a = numberOf(total);
          const b = numberOf(item);
          total = { kind: 'float', value: a === undefined || b === undefined ? undefined : a + b };
        } else return undefined;
      }
      return total;
    },
  },
  extreme('min'),
  extreme('max'),
  {
    name: 'abs',
    summary: 'The magnitude of a number.',
    example: 'abs(-3)',
    arity: exactly(1),
    call: (_, [x]) => {
      if (x?.kind === 'int') return ofInt(x.dim.max(x.dim.neg()));
      if (x?.kind === 'float') return { kind: 'float', value: x.value === undefined ? undefined : Math.abs(x.value) };
      return undefined;
    },
  },
  rounding('int', 'A number without its fraction.', Math.trunc, 2.7),
  {
    name: 'float',
    summary: 'A number as a float.',
    example: 'float(2)',
    arity: exactly(1),
    call: (_, [x]) => (x?.kind === 'int' || x?.kind === 'float' ? { kind: 'float', value: numberOf(x) } : undefined),
  },
  {
    name: 'str',
    summary: 'A value as text.',
    example: 'str(3)',
    arity: exactly(1),
    call: (_, [x]) => (x === undefined ? undefined : { kind: 'string', value: textOf(x) }),
  },
  float('sqrt', 'The square root.', Math.sqrt),
  float('exp', 'e to the power of a number.', Math.exp),
  float('log', 'The natural logarithm.', Math.log),
  float('sin', 'The sine.', Math.sin),
  float('cos', 'The cosine.', Math.cos),
  float('tanh', 'The hyperbolic tangent.', Math.tanh),
  rounding('floor', 'The largest integer that is not greater.', Math.floor),
  rounding('ceil', 'The smallest integer that is not less.', Math.ceil),
  end('lowest'),
  end('highest'),
  rounding('round', 'The nearest integer; halves go to the even one, as in Python.', roundHalfEven),
];

/** What `"{value}"` prints; `undefined` if it is not known. */
export function textOf(value: CheckValue): string | undefined {
  switch (value.kind) {
    case 'int':
      return String(value.dim);
    case 'float':
      return value.value === undefined ? undefined : String(value.value);
    case 'bool':
      return value.value === undefined ? undefined : String(value.value);
    case 'string':
      return value.value;
    case 'dtype':
      return value.dtype;
    case 'record': {
      const fields = [...value.fields].map(([name, field]) => [
        name,
        field.kind === 'string' && field.value !== undefined ? JSON.stringify(field.value) : textOf(field),
      ]);
      return fields.some(([, text]) => text === undefined)
        ? undefined
        : `${value.decl.name.text}(${fields.map(([name, text]) => `${name} = ${text}`).join(', ')})`;
    }
    case 'unknown':
      return undefined;
    default:
      return describe(value, () => 'tensor');
  }
}
