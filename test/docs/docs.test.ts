/// <reference types="node" />
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/1-syntax/parse.js';
import { renderTerminal } from '../../src/diagnostics/render-terminal.js';
import { Report } from '../../src/diagnostics/report.js';
import { checkText, rendered } from '../kit/source.js';

const folder = resolve(import.meta.dirname, '../../docs');
/** Pages for people; those under docs/errors show mistakes and have tests of their own. */
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));

interface Block {
  readonly line: number;
  /** What follows the fence and `arch`: nothing, `fragment`, or the name of a file that other blocks of the page import. */
  readonly info: string;
  readonly text: string;
}

function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(resolve(folder, page), 'utf8');
  return [...text.matchAll(/^```arch *(.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    line: text.slice(0, match.index).split('\n').length,
    info: match[1] ?? '',
    text: match[2] ?? '',
  }));
}

describe.each(pages.filter((page) => blocksOf(page).length > 0))('docs/%s', (page) => {
  const blocks = blocksOf(page);
  const files = Object.fromEntries(blocks.filter(({ info }) => info.endsWith('.arch')).map(({ info, text }) => [info, text]));

  test.each(blocks.filter(({ info }) => info !== 'fragment').map((block) => [block.line, block] as const))(
    'the file in line %i has no mistake',
    (_, { text }) => {
      const result = checkText({ ...files, 'main.arch': text });
      expect(result.diagnostics, rendered(result)).toEqual([]);
    },
  );

  test.each(blocks.filter(({ info }) => info === 'fragment').map((block) => [block.line, block] as const))(
    'the fragment in line %i can be read',
    (_, { text }) => {
      const report = new Report();
      const source = `layer Around(x: Tensor[*B]) -> Tensor[*B] {\n${text}}\n`;
      parse('main.arch', source, report);
      expect(report.diagnostics, renderTerminal(report.diagnostics, new Map([['main.arch', source]]))).toEqual([]);
    },
  );
});

test('links of the language reference lead somewhere', () => {
  const text = readFileSync(resolve(folder, 'language.md'), 'utf8');
  const headings = new Set(
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
  const targets = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const dangling = targets.filter((target) => (target.startsWith('#') ? !headings.has(target.slice(1)) : !files.includes(target)));
  expect(targets.length).toBeGreaterThan(10);
  expect(dangling).toEqual([]);
});
