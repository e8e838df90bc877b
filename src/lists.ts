/** Adds items to a list. `list.push(...items)` is a call with one argument for each item, and the stack has room for about 100,000. */
export function append<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item);
}

/** As `list.flatMap(f)`, which takes ten times as long, because it asks the list what kind of list to make. */
export function flatMap<T, U>(list: readonly T[], f: (item: T) => readonly U[]): U[] {
  const all: U[] = [];
  for (const item of list) for (const part of f(item)) all.push(part);
  return all;
}

/** Removes the items of a list at the places that `isKept` does not hold for. */
export function retain<T>(list: T[], isKept: (place: number) => boolean): void {
  const kept = list.filter((_, place) => isKept(place));
  list.length = 0;
  append(list, kept);
}

/** The largest of the numbers, or `least` if all are smaller. */
export function largest(numbers: Iterable<number>, least = 0): number {
  let most = least;
  for (const number of numbers) most = Math.max(most, number);
  return most;
}
