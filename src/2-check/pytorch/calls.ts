import { dtypeHere } from './dtypes.js';
import type { Given } from './given.js';

interface ForeignCall {
  /** In PyTorch's order; the first one of a method is its tensor. */
  readonly params: readonly string[];
  /** Whether only the method is called so: a function of this name has the same arguments here. */
  readonly isMethod?: boolean;
  readonly write: (given: Given) => string;
}

const operator = (symbol: string): ForeignCall => ({
  params: ['x', 'other'],
  write: (g) => `${g.operand('x', 'x')} ${symbol} ${g.operand('other', 'y')}`,
});

const extremum = (name: string): ForeignCall => ({
  params: ['x', 'dim', 'keepdim'],
  write: (g) => call(name, g.of('x', 'x'), axisOf(g, undefined), given(g, 'keepdim', 'keep')),
});

const binaryLoss = (name: string): ForeignCall => ({
  params: ['x', 'target', 'weight', 'size_average', 'reduce', 'reduction', 'pos_weight'],
  write: (g) => {
    const weight = g.has('weight') ? g.of('weight', '') : '';
    return call(name, g.of('x', 'x'), g.of('target', 'target'), weight, given(g, 'pos_weight'), given(g, 'reduction'));
  },
});

const outer: ForeignCall = {
  params: ['x', 'vec2'],
  write: (g) => `${call('unsqueeze', g.of('x', 'x'), '1')} * ${g.operand('vec2', 'y')}`,
};

/** All elements of an axis in order, or their indices. */
const sorted = (output: string): ForeignCall => ({
  params: ['x', 'dim', 'descending'],
  write: (g) => {
    const largest = `largest = ${g.has('descending') ? g.of('descending', '') : 'false'}`;
    return `${call('topk', g.of('x', 'x'), g.open('SIZE'), given(g, 'dim', 'axis'), largest)}.${output}`;
  },
});

const added: ForeignCall = {
  params: ['x', 'mat1', 'mat2'],
  write: (g) => `${g.operand('x', 'x')} + ${g.operand('mat1', 'a')} @ ${g.operand('mat2', 'b')}`,
};

/** `hstack` and `vstack` of matrices; PyTorch treats vectors differently. */
const stacked = (axis: number): ForeignCall => ({
  params: ['tensors'],
  write: (g) => call('concat', g.has('tensors') ? g.items('tensors').join(', ') : 'x, y', g.open(`axis = ${axis}`)),
});

/** A function that is a formula here: `X` is its tensor as an argument, `x` as an operand. */
const formula = (text: string): ForeignCall => ({
  params: ['x'],
  write: (g) => text.replace(/\bx\b/gi, (found) => (found === 'X' ? g.of('x', 'x') : g.operand('x', 'x'))),
});

const moved: ForeignCall = {
  params: ['x', 'source', 'destination'],
  write: (g) => call('transpose', g.of('x', 'x'), `[${movedOrder(g) ?? g.open('ORDER')}]`),
};

const cast: ForeignCall = {
  params: ['x', 'dtype'],
  write: (g) => {
    const dtype = dtypeHere(g.of('dtype', 'DTYPE'));
    return dtype === undefined ? g.of('x', 'x') : call('cast', g.of('x', 'x'), dtype);
  },
};

/** Functions of PyTorch that have another name here, and methods of its tensors, with their arguments in PyTorch's order. */
export const calls: Readonly<Record<string, ForeignCall>> = {
  addmm: added,
  amax: extremum('max'),
  amin: extremum('min'),
  arange: {
    params: ['start', 'end', 'step', 'dtype'],
    write: (g) => {
      const dtype = g.has('dtype') ? `dtype = ${dtypeHere(g.of('dtype', '')) ?? g.open('DTYPE')}` : '';
      if (!g.called) return call('range', g.open('END'), `start = ${g.open('START')}`);
      if (!g.has('end')) return call('range', g.of('start', 'END'), dtype);
      return call('range', g.of('end', 'END'), g.has('start') ? given(g, 'start') : 'start = 0', given(g, 'step'), dtype);
    },
  },
  argsort: sorted('indices'),
  binary_cross_entropy: binaryLoss('bce_loss'),
  binary_cross_entropy_with_logits: binaryLoss('bce_with_logits'),
  baddbmm: added,
  bmm: operator('@'),
  cat: {
    params: ['tensors', 'dim'],
    write: (g) => {
      if (!g.has('tensors') || g.isList('tensors'))
        return call('concat', g.has('tensors') ? g.items('tensors').join(', ') : g.open('x, y'), axisOf(g, '0'));
      return call('concat', g.open('x, y'), `axis = ${g.open('DIM')}`);
    },
  },
  chunk: {
    params: ['x', 'chunks', 'dim'],
    write: (g) => call('split', g.of('x', 'x'), `parts = ${g.of('chunks', 'COUNT')}`, axisOf(g, '0')),
  },
  clamp: {
    params: ['x', 'min', 'max'],
    write: (g) => {
      if (!g.has('min') && g.has('max')) return call('clip', g.of('x', 'x'), given(g, 'max'));
      return call('clip', g.of('x', 'x'), g.of('min', 'LOW'), g.has('min') && !g.has('max') ? '' : g.of('max', 'HIGH'));
    },
  },
  clamp_max: { params: ['x', 'max'], write: (g) => call('clip', g.of('x', 'x'), `max = ${g.of('max', 'HIGH')}`) },
  clamp_min: { params: ['x', 'min'], write: (g) => call('clip', g.of('x', 'x'), g.of('min', 'LOW')) },
  dot: operator('@'),
  eq: operator('=='),
  equal: { params: ['x', 'other'], write: (g) => `all(${g.operand('x', 'x')} == ${g.operand('other', 'y')})` },
  erfc: formula('1 - erf(X)'),
  exp2: formula('2 ** x'),
  floor_divide: operator('//'),
  // `%` has the sign of the divisor, fmod that of the dividend.
  fmod: {
    params: ['x', 'other'],
    write: (g) => {
      const x = g.of('x', 'x');
      return `sign(${x}) * (abs(${x}) % abs(${g.of('other', 'y')}))`;
    },
  },
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
  frac: formula('x - sign(X) * floor(abs(X))'),
  ge: operator('>='),
  ger: outer,
  gt: operator('>'),
  hardtanh: {
    params: ['x', 'min_val', 'max_val'],
    write: (g) => call('clip', g.of('x', 'x'), g.has('min_val') ? g.of('min_val', '') : '-1', g.has('max_val') ? g.of('max_val', '') : '1'),
  },
  hstack: stacked(1),
  index_select: { params: ['x', 'dim', 'index'], write: (g) => call('gather', g.of('x', 'x'), g.of('index', 'ids'), axisOf(g, undefined)) },
  isfinite: formula('!(isnan(X) | isinf(X))'),
  le: operator('<='),
  lerp: {
    params: ['x', 'end', 'weight'],
    write: (g) => `${g.operand('x', 'x')} + ${g.operand('weight', 'WEIGHT')} * (${g.operand('end', 'y')} - ${g.operand('x', 'x')})`,
  },
  linear: {
    params: ['x', 'weight', 'bias'],
    write: (g) => {
      const product = `${g.operand('x', 'x')} @ ${g.operand('weight', 'w')}.T`;
      return g.has('bias') ? `${product} + ${g.operand('bias', '')}` : product;
    },
  },
  linspace: {
    params: ['start', 'end', 'steps'],
    write: (g) => {
      const [start, end, steps] = [g.operand('start', 'START'), g.operand('end', 'END'), g.of('steps', 'STEPS')];
      return `${start} + range(${steps}, dtype = float_type) * ((${end} - ${start}) / (${steps} - 1.0))`;
    },
  },
  log10: formula('log(X) / log(10)'),
  log2: formula('log(X) / log(2)'),
  lt: operator('<'),
  masked_fill: {
    params: ['x', 'mask', 'value'],
    write: (g) => call('where', g.of('mask', 'mask'), g.of('value', 'VALUE'), g.of('x', 'x')),
  },
  masked_select: { params: ['x', 'mask'], write: (g) => `${g.operand('x', 'x')}[${g.of('mask', 'mask')}]` },
  mm: operator('@'),
  moveaxis: moved,
  movedim: moved,
  mv: operator('@'),
  narrow: {
    params: ['x', 'dim', 'start', 'length'],
    write: (g) => {
      const [start, length] = [g.operand('start', 'START'), g.operand('length', 'LENGTH')];
      return indexed(g, `${start}..${isInteger(start) && isInteger(length) ? Number(start) + Number(length) : `${start} + ${length}`}`);
    },
  },
  ne: operator('!='),
  normalize: {
    params: ['x', 'p', 'dim', 'eps'],
    write: (g) => {
      const norm = call('norm', g.of('x', 'x'), g.has('p') ? g.of('p', '') : '', axisOf(g, '1'), 'keep = true');
      return `${g.operand('x', 'x')} / clip(${norm}, min = ${g.has('eps') ? g.of('eps', '') : '1e-12'})`;
    },
  },
  outer,
  permute: { params: ['x', 'dims'], write: (g) => call('transpose', g.of('x', 'x'), listOf(g, 'dims', 'ORDER')) },
  remainder: operator('%'),
  repeat: {
    params: ['x', 'sizes'],
    write: (g) => {
      const added = g.items('sizes').length - (g.rank ?? g.items('sizes').length);
      const x = added > 0 ? call('unsqueeze', g.of('x', 'x'), newFirstAxes(added)) : g.of('x', 'x');
      return call('tile', x, listOf(g, 'sizes', 'SIZES'));
    },
  },
  scatter: {
    params: ['x', 'dim', 'index', 'src'],
    write: (g) => call('scatter_elements', g.of('x', 'x'), g.of('index', 'ids'), g.of('src', 'y'), axisOf(g, undefined)),
  },
  select: { params: ['x', 'dim', 'index'], write: (g) => indexed(g, g.of('index', 'INDEX')) },
  sigmoid_focal_loss: {
    params: ['inputs', 'targets', 'alpha', 'gamma', 'reduction'],
    write: (g) => {
      // torchvision keeps each loss unless it is told otherwise.
      const reduction = g.has('reduction') ? given(g, 'reduction') : 'reduction = "none"';
      return call('focal_loss', g.of('inputs', 'x'), g.of('targets', 'target'), given(g, 'alpha'), given(g, 'gamma'), reduction);
    },
  },
  softmin: { params: ['x', 'dim'], write: (g) => call('softmax', `-${g.operand('x', 'x')}`, axisOf(g, undefined)) },
  sort: sorted('values'),
  tanhshrink: formula('x - tanh(X)'),
  threshold: {
    params: ['x', 'threshold', 'value'],
    write: (g) => call('where', `${g.operand('x', 'x')} > ${g.operand('threshold', 'LOW')}`, g.of('x', 'x'), g.of('value', 'VALUE')),
  },
  to: cast,
  true_divide: operator('/'),
  triplet_margin_loss: {
    params: ['anchor', 'positive', 'negative', 'margin', 'p', 'eps', 'swap', 'size_average', 'reduce', 'reduction'],
    write: (g) => {
      const tensors = ['anchor', 'positive', 'negative'].map((name) => g.of(name, name));
      return call('triplet_loss', ...tensors, ...['margin', 'p', 'eps', 'swap', 'reduction'].map((name) => given(g, name)));
    },
  },
  trunc: formula('sign(X) * floor(abs(X))'),
  type: cast,
  view: { params: ['x', 'sizes'], write: (g) => call('reshape', g.of('x', 'x'), listOf(g, 'sizes', 'SIZES')) },
  vstack: stacked(0),
  where: {
    params: ['x', 'condition', 'other'],
    isMethod: true,
    write: (g) => call('where', g.of('condition', 'CONDITION'), g.of('x', 'x'), g.of('other', 'y')),
  },
};

function call(name: string, ...args: readonly string[]): string {
  return `${name}(${args.filter((arg) => arg !== '').join(', ')})`;
}

/** An argument by name, if it is given; `here` is its name in archc. */
function given(g: Given, name: string, here = name): string {
  return g.has(name) ? `${here} = ${g.of(name, '')}` : '';
}

/** The axis of a call; without one, PyTorch's default, if it has one, or none. */
function axisOf(g: Given, fallback: string | undefined): string {
  if (g.has('dim') || !g.called) return `axis = ${g.of('dim', 'DIM')}`;
  return fallback === undefined ? '' : `axis = ${fallback}`;
}

function listOf(g: Given, name: string, word: string): string {
  return `[${g.has(name) ? g.items(name).join(', ') : g.open(word)}]`;
}

/** Axes to insert before all others. */
function newFirstAxes(count: number): string {
  return count === 1 ? '0' : `[${[...Array(count).keys()].join(', ')}]`;
}

/** An index of one axis: `x[:, item]`. */
function indexed(g: Given, item: string): string {
  const axis = g.of('dim', 'DIM');
  const x = g.operand('x', 'x');
  if (isInteger(axis) && Number(axis) >= 0) return `${x}[${':, '.repeat(Number(axis))}${item}]`;
  return axis === '-1' ? `${x}[.., ${item}]` : `${x}[:, ${g.open(item)}]`;
}

/** The order of all axes after one of them has moved, if it is known. */
function movedOrder(g: Given): string | undefined {
  const [from, to] = [g.of('source', 'FROM'), g.of('destination', 'TO')];
  if (g.rank === undefined || !isInteger(from) || !isInteger(to)) return undefined;
  const order = [...Array(g.rank).keys()];
  const [axis] = order.splice(Number(from), 1);
  if (axis === undefined) return undefined;
  order.splice(Number(to) < 0 ? Number(to) + g.rank : Number(to), 0, axis);
  return order.join(', ');
}

function isInteger(text: string): boolean {
  return /^-?\d{1,3}$/.test(text);
}
