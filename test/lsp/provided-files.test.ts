import { describe, expect, it } from 'vitest';
import type { Location } from 'vscode-languageserver';
import { providedFiles } from '../../src/lsp/provided-files.js';
import { plainUris } from '../../src/lsp/uris.js';
import { LspClient } from '../kit/lsp.js';

const uri = 'net.arch';
const source = 'import { Block } from "./block.arch"\n\nmodel Net(x: Tensor[N, 8]) -> (y: Tensor[N, 8]) {\n  return x -> block: Block\n}\n';
const block = (out: number) => `layer Block(x: Tensor[N, 8]) -> Tensor[N, ${out}] {\n  return x -> fc: Linear(${out})\n}\n`;

describe('files that the client provides', () => {
  it('are there from the start, and change when it says so', async () => {
    const client = await LspClient.start({}, undefined, { files: [{ uri: 'block.arch', text: block(8) }] });
    await client.open(uri, source);
    expect(await client.diagnostics(uri)).toEqual([]);
    const found = await client.at<Location>('textDocument/definition', uri, 'Block\n');
    expect(found.uri).toBe('block.arch');
    await client.connection.sendNotification('archc/files', { files: [{ uri: 'block.arch', text: block(4) }] });
    await client.edit(uri, `${source}\n`);
    expect((await client.diagnostics(uri)).map(({ code }) => code)).toEqual(['result-mismatch']);
    await client.connection.sendNotification('archc/files', { files: [{ uri: 'block.arch' }] });
    await client.edit(uri, source);
    expect((await client.diagnostics(uri)).map(({ code }) => code)).toContain('unknown-module');
    await client.close();
  });

  it('may be anything', () => {
    for (const value of [null, 3, {}, { files: 'x' }, { files: [3, null, { text: 'x' }, { uri: 3 }] }])
      expect(providedFiles(value)).toEqual([]);
    expect(providedFiles({ files: [{ uri: 'a.arch', text: 3 }] })).toEqual([{ uri: 'a.arch' }]);
  });

  it('have the same path, however their URIs are encoded', () => {
    const imported = new URL('../my%20layers/a(1).arch', 'vscode-vfs://github/someone/models/net.arch').href;
    expect(plainUris.pathOf('vscode-vfs://github/someone/my%20layers/a%281%29.arch')).toBe(imported);
    expect(plainUris.pathOf('file:///a%23b%3Fc%25d.arch')).toBe('file:///a%23b%3Fc%25d.arch');
  });
});
