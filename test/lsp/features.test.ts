import { describe, expect, it } from 'vitest';
import type { CodeAction, CodeLens, CompletionItem, Hover, InlayHint, SignatureHelp, WorkspaceEdit } from 'vscode-languageserver';
import type { ModelView } from '../../src/api/model-view.js';
import { LspClient } from '../kit/lsp.js';

const uri = 'net.arch';
const source = `model Net(hidden = 32)(x: Tensor[N, 3, 8, 8]) -> (y: Tensor[N, 10]) {
  h = x -> conv: Conv2d(hidden, kernel = 3) -> relu -> flatten
  return h -> fc: Linear(10)
}
`;
const everything = {
  textDocument: {
    publishDiagnostics: {},
    completion: { completionItem: { snippetSupport: true } },
    codeAction: { resolveSupport: { properties: ['edit'] } },
    rename: { prepareSupport: true },
  },
};

async function started(text = source, commands: readonly string[] = []): Promise<LspClient> {
  const client = await LspClient.start({}, everything, { commands });
  await client.open(uri, text);
  return client;
}

describe('the features of the server', () => {
  it('complete code, with documentation for the item that is looked at', async () => {
    const client = await started();
    const items = await client.at<CompletionItem[]>('textDocument/completion', uri, 'relu');
    const gelu = items.find(({ label }) => label === 'gelu');
    expect(gelu?.documentation).toBeUndefined();
    const resolved: CompletionItem = await client.connection.sendRequest('completionItem/resolve', gelu);
    expect(JSON.stringify(resolved.documentation)).toContain('https://example.org/operators.md#gelu');
    await client.close();
  });

  it('show what a layer takes when it is accepted, if the client can', async () => {
    const commandOf = async (name: string, commands: readonly string[]) => {
      const client = await started(source, commands);
      const items = await client.at<CompletionItem[]>('textDocument/completion', uri, 'relu');
      await client.close();
      return items.find(({ label }) => label === name)?.command?.command;
    };
    expect(await commandOf('Conv2d', ['archc.triggerParameterHints'])).toBe('archc.triggerParameterHints');
    expect(await commandOf('Conv2d', [])).toBeUndefined();
    expect(await commandOf('relu', ['archc.triggerParameterHints'])).toBeUndefined();
  });

  it('help with the arguments of a call', async () => {
    const client = await started();
    const help = await client.at<SignatureHelp>('textDocument/signatureHelp', uri, '3) -> relu');
    expect(help.signatures[0]?.label).toContain('layer Conv2d(out: int, kernel: ints');
    expect(help.activeParameter).toBe(1);
    await client.close();
  });

  it('correct mistakes, and refactor', async () => {
    const client = await started(source.replace('flatten', 'flaten'));
    const range = { start: client.position(uri, 'flaten'), end: client.position(uri, 'flaten') };
    const offered = await client.of<CodeAction[]>('textDocument/codeAction', uri, { range, context: { diagnostics: [] } });
    const [mistake] = await client.diagnostics(uri);
    expect(mistake?.message).toBe('there is nothing called `flaten` here\nhelp: did you mean `flatten`?');
    const fix = offered.find(({ kind }) => kind === 'quickfix');
    expect(fix?.edit?.changes?.[uri]?.[0]?.newText).toBe('flatten');
    const only = await client.of<CodeAction[]>('textDocument/codeAction', uri, { range, context: { diagnostics: [], only: ['source'] } });
    expect(only.every(({ kind = '' }) => kind.startsWith('source'))).toBe(true);
    await client.close();
  });

  it('complete the edits of an action when it is chosen', async () => {
    const client = await started(source, ['archc.rename']);
    const range = { start: client.position(uri, 'x -> conv'), end: client.position(uri, '\n  return') };
    const offered = await client.of<CodeAction[]>('textDocument/codeAction', uri, {
      range,
      context: { diagnostics: [], only: ['refactor.extract'] },
    });
    const extract = offered.find(({ edit }) => edit === undefined);
    const resolved: CodeAction = await client.connection.sendRequest('codeAction/resolve', extract);
    expect(resolved.edit?.changes?.[uri]?.length).toBeGreaterThan(0);
    expect(resolved.command?.command).toBe('archc.rename');
    expect(resolved.command?.arguments).toEqual([uri, { line: 1, character: 14 }]);
    await client.close();
  });

  it('rename, and say why not', async () => {
    const client = await started();
    const edit = await client.at<WorkspaceEdit>('textDocument/rename', uri, 'hidden', { newName: 'width' });
    expect(edit.changes?.[uri]?.map(({ newText }) => newText)).toEqual(['width', 'width']);
    await expect(client.at('textDocument/prepareRename', uri, 'Conv2d')).rejects.toThrow(/standard library/);
    await client.close();
  });

  it('show shapes, signatures and costs', async () => {
    const client = await started();
    const whole = { range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } } };
    const hints = await client.of<InlayHint[]>('textDocument/inlayHint', uri, whole);
    expect(hints.map(({ label }) => label)).toContain('[N, 36*hidden]');
    const hover = await client.at<Hover>('textDocument/hover', uri, 'relu');
    expect(JSON.stringify(hover.contents)).toContain('operators.md#relu');
    await expect
      .poll(async () => (await client.of<CodeLens[]>('textDocument/codeLens', uri)).map(({ command }) => command?.title), {
        timeout: 10_000,
      })
      .toEqual([expect.stringMatching(/^12,426 parameters, /)]);
    await client.close();
  });

  it('show what can be done with a model before what it costs', async () => {
    const client = await started(source, ['archc.run', 'archc.compile', 'archc.showCost', 'archc.showGraph']);
    const lenses = async () => (await client.of<CodeLens[]>('textDocument/codeLens', uri)).map(({ command }) => command?.title);
    await expect.poll(lenses, { timeout: 10_000 }).toEqual(['Compile', 'Run', 'Show Graph', expect.stringMatching(/^12,426 parameters, /)]);
    await client.close();
  });

  it('give models as data for pictures', async () => {
    const client = await started();
    const view = await client.of<ModelView>('archc/view', uri);
    expect(view).toMatchObject({ version: 1, name: 'Net' });
    expect(view.entries[0]?.root.children?.map(({ label }) => label)).toEqual(expect.arrayContaining(['conv', 'relu', 'fc']));
    await client.edit(uri, source.replace('fc: Linear', 'head: Linear'));
    expect(JSON.stringify(await client.of('archc/view', uri, { model: 'Net' }))).toContain('head');
    expect(await client.of('archc/view', uri, { model: 'Other' })).toBeNull();
    await client.close();
  });

  it('tell clients that show pictures when another build is chosen', async () => {
    const build = (hidden: number) => ({ model: 'net.arch', out: `${hidden}.onnx`, set: { hidden } });
    const project = JSON.stringify({ builds: { a: build(8), b: build(16) } });
    const client = await LspClient.start({ 'archc.json': project }, everything, { views: true });
    await client.open(uri, source);
    let told = 0;
    client.connection.onNotification('archc/viewsChanged', () => {
      told++;
    });
    const parameters = async () => (await client.of<ModelView>('archc/view', uri)).entries[0]?.root.parameters;
    expect(await parameters()).toBe(3114);
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: { archc: { build: 'b' } } });
    await expect.poll(() => told).toBe(1);
    expect(await parameters()).toBe(6218);
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: 'archc.json', type: 2 }] });
    await expect.poll(() => told).toBe(2);
    await client.close();
  });

  it('answer nothing about documents that are not open, and survive a file that cannot be read', async () => {
    const client = await started();
    expect(await client.of('textDocument/documentSymbol', 'missing.arch')).toEqual([]);
    expect(
      await client.connection.sendRequest('textDocument/hover', {
        textDocument: { uri: 'missing.arch' },
        position: { line: 3, character: 4 },
      }),
    ).toBeNull();
    expect(await client.diagnostics(uri)).toEqual([]);
    await client.close();
  });
});
