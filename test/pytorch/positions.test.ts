import { describe, expect, it } from 'vitest';
import { constructors } from '../../src/2-check/pytorch/constructors.js';
import { type Counterpart, counterpart } from '../../src/2-check/pytorch/foreign.js';
import { functions } from '../../src/2-check/pytorch/functions.js';
import { Dim } from '../../src/dims/dim.js';
import type { Attr } from '../../src/ops/attrs.js';
import type { InputSpec, Op } from '../../src/ops/define.js';
import { ops } from '../../src/ops/index.js';
import { opNamed } from '../../src/ops/registry.js';
import { standardFile, standardModules } from '../../src/stdlib.js';
import { type ForeignParameter, type ForeignSignature, signatures } from './signatures.js';

/** What archc calls by another name than PyTorch, wherever it is called so. */
const synonyms: Readonly<Record<string, string>> = {
  dim: 'axis',
  dims: 'axis',
  keepdim: 'keep',
  shifts: 'shift',
  num_groups: 'groups',
  kernel_size: 'kernel',
  output_size: 'output',
  negative_slope: 'slope',
  start_dim: 'start',
  end_dim: 'end',
  scale_factor: 'scale',
  num_classes: 'depth',
  diagonal: 'k',
  fill_value: 'value',
  size: 'shape',
  pad: 'pads',
  n: 'rows',
  m: 'columns',
  upscale_factor: 'factor',
  downscale_factor: 'factor',
};

/** Options without a default that are given by position although PyTorch's function of this name takes something else there. */
const exceptions: Readonly<Record<string, string>> = {
  'transpose perm': 'a list, which torch.transpose does not take; torch.permute does, and means the same',
  'tile repeats': 'torch.tile calls them `dims`, which is the word for axes elsewhere',
  'gather axis': 'by name',
  'range end': 'one number is the end, as in Python; torch.range wants two',
};

const shared = ops.filter((op) => signatures.functions[op.name] !== undefined);
const overloadsOf = (op: Op): readonly ForeignSignature[] => signatures.functions[op.name] ?? [];
const hereName = (name: string): string => (name === 'axes' ? 'axis' : name);
const sameName = (here: string, there: ForeignParameter | undefined): boolean =>
  there !== undefined && (there.name === here || (synonyms[there.name] ?? there.name) === here);

describe('options of operators by position', () => {
  it.each(shared.map((op) => [op.name, op] as const))('%s takes them where PyTorch does', (_, op) => {
    for (const [place, name] of op.lists().positionalAttrs.entries()) {
      if (isVariadic(op) || Object.hasOwn(exceptions, `${op.name} ${name}`)) continue;
      const fits = overloadsOf(op).some(({ parameters }) =>
        sameName(hereName(name), parameters.filter((p) => p.tensor !== true && p.keyword !== true)[place]),
      );
      expect(fits, `${op.name}: position ${place} of PyTorch is not \`${name}\``).toBe(true);
    }
  });

  it.each(ops.filter((op) => !shared.includes(op)).map((op) => [op.name, op] as const))(
    '%s, which PyTorch has not, needs names',
    (_, op) => {
      const flagged = Object.entries<Attr<unknown>>(op.attrs).filter(([, attr]) => attr.byPosition === true);
      expect(flagged.map(([name]) => name)).toEqual([]);
    },
  );

  it('does not flag what must be given anyway', () => {
    const needless = ops.flatMap((op) =>
      Object.entries<Attr<unknown>>(op.attrs).flatMap(([name, attr]) =>
        attr.byPosition === true && attr.fallback === undefined ? [`${op.name} ${name}`] : [],
      ),
    );
    expect(needless).toEqual([]);
  });

  it('has no exception that is not needed', () => {
    for (const key of Object.keys(exceptions)) {
      const [name = '', option = ''] = key.split(' ');
      const op = opNamed(name);
      expect(op?.attrs[option], key).toBeDefined();
    }
  });
});

describe('tensors by position', () => {
  /** Where the tensors of PyTorch come in another order, and how the dtypes or a table of spellings keep the two apart. */
  const otherOrder: Readonly<Record<string, string>> = {
    lstm: 'torch.lstm is what nn.LSTM calls, with lists of tensors',
    gru: 'as lstm',
    instance_norm: 'a running mean and variance come first there; here, scale and shift are passed by name',
  };
  it.each(shared.map((op) => [op.name, op] as const))('%s takes as many, in this order', (_, op) => {
    if (Object.hasOwn(otherOrder, op.name) || isVariadic(op)) return;
    const own = Object.entries<InputSpec>(op.inputs).filter(
      ([, spec]) => typeof spec === 'string' || spec.mode !== 'optional' || !spec.byName,
    );
    const counts = overloadsOf(op).map(({ parameters }) => parameters.filter((p) => p.tensor === true || isUntyped(op, p)).length);
    expect(counts.some((count) => count >= own.length || op.promotesScalars === true)).toBe(true);
  });
});

describe('optional tensors by position', () => {
  /** Operators that PyTorch has under another name, or as a layer only: what it takes there in this order. */
  const elsewhere: Readonly<Record<string, readonly string[]>> = {
    attention: ['mask'],
    // torch.nn.functional.binary_cross_entropy and binary_cross_entropy_with_logits
    bce_loss: ['weight'],
    bce_with_logits: ['weight'],
  };
  const recurrent = ['rnn', 'lstm', 'gru'];
  const optionalOf = (op: Op) =>
    Object.entries<InputSpec>(op.inputs).flatMap(([name, spec]) =>
      typeof spec !== 'string' && spec.mode === 'optional' && !spec.byName ? [name] : [],
    );
  const withOptional = ops.filter((op) => optionalOf(op).length > 0 && !recurrent.includes(op.name));

  it.each(withOptional.map((op) => [op.name, op] as const))('%s takes each where PyTorch does', (_, op) => {
    if (!shared.includes(op)) return expect(optionalOf(op)).toEqual(elsewhere[op.name]);
    const needed = Object.values<InputSpec>(op.inputs).filter((spec) => typeof spec === 'string').length;
    const behind = overloadsOf(op).map(({ parameters }) =>
      parameters
        .filter((p) => p.tensor === true || isUntyped(op, p))
        .map((p) => p.name)
        .slice(needed),
    );
    expect(
      behind.some((names) => optionalOf(op).every((name, i) => names[i] === name)),
      JSON.stringify(behind),
    ).toBe(true);
  });
});

describe('defaults', () => {
  /** Where the default differs: PyTorch's spelling is an error, or both mean the same. */
  const other: Readonly<Record<string, string>> = {
    'flatten start': 'nn.Flatten keeps the batch axis, torch.flatten does not; `flatten(x)` with its tensor in the list is refused',
    'argmax axis': 'none means all elements in both',
    'eye columns': 'as many as rows in both',
    'interpolate align_corners': 'None is False there',
    'rms_norm eps': 'the machine epsilon of the dtype in both',
    'norm p': '"fro" is 2 there',
    'pad value': 'None is 0 there',
    'flatten end': '-1 is the last axis',
    'dropout p': 'the same in torch.nn.functional; torch.dropout has none',
  };
  it.each(shared.map((op) => [op.name, op] as const))('%s has those of PyTorch', (_, op) => {
    for (const [name, attr] of Object.entries<Attr<unknown>>(op.attrs)) {
      if (attr.fallback === undefined || Object.hasOwn(other, `${op.name} ${name}`) || attr.kind === 'dtype') continue;
      const theirs = overloadsOf(op).flatMap(({ parameters }) => parameters.filter((p) => sameName(hereName(name), p) && 'default' in p));
      if (theirs.length === 0) continue;
      const ours = plain(attr.fallback.value);
      expect(
        theirs.some((p) => sameDefault(ours, plain(p.default))),
        `${op.name} ${name}: ${ours} here, ${theirs.map((p) => JSON.stringify(p.default))} in PyTorch`,
      ).toBe(true);
    }
  });
});

describe('the tables of PyTorch spellings', () => {
  const declared = new Map(
    standardModules().flatMap((path) =>
      (standardFile(path)?.items ?? []).flatMap((item) => (item.kind === 'layer' ? [[item.name.text, item] as const] : [])),
    ),
  );

  it.each(Object.entries(signatures.layers))('%s lists the arguments of PyTorch in their order', (name, { from, parameters }) => {
    const table = constructors[name];
    if (table === undefined) throw new Error(`${name} is missing`);
    expect(table.from).toBe(from);
    const entries = table.params.map(counterpart);
    expect(entries.map((e) => e.name)).toEqual(parameters.slice(0, entries.length).map((p) => p.name));
    const params = (declared.get(name)?.hyper ?? []).map((p) => p.name.text);
    expect(entries.filter((e) => e.role === 'given' && !params.includes(e.here))).toEqual([]);
  });

  it('has no layer that the others have not', () => {
    expect(Object.keys(constructors).filter((name) => signatures.layers[name] === undefined)).toEqual([]);
  });

  it.each(Object.entries(functions).filter(([name]) => signatures.functions[name] !== undefined))(
    '%s lists the arguments of a function',
    (name, table) => {
      const op = opNamed(table.here ?? name);
      if (op === undefined) throw new Error(`there is no operator ${name}`);
      const entries = table.params.map(counterpart);
      const own = [...Object.keys(op.inputs), ...Object.keys(op.attrs).map(hereName)];
      expect(entries.filter((e) => e.role === 'given' && !own.includes(e.here))).toEqual([]);
      const inOrder = (overload: ForeignSignature) => isPrefix(entries, overload.parameters);
      expect((signatures.functions[name] ?? []).some(inOrder), `no overload of ${name} has this order`).toBe(true);
    },
  );
});

/** Whether the entries are PyTorch's parameters in their order; keywords may follow in any. */
function isPrefix(entries: readonly Counterpart[], parameters: readonly ForeignParameter[]): boolean {
  const ordered = parameters.filter((p) => p.keyword !== true).map((p) => p.name);
  const keywords = new Set(['correction', ...parameters.filter((p) => p.keyword === true).map((p) => p.name)]);
  const own = entries.filter((e) => !keywords.has(e.name));
  return own.every((e, i) => e.name === ordered[i]);
}

function isVariadic(op: Op): boolean {
  return Object.values<InputSpec>(op.inputs).some((spec) => typeof spec !== 'string' && spec.mode === 'variadic');
}

/** Functions written in Python that do not say which of their arguments are tensors. */
function isUntyped(op: Op, parameter: ForeignParameter): boolean {
  return Object.hasOwn(op.inputs, parameter.name) || parameter.name === 'input' || parameter.name === 'target';
}

/** A default as a plain value: sizes are numbers, a list of equal numbers is one. */
function plain(value: unknown): unknown {
  if (value instanceof Dim) return value.constant;
  if (!Array.isArray(value)) return value;
  const items = value.map(plain);
  return items.length > 0 && items.every((item) => item === items[0]) ? items[0] : items.length === 0 ? undefined : items;
}

function sameDefault(ours: unknown, theirs: unknown): boolean {
  if (typeof ours === 'number' && typeof theirs === 'number') return Math.abs(ours - theirs) <= 1e-12 * Math.abs(theirs);
  return ours === theirs || (ours === undefined && theirs === null);
}
