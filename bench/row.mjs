// The results of the benchmark: rows, and the table that they form.
import { median } from './measure.mjs';

/** A row of times in milliseconds, to be at most `target`. */
export function times(name, ms, target) {
  return {
    name,
    unit: 'ms',
    value: median(ms),
    best: Math.min(...ms),
    runs: ms.length,
    ...(target === undefined ? {} : { atMost: target }),
  };
}

/** A row that says how many times as fast one thing is as another, to be at least `target`. */
export function ratio(name, value, target) {
  return { name, unit: 'x', value, ...(target === undefined ? {} : { atLeast: target }) };
}

/** A row for a speed in gigabytes per second, which should be at least `target`. */
export function gigabytesPerSecond(name, value, target) {
  return { name, unit: 'GB/s', value, atLeast: target };
}

/** A row of a number of mebibytes, to be at most `target`. */
export function mebibytes(name, value, target) {
  return { name, unit: 'MiB', value, ...(target === undefined ? {} : { atMost: target }) };
}

/** A row that says what could not be measured, and why. */
export function skipped(name, reason) {
  return { name, skipped: reason };
}

/** Whether the row has a target and misses it. */
export function misses({ value, atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }) {
  return value > atMost || value < atLeast;
}

/** The table, in Markdown, so that it can be read on a terminal and pasted into docs/benchmarks.md. */
export function table(groups) {
  const lines = [['measurement', 'median', 'best', 'runs', 'target', 'verdict']];
  for (const { title, rows } of groups) {
    lines.push([`**${title}**`, '', '', '', '', '']);
    for (const row of rows) lines.push(cells(row));
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const text = ([name, ...others]) =>
    `| ${[name.padEnd(widths[0]), ...others.map((cell, i) => (i === others.length - 1 ? cell.padEnd(widths[i + 1]) : cell.padStart(widths[i + 1])))].join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 || i === widths.length - 1 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [text(lines[0]), rule, ...lines.slice(1).map(text)].join('\n');
}

function cells(row) {
  if (row.skipped !== undefined) return [row.name, '-', '-', '0', '', `SKIPPED: ${row.skipped}`];
  const target = row.atMost === undefined ? row.atLeast : row.atMost;
  return [
    row.name,
    amount(row.value, row.unit),
    row.best === undefined ? '' : amount(row.best, row.unit),
    row.runs === undefined ? '' : String(row.runs),
    target === undefined ? '' : `${row.atMost === undefined ? '>=' : '<='} ${amount(target, row.unit)}`,
    verdict(row, target),
  ];
}

function verdict(row, target) {
  if (target === undefined) return '';
  const distance = Math.round(Math.abs(row.value / target - 1) * 100);
  const side = row.value > target ? 'above' : 'below';
  return `${misses(row) ? 'MISSED' : 'met'}, ${distance} % ${side}`;
}

function amount(value, unit) {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const [whole, fraction] = value.toFixed(digits).split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return `${fraction === undefined ? grouped : `${grouped}.${fraction}`} ${unit}`;
}
