import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { movedDiagnostics } from '../../src/lsp/moved-diagnostics.js';
import { LspClient } from '../kit/lsp.js';

const uri = 'net.arch';
const source = 'model Net(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {\n  y = x * cast(sum(cast(x, i64)), f32)\n  return y\n}\n';

describe('what a build finds', () => {
  it('stays while the file is edited', async () => {
    const client = await LspClient.start({ 'archc.json': '{ "builds": { "web": { "model": "net.arch", "target": "webgpu" } } }' });
    await client.open(uri, source);
    const lines = async () => (await client.diagnostics(uri)).map(({ code, range }) => `${code} ${range.start.line}`);
    while ((await lines()).length === 0) await wait(20);
    expect(await lines()).toEqual(['no-kernel 1', 'no-kernel 1']);
    await client.edit(uri, `# A comment.\n${source}`);
    expect(await lines()).toEqual(['no-kernel 2', 'no-kernel 2']);
    await client.edit(uri, source.replace('x * cast(sum(cast(x, i64)), f32)', 'x * 2'));
    expect(await lines()).toEqual([]);
    await client.close();
  });

  it('is shown in the imported file that it is about, open or not', async () => {
    const block = 'layer Block(x: Tensor[N, 4]) -> Tensor[N, 4] {\n  return x * cast(sum(cast(x, i64)), f32)\n}\n';
    const main = 'import { Block } from "./block.arch"\n\nmodel Net(x: Tensor[N, 4]) -> (y: Tensor[N, 4]) {\n  return x -> Block\n}\n';
    const client = await LspClient.start({
      'archc.json': '{ "builds": { "web": { "model": "net.arch", "target": "webgpu" } } }',
      'block.arch': block,
    });
    const shown = () => client.published('block.arch')?.map(({ code, range }) => `${code} ${range.start.line}`);
    await client.open(uri, main);
    await expect.poll(shown, { timeout: 10_000 }).toEqual(['no-kernel 1', 'no-kernel 1']);
    expect((await client.diagnostics(uri)).map(({ code }) => code)).toEqual([]);
    await client.open('block.arch', `# A comment.\n${block}`);
    await expect.poll(shown, { timeout: 10_000 }).toEqual(['no-kernel 2', 'no-kernel 2']);
    await client.edit(uri, main.replace('-> Block', '-> relu'));
    await expect.poll(shown, { timeout: 10_000 }).toEqual([]);
    await client.close();
  });

  it('moves with the text around it, unless that text has changed', () => {
    const text = 'one two three';
    const at = (word: string, inside = text) => ({ file: uri, start: inside.indexOf(word), end: inside.indexOf(word) + word.length });
    const found = ['one', 'two', 'three'].map((word): Diagnostic => {
      return {
        code: 'no-kernel',
        severity: 'warning',
        message: word,
        span: at(word),
        notes: [{ span: at('two'), text: '' }],
        fixes: [],
      } as never;
    });
    const moved = (to: string) =>
      movedDiagnostics(found, uri, text, to).map(({ span, notes }) => [to.slice(span.start, span.end), notes.length]);
    expect(moved('one 2 three')).toEqual([
      ['one', 0],
      ['three', 0],
    ]);
    expect(moved('one and two three')).toEqual([
      ['one', 1],
      ['two', 1],
      ['three', 1],
    ]);
    expect(moved('')).toEqual([]);
    expect(moved(`${text}!`)).toHaveLength(3);
  });
});
