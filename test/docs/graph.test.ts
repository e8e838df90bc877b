/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { layout } from '../../src/graph-view/layout.js';
import { svgOf } from '../../src/graph-view/svg.js';
import { createMemoryHost, view as makeView } from '../../src/index.js';

const root = resolve(import.meta.dirname, '../..');

test.each(['unet', 'llama'])('docs/images/%s.svg is what archc draws', async (name) => {
  const source = readFileSync(resolve(root, 'examples', name, 'model.arch'), 'utf8');
  const { view } = makeView(`${name}.arch`, createMemoryHost({ [`${name}.arch`]: source }), name === 'unet' ? { depth: 0 } : {});
  const { svg } = svgOf(view!, layout(view!, new Set(view!.expanded)));
  await expect(svg).toMatchFileSnapshot(resolve(root, `docs/images/${name}.svg`));
});

test('docs/graph.md names every kind of message, and every key of the page', () => {
  const page = readFileSync(resolve(root, 'docs/graph.md'), 'utf8');
  const main = readFileSync(resolve(root, 'src/graph-view/page/main.ts'), 'utf8');
  const types = new Set([...main.matchAll(/type: '(\w+)'/g)].map(([, type]) => type));
  expect([...types].filter((type) => !page.includes(`{ type: '${type}'`))).toEqual([]);
  const app = readFileSync(resolve(root, 'src/graph-view/page/app.ts'), 'utf8');
  const keys = [...app.matchAll(/^ {6}'?([a-z/+0-])'?: \(\) =>/gm)].map(([, key]) => key);
  expect(keys.length).toBeGreaterThan(5);
  expect(keys.filter((key) => !page.includes(`\`${key}\``))).toEqual([]);
});
