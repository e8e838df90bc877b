/** `did you mean ...?`, or the available choices. */
export function meant(near: readonly string[], known: readonly string[] = []): string | undefined {
  const [best, ...others] = near;
  if (best !== undefined) return `did you mean ${[best, ...others].map((n) => `\`${n}\``).join(' or ')}?`;
  if (known.length === 0) return undefined;
  return `there is ${listOf(known)}`;
}

/** `` `a`, `b` ``, in the order given. */
export function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((n) => `\`${n}\``);
  return shown.join(', ') + (names.length > shown.length ? `, and ${names.length - shown.length} more` : '');
}
