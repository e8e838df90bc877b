import type { Completion, CompletionSource } from '@codemirror/autocomplete';
import { type LSPClient, serverCompletionSource } from '@codemirror/lsp-client';
import type { CompletionItem, MarkupContent } from 'vscode-languageserver-protocol';
import { markdownElement } from './markdown.js';

/** The completions of the server. Its client would show their documentation as HTML; here it is asked for when an item is looked at, and shown as elements. */
export function completionSource(client: LSPClient): CompletionSource {
  return async (context) => {
    const result = await serverCompletionSource(context);
    if (result === null) return null;
    const options = result.options.map(
      (option, data): Completion => ({ ...option, info: () => documentation(client, option.displayLabel ?? option.label, data) }),
    );
    return { ...result, options };
  };
}

/** The server knows an item by its label and its place in the list. */
async function documentation(client: LSPClient, label: string, data: number): Promise<Node | null> {
  try {
    const item = await client.request<CompletionItem, CompletionItem>('completionItem/resolve', { label, data });
    const value = (item.documentation as MarkupContent | undefined)?.value;
    return value === undefined ? null : markdownElement(value);
  } catch {
    return null;
  }
}
