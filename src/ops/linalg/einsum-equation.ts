import { largest } from '../../lists.js';
import type { RuleCode } from '../rule.js';

/** An einsum equation with every axis labeled by one letter: `...` has been replaced by uppercase ones that the equation does not use. */
export interface Einsum {
  readonly operands: readonly string[];
  readonly output: string;
  /** The letters for `...`; they broadcast. */
  readonly ellipsis: string;
}

/** Why an equation cannot be used; the sentence of a diagnostic. */
export interface EinsumFault {
  readonly code: RuleCode;
  readonly message: string;
  readonly help?: string;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Reads `ij, jk -> ik` for operands of these ranks. Without `->`, the output has `...` and then the labels that occur once, sorted. */
export function parseEinsum(equation: string, ranks: readonly number[]): Einsum | EinsumFault {
  const [left = '', right, ...more] = equation.replaceAll(' ', '').split('->');
  if (more.length > 0) return bad(`the equation "${equation}" has more than one \`->\``);
  const terms = left.split(',');
  for (const term of right === undefined ? terms : [...terms, right]) {
    if (!/^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/.test(term)) {
      return bad(`the equation "${equation}" has a part "${term}" that is not made of letters`, 'write it like "ij,jk->ik"');
    }
    const labels = term.replace('...', '');
    const twice = [...labels].find((label, i) => labels.indexOf(label) !== i);
    if (twice !== undefined) {
      return bad(
        `the equation "${equation}" uses \`${twice}\` twice in "${term}"`,
        'diagonals are not supported; give the axes different letters',
      );
    }
  }
  if (terms.length !== ranks.length) return bad(`the equation "${equation}" has ${terms.length} operands, but ${ranks.length} are given`);
  const widths: number[] = [];
  for (const [i, term] of terms.entries()) {
    const rank = ranks[i] ?? 0;
    const width = rank - term.replace('...', '').length;
    if (width < 0 || (width > 0 && !term.includes('...'))) {
      return { code: 'rank-mismatch', message: `operand ${i + 1} of the equation "${equation}" is "${term}", but it has rank ${rank}` };
    }
    widths.push(width);
  }
  const ellipsis = [...letters]
    .filter((letter) => !equation.includes(letter))
    .slice(0, largest(widths))
    .join('');
  const operands = terms.map((term, i) => term.replace('...', ellipsis.slice(ellipsis.length - (widths[i] ?? 0))));
  const output = right === undefined ? implicitOutput(terms, ellipsis) : right.replace('...', ellipsis);
  const unknown = [...output].find((label) => !operands.some((term) => term.includes(label)));
  if (unknown !== undefined) return bad(`the output of the equation "${equation}" has \`${unknown}\`, which no operand has`);
  return { operands, output, ellipsis: output.includes(ellipsis) ? ellipsis : '' };
}

function implicitOutput(terms: readonly string[], ellipsis: string): string {
  const all = terms.join('').replaceAll('...', '');
  const once = [...all].filter((label) => all.indexOf(label) === all.lastIndexOf(label));
  return ellipsis + once.sort().join('');
}

function bad(message: string, help?: string): EinsumFault {
  return { code: 'bad-option', message, ...(help === undefined ? {} : { help }) };
}
