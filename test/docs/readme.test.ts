import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { renderTerminal } from '../../src/diagnostics/render-terminal.js';
import { check, compile, createMemoryHost } from '../../src/index.js';
import { commandLine } from '../kit/command-line.js';
import { pngOf, safetensorsOf } from '../kit/digit-files.js';

const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

function blocks(kind: string): readonly string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${kind}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text);
}

/** A file with weights of the model, all of them 0. */
function weightsOf(source: string): Uint8Array {
  const { model } = compile('lenet.arch', createMemoryHost({ 'lenet.arch': source }));
  return safetensorsOf(
    Object.fromEntries(
      (model?.parameters ?? []).map(({ name, shape }) => [
        name,
        { dtype: 'f32', shape, data: new Float32Array(shape.reduce((size, side) => size * side, 1)) },
      ]),
    ),
  );
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

  test('has commands that work on the files that it shows', async () => {
    const [, finetune = ''] = blocks('arch').filter((text) => !text.includes('Downsample'));
    const folder = mkdtempSync(join(tmpdir(), 'archc-readme-'));
    const before = process.cwd();
    process.chdir(folder);
    try {
      writeFileSync('lenet.arch', first);
      writeFileSync('finetune.arch', finetune);
      writeFileSync('lenet.safetensors', weightsOf(first));
      for (let label = 0; label < 10; label++) {
        mkdirSync(join('digits', String(label)), { recursive: true });
        for (let i = 0; i < 4; i++)
          writeFileSync(join('digits', String(label), `${i}.png`), pngOf(new Uint8Array(3 * 28 * 28).fill(25 * label + i), 28, 28));
      }
      const commands = [...(blocks('sh')[0] ?? '').matchAll(/^npx archc (.*?)(?: +#.*)?$/gm)].map(([, command = '']) => command);
      expect(commands.length).toBe(4);
      for (const command of commands) expect(await commandLine(command.split(' ')), command).toMatchObject({ code: 0 });
      expect(existsSync('runs/Finetune/best.onnx')).toBe(true);
    } finally {
      process.chdir(before);
      rmSync(folder, { recursive: true });
    }
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
    'docs/training.md',
    'docs/browser.md',
    'docs/lora.md',
    'docs/pruning.md',
    'docs/modules.md',
    'docs/editors.md',
    'docs/language.md',
    'docs/writing-passes.md',
    'docs/adding-an-operator.md',
  ])('%s links to files that exist', (file) => {
    const text = readFileSync(join(root, file), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !existsSync(join(root, file, '..', target)))).toEqual([]);
  });
});
