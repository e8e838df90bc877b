/// <reference types="node" />
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { Dim } from '../../src/dims/dim.js';
import type { Attr } from '../../src/ops/attrs.js';
import type { InputSpec, Op } from '../../src/ops/define.js';
import { ops } from '../../src/ops/index.js';

test('docs/operators.md lists every operator', async () => {
  await expect(reference()).toMatchFileSnapshot(resolve(import.meta.dirname, '../../docs/operators.md'));
});

/** The reference page, from the operators themselves. */
function reference(): string {
  const families = [...new Set(ops.map((op) => op.family))].sort();
  const lines = [
    '# Operators',
    '',
    'This page lists the operators that are built into archc. Tensors, required options and options marked `by position`, which PyTorch takes at the same position, can be given by position',
    'in this order, or by name. All other options are passed by name. After a variable number of operands (`concat`, `stack`, `einsum`), all options are passed by name.',
    'Layers that own parameters are in [the standard library](stdlib.md).',
    '',
    'On a GPU, NaN does not always stay NaN: WGSL lets shaders assume that there is none, so `relu` or `clip` of NaN may be a number, and a fractional power of a negative',
    'number may not be NaN.',
    '',
    'Written by `npm run test:update` from the definitions in `src/ops`.',
  ];
  for (const family of families) {
    lines.push('', `## ${family}`);
    for (const op of ops.filter((op) => op.family === family).sort((a, b) => (a.name < b.name ? -1 : 1))) lines.push(...section(op));
  }
  return `${lines.join('\n')}\n`;
}

function section(op: Op): readonly string[] {
  const inputs = Object.entries<InputSpec>(op.inputs).map(([name, spec]) =>
    typeof spec === 'string' ? row(name, spec) : row(name, `${spec.doc} (${spec.mode === 'optional' ? 'optional' : 'one or more'})`),
  );
  const options = Object.entries<Attr<unknown>>(op.attrs).map(([name, attr]) =>
    name === 'axes' ? row('axis', `${optionText(attr)}; also called \`axes\``) : row(name, optionText(attr)),
  );
  const rows = [...inputs, ...options];
  const source = op.doc.source === undefined ? [] : ['', `As ${op.doc.source}.`];
  return [
    '',
    `### ${op.name}`,
    '',
    `${op.doc.summary} \`${op.doc.example}\``,
    ...(rows.length === 0 ? [] : ['', '| | |', '| --- | --- |', ...rows]),
    ...source,
  ];
}

function row(name: string, text: string): string {
  return `| \`${name}\` | ${text.replaceAll('|', '\\|')} |`;
}

function optionText({ doc, choices, fallback, byPosition, buildFloat }: Attr<unknown>): string {
  const among = choices === undefined ? '' : `; one of ${choices.map((c) => `"${c}"`).join(', ')}`;
  if (fallback === undefined) return `${doc}${among}; must be given`;
  const position = byPosition === true ? '; by position' : '';
  const value = buildFloat === true ? "the build's float type" : valueText(fallback.value);
  return `${doc}${among}${fallback.value === undefined ? '' : `; default ${value}`}${position}`;
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 1 ? valueText(value[0]) : `[${value.map(valueText).join(', ')}]`;
  return value instanceof Dim ? value.toString() : JSON.stringify(value);
}
