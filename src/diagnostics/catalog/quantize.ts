import { error, warning } from './entry.js';

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
  'nothing-quantized': warning((p: { form: string; model: string }) => ({
    message: `no weight of \`${p.model}\` is stored as ${p.form}`,
    label: 'changes nothing',
    help: '`--explain quantize` says why each weight stays as it is',
  })),
  'quantize-target': error((p: { form: string; target: string }) => ({
    message: `the target ${p.target} has no operator that reads weights stored as ${p.form}`,
    label: `not for ${p.target}`,
    help: 'only the target cpu computes in 8-bit integers; int8 stores weights in 8 bits and computes in floats',
  })),
  'quantize-trained': error((p: { form: string }) => ({
    message: `the weights of a model that is trained cannot be stored as ${p.form}`,
    label: 'not with `--train`',
    help: 'train first, then build without `--train`, with `--weights` and this option',
  })),
};

function quoted(names: readonly string[], between = ', '): string {
  return names.map((name) => `\`${name}\``).join(between);
}

function wordsOf(problem: Problem): { readonly message: string; readonly label: string; readonly help: string } {
  switch (problem.kind) {
    case 'form':
      return {
        message: problem.text === '' ? 'a form is missing here' : `weights cannot be stored as \`${problem.text}\``,
        label: 'not a form',
        help:
          problem.near.length > 0
            ? `did you mean ${quoted(problem.near, ' or ')}?`
            : `write one of ${quoted(problem.forms)}, optionally with the weights: \`int4 on layers[*].*, f16 on rest\``,
      };
    case 'block':
      return {
        message: `a block cannot have \`${problem.size}\` numbers`,
        label: 'not a block size',
        help: `write one of ${problem.sizes.join(', ')}, as in \`int4/32\``,
      };
    case 'no-blocks':
      return {
        message: `weights stored as ${problem.form} have no blocks`,
        label: 'without blocks',
        help: `write \`${problem.form}\``,
      };
    case 'no-pattern':
      return {
        message: 'the weights are missing after `on`',
        label: 'on which weights?',
        help: `write a pattern of their names, \`${problem.form} on layers[*].*\`, or \`${problem.form} on rest\``,
      };
    case 'nothing-left':
      return {
        message: 'an earlier part already takes all remaining weights',
        label: 'no weights are left for this',
        help: 'put `rest`, or a form without `on`, last',
      };
  }
}
