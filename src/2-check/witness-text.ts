/** `H = 6, W = 3`: sizes for which a demand fails, in name order. */
export function witnessText(witness: ReadonlyMap<string, number>): string {
  return [...witness]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
}
