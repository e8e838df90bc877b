import { type LSPClient, LSPPlugin } from '@codemirror/lsp-client';
import type { Extension } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import type { Hover, MarkupContent } from 'vscode-languageserver-protocol';
import { markdownElement } from './markdown.js';
import { ask } from './server.js';

/** What the server says about the word under the pointer. */
export function hover(client: LSPClient): Extension {
  return hoverTooltip(
    async (view, pos) => {
      const plugin = LSPPlugin.get(view);
      if (plugin === null) return null;
      const found = await ask<Hover>(client, 'textDocument/hover', { position: plugin.toPosition(pos) });
      if (found === null) return null;
      const { value } = found.contents as MarkupContent;
      const [start, end] =
        found.range === undefined ? [pos, pos] : [found.range.start, found.range.end].map((at) => plugin.fromPosition(at));
      return { pos: start ?? pos, end: end ?? pos, above: true, create: () => ({ dom: markdownElement(value) }) };
    },
    { hideOn: (change) => change.docChanged },
  );
}
