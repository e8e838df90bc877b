/** Where the element at a position of the row-major order is: a number for each axis. */
export function indexOfElement(shape: readonly number[], at: number): readonly number[] {
  const index: number[] = [];
  let rest = at;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}
