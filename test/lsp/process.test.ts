/// <reference types="node" />
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter, type SymbolInformation } from 'vscode-languageserver/node';

const folder = mkdtempSync(join(tmpdir(), 'archc-lsp-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('archc lsp', () => {
  it('knows the files of each folder of the workspace, also of one that is added, and ends when the editor says so', async () => {
    for (const name of ['one', 'two']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, `${name}.arch`), `let ${name}_width = 64\n`);
    }
    const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
    const server = spawn(process.execPath, [resolve(import.meta.dirname, '../../dist/archc.cjs'), 'lsp', '--stdio']);
    const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
    connection.listen();
    const one = { uri: uriOf('one'), name: 'one' };
    await connection.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      workspaceFolders: [one],
      capabilities: { workspace: { workspaceFolders: true } },
    });
    await connection.sendNotification('initialized', {});
    const names = async () =>
      (await connection.sendRequest<SymbolInformation[]>('workspace/symbol', { query: 'width' })).map(({ name }) => name);
    expect(await names()).toEqual(['one_width']);
    const event = { added: [{ uri: uriOf('two'), name: 'two' }], removed: [one] };
    await connection.sendNotification('workspace/didChangeWorkspaceFolders', { event });
    expect(await names()).toEqual(['two_width']);
    const ended = new Promise((done) => {
      server.once('exit', done);
    });
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
    expect(await ended).toBe(0);
  });
});
