import { error, example } from './entry.js';

/** `cond` and `scan`: what is chosen and repeated at run time. */
export const controlFlowCatalog = {
  'cond-condition': error((p: { what: string; kind: 'known' | 'number' | 'several' | 'other' }) => ({
    message: `the condition of a \`cond\` is a \`Tensor<bool>[]\`, but this is ${p.what}`,
    label: p.kind === 'known' ? 'known when the model is built' : 'not a condition',
    help: {
      known: 'write `if`: only the side that is taken is built',
      number: 'compare it with something: `x > 0`',
      several: 'reduce it to one value, `any(c)` or `all(c)`; to choose element by element, write `where(c, a, b)`',
      other: 'compare tensors to get a condition: `sum(x) > 0`',
    }[p.kind],
  })),
  'cond-sides': error((p: { yes: string; no: string; witness: string | undefined }) => ({
    message: `the sides of this \`cond\` give ${p.yes} and ${p.no}${p.yes === p.no || p.witness !== undefined ? example(p.witness) : ''}`,
    label: p.no,
    help: 'both sides must have the same element type and the same sizes in every run',
  })),
  'misplaced-statement': error((p: { word: 'return' | 'next' | 'emit' | 'state'; inside: 'scan' | 'cond' | undefined }) => ({
    message: p.inside === undefined ? `\`${p.word}\` can only be used in a \`scan\`` : `\`${p.word}\` cannot be used in a \`${p.inside}\``,
    label: p.inside === undefined ? 'not in a `scan`' : 'decided at run time',
    help: misplacedHelp(p.word, p.inside),
  })),
  'empty-scan': error(() => ({
    message: 'this `scan` has no result: it has neither a carry nor an `emit`',
    label: 'no result',
    help: 'write `emit y = ...` for the result of each step, or `carry h: Tensor[...] = zeros` for what is passed from step to step',
  })),
  'scan-axes': error((p: { axes: number; operands: number }) => ({
    message: `${p.axes} axes are given for ${p.operands} tensors`,
    label: p.operands === 1 ? 'one axis' : `${p.operands} axes, or one for all`,
    help: 'write one axis for all tensors, `axis 1`, or one for each, `axis (1, 0)`',
  })),
  'scan-lengths': error((p: { wanted: string; got: string; witness: string | undefined }) => ({
    message: `this \`scan\` steps through ${p.wanted} positions of one tensor and ${p.got} of another${example(p.witness)}`,
    label: p.got,
    help: 'all tensors of a `scan` must have the same size along their axis',
  })),
  'carry-type': error((p: { name: string; what: 'init' | 'next'; wanted: string; got: string; witness: string | undefined }) => ({
    message:
      p.what === 'init'
        ? `the carry \`${p.name}\` is ${p.wanted}, but starts as ${p.got}${example(p.witness)}`
        : `the carry \`${p.name}\` is ${p.wanted}, but the next one is ${p.got}${example(p.witness)}`,
    label: p.got,
    help:
      p.what === 'init'
        ? 'axes may be missing on the left or be a literal 1; all others must be equal'
        : 'a carry must have the same type at every step',
  })),
  'next-carry': error((p: { name: string; known: readonly string[] }) => ({
    message: `\`${p.name}\` is not a carry of this \`scan\``,
    label: 'not declared as a carry',
    help:
      p.known.length === 0
        ? `declare it: \`carry ${p.name}: Tensor[...] = zeros\``
        : `its carries are ${p.known.map((name) => `\`${name}\``).join(', ')}`,
  })),
  'next-twice': error((p: { name: string }) => ({
    message: `the next \`${p.name}\` is given twice`,
    label: 'given again',
    help: 'a step can set a carry only once',
  })),
  'emit-carry': error((p: { name: string }) => ({
    message: `\`${p.name}\` is a carry, and is also emitted`,
    label: 'after the scan, the name would mean two tensors',
    help: 'emit it under another name',
  })),
  'emit-rank': error((p: { name: string; type: string; axis: number }) => ({
    message: `\`${p.name}\` is ${p.type} at each step, and cannot be stacked along axis ${p.axis}`,
    label: 'too few axes before the new one',
    help: 'the new axis takes the position of the axis that is stepped through in the first tensor',
  })),
  'emit-size': error((p: { name: string; type: string; size: string }) => ({
    message: `\`${p.name}\` is ${p.type} at each step, and \`${p.size}\` differs from step to step`,
    label: 'cannot be stacked',
    help: 'only tensors of one size can be stacked: emit a sum or another result of fixed sizes, or carry one',
  })),
  'inner-tap': error((p: { pattern: string; name: string; within: 'scan' | 'cond' }) => ({
    message: `\`${p.pattern}\` cannot be an output: \`${p.name}\` is inside a \`${p.within}\``,
    label: p.within === 'scan' ? 'there is one for each step' : 'only one side is computed',
    help: p.within === 'scan' ? 'write `emit` in the `scan`, and tap what is emitted' : 'make it part of the value of the `cond`',
  })),
  'outer-variable': error((p: { name: string }) => ({
    message: `\`${p.name}\` is assigned at each step, but not passed to the next one`,
    label: 'lost at the end of the step',
    help: `declare \`carry ${p.name}: Tensor[...] = ...\` and write \`next ${p.name} = ...\`, or use another name`,
  })),
};

function misplacedHelp(word: string, inside: string | undefined): string {
  if (word === 'emit' && inside === undefined) return 'after a scan, `y` holds what `emit y = ...` gave at each step';
  if (word === 'return')
    return inside === 'cond' ? 'end the block with the value' : '`emit` what each step gives, and return after the scan';
  if (word === 'state') return inside === 'scan' ? 'write `carry h: Tensor[...] = zeros`' : 'declare it outside';
  return 'give the value of the `cond` a name, and use that after it';
}
