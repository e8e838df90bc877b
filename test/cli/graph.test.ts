/// <reference types="node" />
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ModelView } from '../../src/index.js';
import { commandLine } from '../kit/command-line.js';
import { useOwnFolder } from '../kit/own-folder.js';

const source = `layer Block(x: Tensor[N, D]) -> Tensor[N, D] { return x + (x -> fc: Linear(D) -> relu) }
model Net(depth = 3)(x: Tensor[N, 8]) -> (y: Tensor[N, 2]) {
  for i in 0..depth { x = x -> layers[i]: Block }
  return x -> head: Linear(2)
}
`;

useOwnFolder(() => {
  writeFileSync('net.arch', source);
  writeFileSync('broken.arch', source.replace('Linear(2)', 'Linaer(2)'));
  mkdirSync('project');
  writeFileSync('project/net.arch', source);
  writeFileSync(
    'archc.json',
    JSON.stringify({ builds: { small: { model: 'project/net.arch', out: 'out/small.onnx', set: { depth: 2 }, emit: ['onnx', 'js'] } } }),
  );
});

const dataOf = (text: string): ModelView => JSON.parse(text) as ModelView;

describe('archc graph', () => {
  test('writes a picture beside the source by default', async () => {
    const { code, out, err } = await commandLine(['graph', 'net.arch']);
    expect({ code, out, err }).toEqual({
      code: 0,
      out: '',
      err: expect.stringMatching(/^net\.svg: \d+ KB, Net with 4 blocks at the top\n$/),
    });
    expect(readFileSync('net.svg', 'utf8')).toMatch(/^<svg [\s\S]*layers\.0 – 2[\s\S]*<\/svg>\n$/);
  });

  test.each(['svg', 'html', 'json'])('writes what the name of the file says: .%s', async (form) => {
    const { code, err } = await commandLine(['graph', 'net.arch', '-q', '-o', `made/net.${form}`]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const text = readFileSync(`made/net.${form}`, 'utf8');
    expect(text.slice(0, 4)).toBe({ svg: '<svg', html: '<!do', json: '{\n "' }[form]);
    if (form === 'html') expect(text).toContain('Content-Security-Policy');
    if (form === 'json') expect(dataOf(text)).toMatchObject({ version: 1, name: 'Net' });
  });

  test('writes to standard output in the form of --emit', async () => {
    const { code, out } = await commandLine(['graph', 'net.arch', '-o', '-', '--emit', 'json', '--set', 'depth=5', '--bind', 'N=4']);
    expect(code).toBe(0);
    const [block] = dataOf(out).entries[0]!.root.children.slice(1);
    expect(block).toMatchObject({ label: 'layers.0 – 4', repeat: 5, outputs: [{ dtype: 'f32', shape: [4, 8] }] });
  });

  test('takes the settings of a build', async () => {
    const { code, out } = await commandLine(['graph', 'small', '-o', '-', '--emit', 'json']);
    expect(code).toBe(0);
    expect(dataOf(out).entries[0]!.root.children[1]).toMatchObject({ repeat: 2 });
    expect((await commandLine(['graph', 'small'])).code).toBe(0);
    expect(existsSync('project/net.svg')).toBe(true);
    expect(existsSync('out')).toBe(false);
  });

  test('expands what is asked for', async () => {
    const expanded = async (...options: string[]) =>
      dataOf((await commandLine(['graph', 'net.arch', '-o', '-', '--emit', 'json', ...options])).out).expanded;
    expect(await expanded('--depth', '0')).toEqual(['forward']);
    expect(await expanded()).toEqual(['forward', 'forward/layers.0']);
    expect(await expanded('--depth', '0', '--expand', 'layers[1].fc', '--expand', 'head')).toEqual([
      'forward',
      'forward/layers.0',
      'forward/layers.0/fc',
      'forward/head',
    ]);
  });

  test.each([
    [['-o', 'net.png'], '`archc graph` cannot write net.png', 'ends in .svg, .html or .json'],
    [['-o', '-'], 'standard output has no name that says what to write', '--emit'],
    [['-o', 'a.svg', '--emit', 'html'], '`--emit html` and `-o a.svg` say different things', 'leave one of them out'],
    [['--emit', 'htm'], '`archc graph --emit` cannot be `htm`', 'did you mean `html`?'],
    [['--expand', 'layer[0]'], '`--expand layer[0]` matches no layer of Net', 'did you mean `layers[0]`?'],
    [['--expand', 'q'], '`--expand q` matches no layer of Net', 'it has layers.0, head'],
    [['--depth', 'x'], '`--depth` needs a whole number', ''],
  ])('%j is refused', async (options, message, help) => {
    const { code, out, err } = await commandLine(['graph', 'net.arch', ...options]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toContain(help);
  });

  test('reports mistakes as the other commands do, and writes nothing', async () => {
    const { code, err } = await commandLine(['graph', 'broken.arch']);
    expect(code).toBe(1);
    expect(err).toContain('error[unknown-name]');
    expect(existsSync('broken.svg')).toBe(false);
    expect((await commandLine(['graph', 'net.arch', '--entry', 'step'])).err).toContain('unknown-entry');
  });
});
