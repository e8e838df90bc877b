import { error, example } from './entry.js';
import { listOf, meant } from './wording.js';

/** What is carried from call to call. */
export const statesCatalog = {
  'state-without-init': error((p: { name: string }) => ({
    message: `the state \`${p.name}\` has no value before the first call`,
    label: 'no initial value',
    help: 'write `= zeros`, another constant value, or `= empty` for a state that grows',
  })),
  'random-state': error((p: { name: string; initializer: string }) => ({
    message: `the state \`${p.name}\` cannot start with random values`,
    label: `\`${p.initializer}\` draws random numbers`,
    help: 'a state starts with a constant: `zeros`, `ones`, `constant(0.5)`, a list, or `empty`',
  })),
  'state-never-empty': error((p: { name: string; shape: readonly string[] }) => ({
    message: `the state \`${p.name}\` cannot start empty: inputs determine all its sizes`,
    label: `[${p.shape.join(', ')}] has elements`,
    help: 'use a size that no input has on its own, such as `P` in `Tensor[N, P, D]`, or start with `zeros`',
  })),
  'state-not-empty': error((p: { name: string; size: string }) => ({
    message: `the state \`${p.name}\` starts empty, but \`${p.size}\` is at least 1 here`,
    label: `${p.size} is 0 before the first call`,
    help: `let \`where\` allow \`${p.size} = 0\``,
  })),
  'state-never-set': error((p: { name: string }) => ({
    message: `the state \`${p.name}\` never changes: it is not given a value for the next call`,
    label: 'no `next`',
    help: `write \`next ${p.name} = ...\`, or make it a \`buffer\``,
  })),
  'states-apart': error((p: { names: readonly [string, string]; size: string; sizes: readonly [string, string] }) => ({
    message: `the states \`${p.names[0]}\` and \`${p.names[1]}\` share the size ${p.size}, but become ${p.sizes[0]} and ${p.sizes[1]}`,
    label: `${p.size} becomes ${p.sizes[1]} here`,
    help: 'let both grow by the same size, or give one of them a size with a name of its own',
  })),
  'state-name': error((p: { name: string; what: string; isApart: boolean }) => ({
    message: p.isApart ? `two entries each have a state called \`${p.name}\`` : `the graph has two ${p.what} called \`${p.name}\``,
    label: 'a state of this name',
    help: p.isApart
      ? 'to share the state, put it into a layer that is bound outside the entries (`cell = Cell()`); otherwise give it another name'
      : 'give each use its own name, such as `named "past.{i}"`',
  })),
  'state-applied-twice': error((p: { name: string }) => ({
    message: `the layer with the state \`${p.name}\` is applied twice in one call`,
    label: 'applied again',
    help: 'one state cannot become two values: bind a second layer, or apply this one once',
  })),
  'state-inside': error((p: { layer: string; inside: 'scan' | 'cond' }) => ({
    message: `\`${p.layer}\` has a state, and cannot be applied inside a \`${p.inside}\``,
    label: 'a layer with a state',
    help:
      p.inside === 'scan'
        ? 'a state has one value for each call; use a `carry` for what is passed from step to step'
        : 'a state is set in each call: apply the layer before the `cond`',
  })),
  'next-of-no-state': error((p: { name: string; isDefined: boolean; known: readonly string[]; near: readonly string[] }) => ({
    message: p.isDefined ? `\`${p.name}\` is not a state` : `there is no state called \`${p.name}\` here`,
    label: 'not a state',
    help:
      meant(p.near) ??
      (p.known.length === 0 ? `declare it first: \`state ${p.name}: Tensor[...] = zeros\`` : `the states here are ${listOf(p.known)}`),
  })),
  'state-set-twice': error((p: { name: string }) => ({
    message: `the state \`${p.name}\` is set twice in one call`,
    label: 'set again',
    help: 'only one value can go to the next call',
  })),
  'next-type': error((p: { name: string; wanted: string; got: string; witness: string | undefined; cast: string | undefined }) => ({
    message: `the state \`${p.name}\` is ${p.wanted}, and cannot become ${p.got}${example(p.witness)}`,
    label: p.got,
    help:
      p.cast === undefined
        ? 'a state keeps its sizes; one that starts `empty` may grow along sizes that only states have'
        : `write \`cast(..., ${p.cast})\``,
  })),
};
