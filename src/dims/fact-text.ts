import type { Dim } from './dim.js';
import type { AtLeast, Fact } from './fact.js';
import { simplestForm } from './simplest-form.js';

/** A fact in the syntax of the language, as it was written if that is known: `512 % 10 == 0`, `(L + 1) % 4 == 0`, `T <= 64`. */
export function factText(fact: Fact): string {
  switch (fact.kind) {
    case 'equal':
      return `${fact.left} == ${fact.right}`;
    case 'at-least':
      return atLeastText(fact);
    case 'divides':
      return `${operandText(fact.value)} % ${operandText(fact.divisor)} == 0`;
  }
}

/** A demand that nobody has written, in its shortest form: `L // 4 - 1 >= 0` is `L >= 4`. */
export function demandText(fact: Fact): string {
  return factText(simplestForm(fact));
}

function atLeastText({ left, right, written }: AtLeast): string {
  switch (written) {
    case undefined:
      return `${left} >= ${right}`;
    case '<=':
      return `${right} <= ${left}`;
    case '>':
      return `${left} > ${right.sub(1)}`;
    case '<':
      return `${right.sub(1)} < ${left}`;
  }
}

/** A size as an operand of `%` or `//`: in parentheses unless it is a number or a name. */
export function operandText(size: Dim): string {
  return size.constant !== undefined || size.variableName !== undefined ? String(size) : `(${size})`;
}
