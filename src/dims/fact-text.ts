import type { Dim } from './dim.js';
import type { Fact } from './facts.js';

/** `512 % 10 == 0`: the fact with the sizes it is about. */
export function factText(fact: Fact): string {
  switch (fact.kind) {
    case 'equal':
      return `${fact.left} == ${fact.right}`;
    case 'at-least':
      return `${fact.left} >= ${fact.right}`;
    case 'divides':
      return `${quoted(fact.value)} % ${quoted(fact.divisor)} == 0`;
  }
}

function quoted(size: Dim): string {
  return size.constant !== undefined || size.variableName !== undefined ? String(size) : `(${size})`;
}
