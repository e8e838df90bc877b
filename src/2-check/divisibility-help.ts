/**
 * The fact that makes rows of sizes equal which differ in a part that was cut off, as in `2*floor(H/4)` and `floor(H/2)`; undefined where they differ in
 * something else as well.
 */
export function divisibilityHelp(wanted: readonly string[], got: readonly string[]): string | undefined {
  const facts: string[] = [];
  for (const [i, a] of wanted.entries()) {
    const b = got[i] ?? '';
    if (a === b) continue;
    const fact = missingFact(a, b) ?? missingFact(b, a);
    if (fact === undefined) return undefined;
    facts.push(fact);
  }
  return facts.length === 0 ? undefined : `if your inputs always divide evenly, say so in the signature: \`where ${facts.join(', ')}\``;
}

function missingFact(cut: string, whole: string): string | undefined {
  const [, factor, name, divisor] = /^(\d+)\*floor\((\w+)\/(\d+)\)$/.exec(cut) ?? [];
  if (name === undefined) return undefined;
  const rest = Number(divisor) / Number(factor);
  return whole === (rest === 1 ? name : `floor(${name}/${rest})`) ? `${name} % ${divisor} == 0` : undefined;
}
