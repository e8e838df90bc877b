import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderTerminal } from '../../src/diagnostics/render-terminal.js';
import { check, compile, createMemoryHost } from '../../src/index.js';

const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

function blocks(kind: string): readonly string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${kind}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text);
}

describe('README.md', () => {
  const [first = '', wrong = ''] = blocks('arch');

  test('begins with a model that compiles, which is the one in examples', () => {
    const { diagnostics, model } = compile('lenet.arch', createMemoryHost({ 'lenet.arch': first }));
    expect(diagnostics).toEqual([]);
    expect(model?.name).toBe('LeNet');
    expect(readFileSync(join(root, 'examples/lenet/model.arch'), 'utf8')).toBe(first);
  });

  test('shows what archc prints for the wrong one', async () => {
    const { diagnostics, sources } = check('downsample.arch', createMemoryHost({ 'downsample.arch': wrong }));
    expect(diagnostics.map((d) => d.code)).toEqual(['broadcast-mismatch']);
    const printed = renderTerminal(diagnostics, sources);
    const updated = readme.replace(/^```text\n[\s\S]*?^```$/m, () => `\`\`\`text\n${printed}\`\`\``);
    await expect(updated).toMatchFileSnapshot(join(root, 'README.md'));
  });

  test('says how to try it from a checkout', () => {
    expect(readme).toContain('npm ci && npm run demo');
    expect(readme).toContain('npm ci && npm test');
  });

  test.each([
    'README.md',
    'CONTRIBUTING.md',
    'docs/ARCHITECTURE.md',
    'docs/library.md',
    'docs/writing-passes.md',
    'docs/adding-an-operator.md',
  ])('%s links to files that exist', (file) => {
    const text = readFileSync(join(root, file), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !existsSync(join(root, file, '..', target)))).toEqual([]);
  });
});
