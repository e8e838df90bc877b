import { describe, expect, it } from 'vitest';
import type { Hover, Location, SemanticTokens, SemanticTokensDelta, TextEdit } from 'vscode-languageserver';
import { LspClient } from '../kit/lsp.js';

const uri = 'main.arch';
const source = `import { Block } from "./block.arch"

model Net(classes = 10)(x: Tensor[N, 16]) -> (y: Tensor[N, classes]) {
  return x -> block: Block -> head: Linear(classes)
}
`;
const files = { 'block.arch': 'layer Block(x: Tensor[*B, D]) -> Tensor[*B, D] {\n  return x -> fc: Linear(D) -> relu\n}\n' };

describe('the language server', () => {
  it('sends the mistakes of a document, and of those that import it, after each edit', async () => {
    const client = await LspClient.start();
    await client.open('block.arch', files['block.arch']);
    await client.open(uri, source);
    expect(await client.diagnostics(uri)).toEqual([]);
    await client.edit('block.arch', files['block.arch'].replace('Linear(D)', 'Linear(D + 1)').replace('*B, D] {', '*B, D + 1] {'));
    expect(await client.diagnostics('block.arch')).toEqual([]);
    await client.edit(uri, source.replace('Linear(classes)', 'Linear(5)'));
    const [mistake, ...others] = await client.diagnostics(uri);
    expect(others).toEqual([]);
    expect(mistake).toMatchObject({
      code: 'result-mismatch',
      source: 'archc',
      severity: 1,
      codeDescription: { href: 'https://example.org/errors/result-mismatch.md' },
      range: { start: { line: 3, character: 9 }, end: { line: 3, character: 45 } },
      relatedInformation: [{ location: { uri }, message: 'the signature says so here' }],
    });
    await client.close();
  });

  it('goes to declarations in other files and in the standard library', async () => {
    const client = await LspClient.start(files);
    await client.open(uri, source);
    expect(await client.at<Location>('textDocument/definition', uri, 'Block ->')).toEqual({
      uri: 'block.arch',
      range: { start: { line: 0, character: 6 }, end: { line: 0, character: 11 } },
    });
    const library = await client.at<Location>('textDocument/definition', uri, 'Linear');
    expect(library.uri).toBe('archc-std:/std/layers.arch');
    const text: string = await client.connection.sendRequest('archc-std/text', { uri: library.uri });
    expect(text.split('\n')[library.range.start.line]).toContain('layer Linear');
    const places = await client.at<Location[]>('textDocument/references', uri, 'Block ->', { context: { includeDeclaration: true } });
    expect(places.map((place) => [place.uri, place.range.start.line])).toEqual([
      [uri, 0],
      [uri, 3],
      ['block.arch', 0],
    ]);
    await client.close();
  });

  it('says what there is in documents of the standard library', async () => {
    const client = await LspClient.start(files);
    await client.open(uri, source);
    const library = await client.at<Location>('textDocument/definition', uri, 'Linear');
    await client.open(library.uri, await client.connection.sendRequest('archc-std/text', { uri: library.uri }));
    const hover = await client.at<Hover>('textDocument/hover', library.uri, 'Linear(out');
    expect(JSON.stringify(hover.contents)).toContain('layer Linear(out: int, bias = true)');
    expect(await client.at<Location>('textDocument/definition', library.uri, 'In]) -> Tensor[*B, out]')).toMatchObject({
      uri: library.uri,
    });
    expect(await client.diagnostics(library.uri)).toEqual([]);
    await client.close();
  });

  it('formats only the lines that differ', async () => {
    const client = await LspClient.start(files);
    await client.open(uri, source.replace('  return', 'return'));
    const edits = await client.of<TextEdit[]>('textDocument/formatting', uri, { options: { tabSize: 2, insertSpaces: true } });
    expect(edits).toEqual([
      {
        range: { start: { line: 3, character: 0 }, end: { line: 4, character: 0 } },
        newText: '  return x -> block: Block -> head: Linear(classes)\n',
      },
    ]);
    await client.close();
  });

  it('sends only the semantic tokens that have changed', async () => {
    const client = await LspClient.start(files);
    await client.open(uri, source);
    const all = await client.of<SemanticTokens>('textDocument/semanticTokens/full', uri);
    expect(all.data).toHaveLength(5 * 14);
    await client.edit(uri, source.replace('head:', 'last:'));
    const same = await client.of<SemanticTokensDelta>('textDocument/semanticTokens/full/delta', uri, { previousResultId: all.resultId });
    expect(same.edits).toEqual([]);
    await client.close();
  });

  it('shows faded what has no effect, and sends nothing for a closed document', async () => {
    const client = await LspClient.start(files);
    await client.open(uri, source.replace('  return', '  z = x * 2\n  return'));
    expect(await client.diagnostics(uri)).toMatchObject([{ code: 'unused-variable', tags: [1], severity: 2 }]);
    await client.close();
  });

  it('survives a fault of the compiler, and tells it', async () => {
    let isBroken = true;
    const replace = () => {
      if (isBroken) throw new TypeError('broken');
      return '{ "builds": {} }';
    };
    const client = await LspClient.start({ 'archc.json': { replace } as unknown as string });
    const told = new Promise<string>((done) => {
      client.connection.onNotification('window/logMessage', ({ message }: { readonly message: string }) => done(message));
    });
    await client.open(uri, source);
    expect(await told).toContain('TypeError: broken');
    isBroken = false;
    await client.edit(uri, `${source}\n`);
    expect(await client.diagnostics(uri)).not.toEqual([]);
    await client.close();
  });
});
