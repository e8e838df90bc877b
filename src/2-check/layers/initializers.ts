import type { Expr } from '../../1-syntax/ast.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { Initializer, NamedInitializer } from '../../ops/initializer.js';
import type { Context } from '../context.js';
import { numberOf } from '../values/arithmetic.js';
import { describe } from '../values/values.js';

type Given = ReadonlyMap<string, number | string>;

interface Maker {
  readonly params: readonly string[];
  readonly make: (given: Given) => NamedInitializer | undefined;
}

const number = (given: Given, name: string, fallback?: number): number | undefined => {
  const value = given.get(name) ?? fallback;
  return typeof value === 'number' ? value : undefined;
};

const kaiming = (kind: 'kaiming_uniform' | 'kaiming_normal'): Maker => ({
  params: ['a', 'mode', 'nonlinearity'],
  make: (given) => {
    const mode = given.get('mode') ?? 'fan_in';
    if (mode !== 'fan_in' && mode !== 'fan_out') return undefined;
    return { kind, a: number(given, 'a', 0) ?? 0, mode, nonlinearity: String(given.get('nonlinearity') ?? 'leaky_relu') };
  },
});

const xavier = (kind: 'xavier_uniform' | 'xavier_normal'): Maker => ({
  params: ['gain'],
  make: (given) => ({ kind, gain: number(given, 'gain', 1) ?? 1 }),
});

/** The initializers of `torch.nn.init`. `uniform(b)` is uniform in `[-b, b)`, as PyTorch's layers use it. */
const makers: Readonly<Record<string, Maker>> = {
  zeros: { params: [], make: () => ({ kind: 'zeros' }) },
  ones: { params: [], make: () => ({ kind: 'ones' }) },
  constant: {
    params: ['value'],
    make: (given) => {
      const value = number(given, 'value');
      return value === undefined ? undefined : { kind: 'constant', value };
    },
  },
  uniform: {
    params: ['low', 'high'],
    make: (given) => {
      const low = number(given, 'low', given.has('high') ? undefined : 1);
      const high = number(given, 'high');
      if (low === undefined) return undefined;
      return high === undefined ? { kind: 'uniform', low: -low, high: low } : { kind: 'uniform', low, high };
    },
  },
  normal: {
    params: ['mean', 'std'],
    make: (given) => ({ kind: 'normal', mean: number(given, 'mean', 0) ?? 0, std: number(given, 'std', 1) ?? 1 }),
  },
  trunc_normal: {
    params: ['mean', 'std', 'low', 'high'],
    make: (given) => ({
      kind: 'trunc_normal',
      mean: number(given, 'mean', 0) ?? 0,
      std: number(given, 'std', 1) ?? 1,
      low: number(given, 'low', -2) ?? -2,
      high: number(given, 'high', 2) ?? 2,
    }),
  },
  kaiming_uniform: kaiming('kaiming_uniform'),
  kaiming_normal: kaiming('kaiming_normal'),
  xavier_uniform: xavier('xavier_uniform'),
  xavier_normal: xavier('xavier_normal'),
  orthogonal: { params: ['gain'], make: (given) => ({ kind: 'orthogonal', gain: number(given, 'gain', 1) ?? 1 }) },
};

/** The names of the initializers. */
export const initializerNames: readonly string[] = Object.keys(makers);

/** The names of initializers, each with those of its arguments. */
export const initializerArguments: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(makers).map(([name, { params }]) => [name, params]),
);

/** Initializers that draw random numbers, which cannot be part of a computation. */
export const randomInitializers: ReadonlySet<string> = new Set(
  initializerNames.filter((name) => !['zeros', 'ones', 'constant'].includes(name)),
);

/** The initializer that an expression names, unless it is a name of the file, or `zeros(shape)`, which is an operator. */
export function initializerIn(cx: Context, init: Expr): string | undefined {
  const named = init.kind === 'call' ? init.callee : init;
  if (named.kind !== 'name' || !Object.hasOwn(makers, named.name) || isDeclared(cx, named.name)) return undefined;
  const isOperator = init.kind === 'call' && init.args.length > 0 && makers[named.name]?.params.length === 0;
  return isOperator ? undefined : named.name;
}

/** Whether the file gives a name a meaning, which takes precedence over the built-in one. */
export function isDeclared(cx: Context, name: string): boolean {
  return cx.scope.find(name) !== undefined || cx.module.decls.has(name) || cx.module.imports.has(name);
}

/** The initializer `name` with the arguments of a call. `undefined` if it is wrong, which is reported. */
export function namedInitializer(cx: Context, name: string, init: Expr): Initializer | undefined {
  const maker = makers[name];
  if (maker === undefined) return undefined;
  const given = new Map<string, number | string>();
  let position = 0;
  for (const arg of init.kind === 'call' ? init.args : []) {
    if (arg.spread === true) {
      cx.error('spread-argument', arg.value.span, { callee: `\`${name}\``, record: undefined, got: '', late: false });
      return undefined;
    }
    const param = arg.name?.text ?? maker.params[position++];
    if (param === undefined || !maker.params.includes(param)) {
      cx.error('unknown-argument', arg.value.span, {
        callee: name,
        name: param ?? String(position),
        known: maker.params,
        near: suggest(param ?? '', maker.params),
      });
      return undefined;
    }
    const value = cx.evaluate(arg.value);
    if (value.kind === 'unknown') return cx.rigid ? { kind: 'zeros' } : undefined;
    if (value.kind === 'string') {
      if (value.value !== undefined) given.set(param, value.value);
      continue;
    }
    const number = value.kind === 'int' || value.kind === 'float' ? numberOf(value) : undefined;
    // While sizes are variables, the number is open, and only the form of the call is checked.
    if (number !== undefined) given.set(param, number);
    else if (cx.rigid && (value.kind === 'int' || value.kind === 'float')) given.set(param, 1);
    else {
      cx.error('argument-kind', arg.value.span, { callee: name, name: param, wanted: 'a number', got: describe(value, (t) => cx.show(t)) });
      return undefined;
    }
  }
  const isInfinite =
    randomInitializers.has(name) && [...given.values()].some((value) => typeof value === 'number' && !Number.isFinite(value));
  // The reason is a layer without inputs, as in `uniform(1 / sqrt(In))`.
  if (isInfinite && cx.problems.some(({ code }) => code === 'negative-size')) return undefined;
  const made = isInfinite ? undefined : maker.make(given);
  if (made === undefined) cx.error('bad-initializer', init.span, { what: `\`${name}\` with these arguments`, known: maker.params });
  return made;
}
