/// <reference types="node" />
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { check } from '../../src/check.js';
import { createMemoryHost } from '../../src/memory-host.js';

const root = resolve(import.meta.dirname, '../..');

/** Every `.arch` file that archc ships: the examples and the standard library. */
export function shippedSources(): readonly { readonly name: string; readonly text: string }[] {
  const examples = readdirSync(join(root, 'examples'), { withFileTypes: true })
    .filter((e) => e.isDirectory())
    .map((e) => join('examples', e.name, 'model.arch'));
  const modules = readdirSync(join(root, 'stdlib'))
    .filter((f) => f.endsWith('.arch'))
    .map((f) => join('stdlib', f));
  return [...examples, ...modules].sort().map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));
}

/**
 * Checks every prefix of a text and the text without each of its characters, every `stride`-th one of both; returns how many were checked. An
 * exception is the failure that is looked for; it is thrown with the text's name and the place.
 */
export function checkBroken({ name, text }: { readonly name: string; readonly text: string }, stride: number, start = 0): number {
  let count = 0;
  for (let i = start % stride; i <= text.length; i += stride) {
    for (const [how, broken] of [
      ['prefix', text.slice(0, i)],
      ['deletion', text.slice(0, i) + text.slice(i + 1)],
    ] as const) {
      try {
        check('main.arch', createMemoryHost({ 'main.arch': broken }));
      } catch (error) {
        throw new Error(`${name}, ${how} at ${i}: ${error instanceof Error ? error.stack : error}`);
      }
      count++;
    }
  }
  return count;
}
