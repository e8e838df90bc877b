/**
 * Traits of the numbers in a call, which the nodes of a graph do not show: an operator knows them of its own nodes, and asks about them. Without the trait, the same operator is
 * computed correctly.
 */
export const dataTraits = {
  backward: 'negative steps that do not start at the end',
  nan: 'an element is NaN',
  'near-one': 'numbers that differ from 1 by less than 1e-5',
  'near-zero': 'numbers closer to 0 than 1e-5',
  'small-results': 'results closer to 0 than 1e-7',
  uneven: 'factors that are not powers of two',
} as const;

export type DataTrait = keyof typeof dataTraits;
