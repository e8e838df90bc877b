import type { Atom } from './atom.js';
import type { Dim } from './dim.js';
import type { Term } from './terms.js';

/** A size as the user would write it: positive terms first, higher degrees first, constants last. */
export function printDim(dim: Dim): string {
  if (dim.terms.length === 0) return '0';
  const terms = [...dim.terms.filter((t) => t.coefficient > 0), ...dim.terms.filter((t) => t.coefficient < 0)];
  return terms
    .map((term, i) => {
      const sign = term.coefficient < 0 ? '-' : '+';
      const lead = i > 0 ? ` ${sign} ` : sign === '-' ? '-' : '';
      return lead + printProduct(term);
    })
    .join('');
}

/** Without the sign. */
function printProduct({ coefficient, monomial }: Term): string {
  const factors = monomial.factors.map(({ atom, power }) => (power === 1 ? printAtom(atom) : `${printAtom(atom)}**${power}`));
  const size = Math.abs(coefficient);
  return (size === 1 && factors.length > 0 ? factors : [String(size), ...factors]).join('*');
}

function printAtom(atom: Atom): string {
  if (atom.kind === 'variable') return atom.name;
  if (atom.kind === 'max') return `max(${atom.value}, 0)`;
  const value = atom.value.terms.length === 1 && !atom.value.toString().startsWith('-') ? `${atom.value}` : `(${atom.value})`;
  const divisor = atom.divisor.constant !== undefined || atom.divisor.variableName !== undefined ? `${atom.divisor}` : `(${atom.divisor})`;
  return `floor(${value}/${divisor})`;
}
