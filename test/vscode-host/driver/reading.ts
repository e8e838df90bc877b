import * as vscode from 'vscode';
import { at, type Check, command, edited, file, has, includes, markdown, open, same, show, until } from './kit.js';

const digits = 'models/digits.arch';
const encoder = 'models/encoder.arch';
const blocks = 'layers/blocks.arch';

type Place = vscode.Location | vscode.LocationLink;

async function placesOf(
  provider: string,
  path: string,
  text: string,
  further = 0,
): Promise<readonly { uri: vscode.Uri; range: vscode.Range }[]> {
  const document = await open(path);
  const found = await command<readonly Place[]>(provider, document.uri, at(document, text, further));
  return found.map((place) => ('uri' in place ? place : { uri: place.targetUri, range: place.targetSelectionRange ?? place.targetRange }));
}

async function textsAt(places: readonly { uri: vscode.Uri; range: vscode.Range }[]): Promise<readonly string[]> {
  const texts = await Promise.all(
    places.map(async ({ uri, range }) => `${uri.path.split('/').at(-1)}: ${(await vscode.workspace.openTextDocument(uri)).getText(range)}`),
  );
  return texts.sort();
}

/** What is shown about code, and where it leads. */
export const readingChecks: readonly Check[] = [
  {
    name: 'language: an .arch file is one, and comments have their sign',
    run: async () => {
      const { document } = await show(digits);
      same(document.languageId, 'arch', 'the language');
      return document.languageId;
    },
  },
  {
    name: 'hover',
    run: async () => {
      const document = await open(digits);
      const hover = async (text: string) =>
        markdown(
          (await command<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at(document, text))).flatMap(
            ({ contents }) => contents,
          ),
        );
      has(await hover('stem: ConvBlock'), '[N, 8, 28, 28]', 'the hover of a label');
      has(await hover('ConvBlock(8)'), 'A convolution that keeps the size', 'the documentation of a layer');
      const cost = await until('the cost of the model', async () => {
        const text = await hover('Digits(');
        return text.includes('parameters') && text;
      });
      return cost;
    },
  },
  {
    name: 'inlay hints, which can be written into the text',
    run: async () => {
      const document = await open(digits);
      const all = new vscode.Range(0, 0, document.lineCount, 0);
      const hints = await command<vscode.InlayHint[]>('vscode.executeInlayHintProvider', document.uri, all);
      const labels = hints.map(({ label }) => (typeof label === 'string' ? label : label.map(({ value }) => value).join('')));
      includes(labels, '[N, 8, 14, 14]', 'the labels');
      includes(labels, 'In = 784', 'the labels');
      const shape = hints.find((_, index) => labels[index] === '[N, 8, 14, 14]');
      has(edited(document, shape?.textEdits ?? []), 'max_pool2d(2) as [N, 8, 14, 14]', 'the text with the hint');
      return labels;
    },
  },
  {
    name: 'signature help',
    run: async () => {
      const document = await open(encoder);
      const help = await command<vscode.SignatureHelp>(
        'vscode.executeSignatureHelpProvider',
        document.uri,
        at(document, '[128, width]'),
        '(',
      );
      has(help.signatures[0]?.label, 'MLP(widths: list', 'the signature');
      same(help.activeParameter, 0, 'the argument');
      return help.signatures[0]?.label;
    },
  },
  {
    name: 'definition in another file',
    run: async () => {
      const texts = await textsAt(await placesOf('vscode.executeDefinitionProvider', digits, 'ConvBlock(8)'));
      same(texts, ['blocks.arch: ConvBlock'], 'the definition');
      return texts;
    },
  },
  {
    name: 'definition in the standard library, which has no mistakes',
    run: async () => {
      const places = await placesOf('vscode.executeDefinitionProvider', encoder, 'causal_mask(16)');
      same(await textsAt(places), ['attention.arch: causal_mask'], 'the definition');
      const [place] = places;
      if (place === undefined) throw new Error('there is none');
      const { document } = await vscode.window.showTextDocument(place.uri);
      same(document.languageId, 'arch', 'the language');
      await new Promise((done) => setTimeout(done, 1500));
      same(
        vscode.languages.getDiagnostics(place.uri).map(({ message }) => message),
        [],
        'the diagnostics of the library',
      );
      const layer = await textsAt(await placesOf('vscode.executeDefinitionProvider', encoder, 'LayerNorm'));
      same(layer, ['normalization.arch: LayerNorm'], 'the definition of a layer that needs no import');
      return String(place.uri);
    },
  },
  {
    name: 'type definition',
    run: async () => {
      const texts = await textsAt(await placesOf('vscode.executeTypeDefinitionProvider', digits, 'deep: ConvBlock'));
      same(texts, ['blocks.arch: ConvBlock'], 'the type definition');
      return texts;
    },
  },
  {
    name: 'references in all files',
    run: async () => {
      const texts = await textsAt(await placesOf('vscode.executeReferenceProvider', blocks, 'ConvBlock'));
      same(texts, ['blocks.arch: ConvBlock', ...Array(3).fill('digits.arch: ConvBlock')], 'the references');
      return texts;
    },
  },
  {
    name: 'highlights',
    run: async () => {
      const document = await open(digits);
      const found = await command<vscode.DocumentHighlight[]>('vscode.executeDocumentHighlights', document.uri, at(document, 'scale = '));
      same(
        found.map(({ kind, range }) => [range.start.line, kind]),
        [
          [5, vscode.DocumentHighlightKind.Write],
          [6, vscode.DocumentHighlightKind.Read],
        ],
        'the highlights',
      );
      return found.length;
    },
  },
  {
    name: 'symbols of a document',
    run: async () => {
      const symbols = await command<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', file(digits));
      const model = symbols.find(({ name }) => name === 'Digits');
      const inside = model?.children.map(({ name }) => name) ?? [];
      for (const name of ['classes', 'stem', 'deep', 'head']) includes(inside, name, 'what is in the model');
      return inside;
    },
  },
  {
    name: 'symbols of the workspace',
    run: async () => {
      const found = await command<vscode.SymbolInformation[]>('vscode.executeWorkspaceSymbolProvider', 'block');
      const names = found.map(({ name, location }) => `${name} in ${vscode.workspace.asRelativePath(location.uri)}`);
      includes(names, 'ConvBlock in layers/blocks.arch', 'the symbols');
      return names;
    },
  },
  {
    name: 'semantic tokens',
    run: async () => {
      const uri = file(digits);
      const { tokenTypes } = await command<vscode.SemanticTokensLegend>('vscode.provideDocumentSemanticTokensLegend', uri);
      const { data } = await command<vscode.SemanticTokens>('vscode.provideDocumentSemanticTokens', uri);
      const types = new Set<string | undefined>();
      for (let index = 3; index < data.length; index += 5) types.add(tokenTypes[data[index] ?? 0]);
      for (const type of ['class', 'function', 'variable', 'property']) includes([...types], type, 'the types of tokens');
      return [...types];
    },
  },
  {
    name: 'folding',
    run: async () => {
      const found = await command<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', file(digits));
      const lines = found.map(({ start, end }) => `${start}-${end}`);
      if (!found.some(({ start, end }) => start === 3 && end >= 6)) throw new Error(`the model does not fold: ${lines}`);
      return lines;
    },
  },
  {
    name: 'selection ranges',
    run: async () => {
      const document = await open(digits);
      const [first] = await command<vscode.SelectionRange[]>('vscode.executeSelectionRangeProvider', document.uri, [
        at(document, 'stem, i64', 1),
      ]);
      const texts: string[] = [];
      for (let range = first; range !== undefined; range = range.parent as vscode.SelectionRange) texts.push(document.getText(range.range));
      includes(texts, 'stem', 'the selections');
      includes(texts, 'cast(stem, i64)', 'the selections');
      return texts.slice(0, 5);
    },
  },
  {
    name: 'call hierarchy',
    run: async () => {
      const document = await open(blocks);
      const [item] = await command<vscode.CallHierarchyItem[]>('vscode.prepareCallHierarchy', document.uri, at(document, 'ConvBlock'));
      const incoming = await command<vscode.CallHierarchyIncomingCall[]>('vscode.provideIncomingCalls', item);
      same(
        incoming.map(({ from, fromRanges }) => [from.name, fromRanges.length]),
        [['Digits', 2]],
        'who uses the layer',
      );
      const outgoing = await command<vscode.CallHierarchyOutgoingCall[]>('vscode.provideOutgoingCalls', item);
      const names = outgoing.map(({ to }) => to.name);
      for (const name of ['Conv2d', 'BatchNorm2d']) includes(names, name, 'what the layer uses');
      return names;
    },
  },
  {
    name: 'links of imports',
    run: async () => {
      const links = await command<vscode.DocumentLink[]>('vscode.executeLinkProvider', file(digits));
      same(
        links.map(({ target }) => target && vscode.workspace.asRelativePath(target)),
        ['layers/blocks.arch'],
        'the links',
      );
      const [library] = await command<vscode.DocumentLink[]>('vscode.executeLinkProvider', file(encoder));
      if (library?.target === undefined) throw new Error('the import of the library has no link');
      has((await vscode.workspace.openTextDocument(library.target)).getText(), 'fn causal_mask', 'the library');
      return String(library.target);
    },
  },
  {
    name: 'code lenses',
    run: async () => {
      const uri = file(digits);
      const titles = await until('the cost of the model', async () => {
        const lenses = await command<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
        const all = lenses.map(({ command: act }) => act?.title ?? '');
        return all.some((title) => title.includes('parameters')) && all;
      });
      return titles;
    },
  },
];
