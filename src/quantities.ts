/** `61,706` */
export function grouped(count: number): string {
  if (count >= Number.MAX_SAFE_INTEGER) return 'more than 9,007,199,254,740,990';
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `241 KB`, `1.2 GB`: powers of 1000, as file managers count. */
export function byteSize(bytes: number): string {
  if (bytes >= Number.MAX_SAFE_INTEGER) return 'more than 9 PB';
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
