import type { StoredAmount, TrainingCost } from '../../api/training.js';
import { byteFormula, byteSize, grouped } from '../../quantities.js';

/** A table of what one step of training needs: a row of titles, then what it is, how many numbers, and how many bytes or the formula of these. */
export function costRows({ trained, frozen, state, gradients, keptBytes, leastBytes }: TrainingCost): readonly (readonly string[])[] {
  const amount = (name: string, { count, bytes }: StoredAmount) => [name, grouped(count), byteSize(bytes)];
  return [
    ['one step', 'numbers', 'bytes'],
    amount('trained weights', trained),
    amount('frozen weights', frozen),
    amount('optimizer, statistics', state),
    amount('gradients', gradients),
    ['kept for the gradient', '', bytesText(keptBytes)],
    ['together, at least', '', bytesText(leastBytes)],
  ];
}

function bytesText(bytes: number | string): string {
  return typeof bytes === 'number' ? byteSize(bytes) : byteFormula(bytes);
}
