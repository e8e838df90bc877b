/// <reference types="node" />
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { special, viewed } from './examples.js';

test.each(['lenet', 'lstm', ...Object.keys(special)])('the view of %s as data', async (name) => {
  const { view } = viewed(name, name === 'lenet' || name === 'lstm' ? { sources: new Map() } : {});
  const path = resolve(import.meta.dirname, `goldens/${name}.json`);
  // Paths of examples depend on the machine.
  const text = JSON.stringify(view, (key, value) => (key === 'file' ? String(value).replace(/^.*\/examples\//, '') : value), 1);
  await expect(`${text}\n`).toMatchFileSnapshot(path);
});
