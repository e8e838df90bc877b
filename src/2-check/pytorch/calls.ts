import type { CallExpr, Expr } from '../../1-syntax/ast.js';

/** The arguments of a PyTorch call, as text; `or` is used for a missing one, in capitals that nobody mistakes for an answer. */
export interface Given {
  readonly called: boolean;
  readonly has: (name: string) => boolean;
  readonly of: (name: string, or: string) => string;
  /** For an operand of an operator. */
  readonly operand: (name: string, or: string) => string;
  /** The items of a list, or all arguments from this one on. */
  readonly items: (name: string) => readonly string[];
}

interface ForeignCall {
  readonly params: readonly string[];
  readonly write: (given: Given) => string;
}

const onTwo = (write: (x: string, y: string) => string): ForeignCall => ({
  params: ['x', 'other'],
  write: (g) => write(g.operand('x', 'x'), g.operand('other', 'y')),
});

const extremum = (name: string): ForeignCall => ({
  params: ['x', 'dim', 'keepdim'],
  write: (g) => call(name, g.of('x', 'x'), axisOf(g, undefined), g.has('keepdim') ? `keep = ${g.of('keepdim', '')}` : ''),
});

const shaped = (name: string): ForeignCall => ({
  params: ['x', 'sizes'],
  write: (g) => call(name, g.of('x', 'x'), `[${g.items('sizes').join(', ') || 'SIZES'}]`),
});

const binaryLoss = (name: string): ForeignCall => ({
  params: ['x', 'target', 'weight', 'size_average', 'reduce', 'reduction', 'pos_weight'],
  write: (g) => {
    const pair = [g.of('x', 'x'), g.of('target', 'target'), g.has('pos_weight') ? `pos_weight = ${g.of('pos_weight', '')}` : ''];
    if (!g.has('weight')) return call(name, ...pair);
    return `mean(${g.operand('weight', '')} * ${call(name, ...pair, 'reduction = "none"')})`;
  },
});

/** Functions of PyTorch that have another name here, with their arguments in PyTorch's order. */
const calls: Readonly<Record<string, ForeignCall>> = {
  amax: extremum('max'),
  amin: extremum('min'),
  arange: {
    params: ['start', 'end', 'step'],
    write: (g) => {
      if (!g.called) return 'range(END, start = START)';
      if (!g.has('end')) return call('range', g.of('start', 'END'));
      return call('range', g.of('end', 'END'), `start = ${g.of('start', '0')}`, g.has('step') ? `step = ${g.of('step', '')}` : '');
    },
  },
  binary_cross_entropy: binaryLoss('bce_loss'),
  binary_cross_entropy_with_logits: binaryLoss('bce_with_logits'),
  bmm: onTwo((x, y) => `${x} @ ${y}`),
  mm: onTwo((x, y) => `${x} @ ${y}`),
  cat: {
    params: ['tensors', 'dim'],
    write: (g) => call('concat', g.items('tensors').join(', ') || 'x, y', axisOf(g, '0')),
  },
  chunk: {
    params: ['x', 'chunks', 'dim'],
    write: (g) => call('split', g.of('x', 'x'), `parts = ${g.of('chunks', 'COUNT')}`, axisOf(g, '0')),
  },
  clamp: {
    params: ['x', 'min', 'max'],
    write: (g) => {
      if (!g.has('min') && g.has('max')) return call('clip', g.of('x', 'x'), `max = ${g.of('max', '')}`);
      return call('clip', g.of('x', 'x'), g.of('min', 'LOW'), g.has('min') && !g.has('max') ? '' : g.of('max', 'HIGH'));
    },
  },
  // `%` has the sign of the divisor, fmod that of the dividend.
  fmod: {
    params: ['x', 'other'],
    write: (g) => {
      const x = g.of('x', 'x');
      return `sign(${x}) * (abs(${x}) % abs(${g.of('other', 'y')}))`;
    },
  },
  remainder: onTwo((x, y) => `${x} % ${y}`),
  floor_divide: onTwo((x, y) => `${x} // ${y}`),
  true_divide: onTwo((x, y) => `${x} / ${y}`),
  equal: onTwo((x, y) => `${x} == ${y}`),
  argwhere: { params: ['x'], write: (g) => call('nonzero', g.of('x', 'x')) },
  index_add: {
    params: ['x', 'dim', 'index', 'source'],
    write: (g) => {
      const [x, index, source] = [g.of('x', 'x'), g.of('index', 'ids'), g.of('source', 'y')];
      const isFirst = !g.called || g.of('dim', '0') === '0';
      if (isFirst) return call('scatter_nd', x, `unsqueeze(${index}, 1)`, source, 'reduction = "add"');
      return call('scatter_elements', x, 'IDS', source, axisOf(g, undefined), 'reduction = "add"');
    },
  },
  index_select: { params: ['x', 'dim', 'index'], write: (g) => call('gather', g.of('x', 'x'), g.of('index', 'ids'), axisOf(g, undefined)) },
  masked_fill: {
    params: ['x', 'mask', 'value'],
    write: (g) => call('where', g.of('mask', 'mask'), g.of('value', 'VALUE'), g.of('x', 'x')),
  },
  masked_select: { params: ['x', 'mask'], write: (g) => `${g.operand('x', 'x')}[${g.of('mask', 'mask')}]` },
  normalize: {
    params: ['x', 'p', 'dim', 'eps'],
    write: (g) => {
      const norm = call('norm', g.of('x', 'x'), g.has('p') ? g.of('p', '') : '', axisOf(g, '1'), 'keep = true');
      return `${g.operand('x', 'x')} / clip(${norm}, min = ${g.of('eps', '1e-12')})`;
    },
  },
  permute: { params: ['x', 'dims'], write: (g) => call('transpose', g.of('x', 'x'), `[${g.items('dims').join(', ') || 'ORDER'}]`) },
  repeat: shaped('tile'),
  scatter: {
    params: ['x', 'dim', 'index', 'src'],
    write: (g) => call('scatter_elements', g.of('x', 'x'), g.of('index', 'ids'), g.of('src', 'y'), axisOf(g, undefined)),
  },
  view: shaped('reshape'),
};

function call(name: string, ...args: readonly string[]): string {
  return `${name}(${args.filter((arg) => arg !== '').join(', ')})`;
}

/** The axis of a call; without one, PyTorch's default, if it has one, or none. */
function axisOf(g: Given, fallback: string | undefined): string {
  if (g.has('dim') || !g.called) return `axis = ${g.of('dim', 'DIM')}`;
  return fallback === undefined ? '' : `axis = ${fallback}`;
}

/** A PyTorch call in its spelling here. `tensor` is what a method is called on; without `expr`, only the name is given. */
export function writtenCall(
  name: string,
  expr: CallExpr | undefined,
  tensor: string | undefined,
  textOf: (e: Expr) => string,
): string | undefined {
  const foreign = Object.hasOwn(calls, name) ? calls[name] : undefined;
  if (foreign === undefined) return undefined;
  const { params } = foreign;
  const named = new Map(
    (expr?.args ?? []).flatMap(({ name: n, value }) => (n === undefined ? [] : [[n.text === 'input' ? 'x' : n.text, value]])),
  );
  const inOrder = (expr?.args ?? []).flatMap(({ name: n, value }) => (n === undefined ? [value] : []));
  const offset = tensor === undefined ? 0 : 1;
  const exprOf = (param: string) =>
    named.get(param) ?? (params.indexOf(param) < offset ? undefined : inOrder[params.indexOf(param) - offset]);
  const of = (param: string, or: string): string => {
    if (tensor !== undefined && param === params[0]) return tensor;
    const value = exprOf(param);
    return value === undefined ? or : textOf(value);
  };
  return foreign.write({
    called: expr !== undefined,
    has: (param) => exprOf(param) !== undefined,
    of,
    operand: (param, or) => {
      const text = of(param, or);
      return /^(?:[\w.]+|\w+\([^()]*\))$/.test(text) ? text : `(${text})`;
    },
    items: (param) => {
      const first = exprOf(param);
      if (first === undefined) return [];
      if (first.kind === 'list' || first.kind === 'tuple') return first.items.map(({ value }) => textOf(value));
      return param === params.at(-1) ? inOrder.slice(params.indexOf(param) - offset).map(textOf) : [textOf(first)];
    },
  });
}
