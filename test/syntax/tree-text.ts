import type { Span } from '../../src/diagnostics/span.js';

/** A syntax tree as indented text, one node a line with the source it covers, for golden files. */
export function treeText(node: unknown, text: string, depth = 0): string {
  if (Array.isArray(node)) return node.map((item) => treeText(item, text, depth)).join('');
  if (typeof node !== 'object' || node === null) return '';
  const pad = '  '.repeat(depth);
  const entries = Object.entries(node as Record<string, unknown>).filter(
    ([key, value]) => value !== undefined && key !== 'kind' && !/span$/i.test(key),
  );
  const scalars = entries.filter(([, value]) => typeof value !== 'object').map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  const { kind, span } = node as { kind?: string; span?: Span };
  const covered = span === undefined ? '' : `  | ${clip(text.slice(span.start, span.end))}`;
  const children = entries.filter(([, value]) => typeof value === 'object').map(([key, value]) => child(key, value, text, depth + 1));
  return `${pad}${kind ?? '-'}${scalars.join('')}${covered}\n${children.join('')}`;
}

function child(key: string, value: unknown, text: string, depth: number): string {
  if (Array.isArray(value) && value.length === 0) return '';
  if (Array.isArray(value) && value.every((v) => typeof v === 'string')) return `${'  '.repeat(depth)}${key}: ${JSON.stringify(value)}\n`;
  return `${'  '.repeat(depth)}${key}:\n${treeText(value, text, depth + 1)}`;
}

function clip(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 40)} ... ${line.slice(-15)}` : line;
}

/** The tree without spans and comments, for comparing the meaning of two texts. */
export function meaning(node: unknown): string {
  return JSON.stringify(node, (key, value) => (/span$/i.test(key) || key === 'comments' ? undefined : value));
}
