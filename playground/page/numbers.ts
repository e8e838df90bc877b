/** `1,234,567` */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1.23 M`, `45.6 k`: with three digits. */
export function short(count: number | string, unit = ''): string {
  if (typeof count === 'string') return count;
  const step = [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ].find(([size]) => count >= (size as number));
  if (step === undefined) return unit === '' ? String(count) : `${count} ${unit}`;
  const [size, prefix] = step as [number, string];
  const value = count / size;
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${prefix}${unit}`;
}

/** The greatest of at least one number. */
export function greatest(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), Number.NEGATIVE_INFINITY);
}

/** A number of a tensor. */
export function plain(number: number): string {
  if (!Number.isFinite(number)) return String(number);
  const size = Math.abs(number);
  if (Number.isInteger(number) && size < 1e6) return String(number);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? number.toExponential(2) : number.toPrecision(4);
}

export function milliseconds(time: number): string {
  return time < 10 ? `${time.toFixed(1)} ms` : time < 10_000 ? `${Math.round(time)} ms` : `${(time / 1000).toFixed(1)} s`;
}
