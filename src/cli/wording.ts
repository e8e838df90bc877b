/** `61,706` */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `241 KB`, `1.2 GB`: powers of 1000, as file managers count. */
export function byteSize(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** `1 file`, `3 files` */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `[N, 3, H, W]`, with a question mark for an open size. */
export function shapeText(shape: readonly (number | string | undefined)[]): string {
  return `[${shape.map((size) => size ?? '?').join(', ')}]`;
}

/** Rows of words as columns: all but the last padded, numbers to the right where `right` says so. */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  const cell = (text: string, i: number): string => (right.includes(i) ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0));
  return rows.map((row) => `${row.map(cell).join('  ').trimEnd()}\n`).join('');
}
