import { error } from './entry.js';

type Problem =
  | { readonly kind: 'form'; readonly text: string; readonly forms: readonly string[]; readonly near: readonly string[] }
  | { readonly kind: 'block'; readonly size: string; readonly sizes: readonly number[] }
  | { readonly kind: 'no-blocks'; readonly form: string }
  | { readonly kind: 'no-pattern'; readonly form: string }
  | { readonly kind: 'nothing-left' };

/** What `--quantize` asks for. */
export const quantizeCatalog = {
  'bad-quantize': error((p: { problem: Problem }) => wordsOf(p.problem)),
  'unmatched-quantize': error((p: { pattern: string; model: string; near: readonly string[]; known: readonly string[] }) => ({
    message: `\`${p.pattern}\` matches no weight of \`${p.model}\``,
    label: 'matches nothing',
    help:
      p.near.length > 0
        ? `did you mean ${quoted(p.near, ' or ')}?`
        : `there are ${quoted(p.known.slice(0, 8))}${p.known.length > 8 ? ' and others' : ''}`,
  })),
  'quantize-target': error((p: { form: string; target: string }) => ({
    message: `no operator for the target ${p.target} reads weights that are stored as ${p.form}`,
    label: `not for ${p.target}`,
    help: 'only the CPU computes in 8-bit integers: `--target cpu`; int8 stores weights so, and computes in floats',
  })),
  'quantize-trained': error((p: { form: string }) => ({
    message: `a model that is trained keeps its weights as they are, not as ${p.form}`,
    label: 'not with `--train`',
    help: 'train first; then build the model without `--train`, with `--weights` and this option',
  })),
};

function quoted(names: readonly string[], between = ', '): string {
  return names.map((name) => `\`${name}\``).join(between);
}

function wordsOf(problem: Problem): { readonly message: string; readonly label: string; readonly help: string } {
  switch (problem.kind) {
    case 'form':
      return {
        message:
          problem.text === '' ? 'a form of weights is missing here' : `\`${problem.text}\` is not a form in which weights are stored`,
        label: 'not a form',
        help:
          problem.near.length > 0
            ? `did you mean ${quoted(problem.near, ' or ')}?`
            : `write one of ${quoted(problem.forms)}, then perhaps the weights: \`int4 on layers[*].*, f16 on rest\``,
      };
    case 'block':
      return {
        message: `a block does not have \`${problem.size}\` numbers`,
        label: 'not the size of a block',
        help: `write one of ${problem.sizes.join(', ')}, as in \`int4/32\``,
      };
    case 'no-blocks':
      return {
        message: `weights that are stored as ${problem.form} have no blocks`,
        label: 'without blocks',
        help: `write \`${problem.form}\``,
      };
    case 'no-pattern':
      return {
        message: 'the weights are missing behind `on`',
        label: 'on which weights?',
        help: `write a pattern of their names, \`${problem.form} on layers[*].*\`, or \`${problem.form} on rest\``,
      };
    case 'nothing-left':
      return {
        message: 'an earlier part takes all weights that are left',
        label: 'no weight is left for this',
        help: 'write `rest`, or a form without `on`, last',
      };
  }
}
