import {
  CompletionItemKind,
  CompletionItemTag,
  InsertTextFormat,
  type CompletionItem as LspItem,
  MarkupKind,
  SignatureHelpTriggerKind,
  TextEdit,
} from 'vscode-languageserver';
import { withoutPlaces } from '../../ide/features/completion/item.js';
import { type CompletionItem, type CompletionKind, completions, resolveCompletion } from '../../ide/features/completion.js';
import { signatureHelp } from '../../ide/features/signature-help.js';
import { withDocs } from '../../ide/present/markdown.js';
import { textEdit } from '../edits.js';
import type { Feature, FeatureContext } from '../feature.js';

/** Completion, with documentation only for the item that is looked at, and help with the arguments of calls. */
export const completing: Feature = {
  capabilities: () => ({
    completionProvider: { triggerCharacters: ['>', '.', '(', ',', '[', '<', ':', '"', ' '], resolveProvider: true },
    signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: [',', '='] },
  }),
  register: (context) => {
    const { connection, documents, pageOf } = context;
    const { workspace } = documents;
    /** The items that were sent last: a client sends one of them back for its documentation. */
    let sent: readonly CompletionItem[] = [];
    connection.onCompletion(({ textDocument, position, context: trigger }) => {
      const path = documents.path(textDocument);
      const offset = documents.offset(path, position);
      if (trigger?.triggerCharacter === ' ' && !followsArrow(workspace.text(path) ?? '', offset)) return [];
      if (trigger?.triggerCharacter === '>' && workspace.text(path)?.[offset - 2] !== '-') return [];
      sent = completions(workspace, path, offset);
      return sent.map((item, index) => toItem(item, index, context));
    });
    connection.onCompletionResolve((item) => {
      const original = sent.find((_, index) => index === item.data) ?? undefined;
      const markdown = original?.label === item.label ? resolveCompletion(workspace, original) : undefined;
      return markdown === undefined ? item : { ...item, documentation: { kind: MarkupKind.Markdown, value: withDocs(markdown, pageOf) } };
    });
    connection.onSignatureHelp(({ textDocument, position, context: trigger }) => {
      const path = documents.path(textDocument);
      const help = signatureHelp(workspace, path, documents.offset(path, position));
      if (help === undefined || (trigger?.triggerKind === SignatureHelpTriggerKind.ContentChange && help.parameters.length === 0))
        return null;
      const markdown = (value: string) => ({ kind: MarkupKind.Markdown, value: withDocs(value, pageOf) });
      const parameters = help.parameters.map(({ start, end, documentation }) => ({
        label: [start, end] as [number, number],
        documentation: markdown(documentation),
      }));
      const activeParameter = help.active ?? parameters.length;
      return {
        signatures: [{ label: help.label, documentation: markdown(help.documentation), parameters }],
        activeSignature: 0,
        activeParameter,
      };
    });
  },
};

function followsArrow(text: string, offset: number): boolean {
  return /->[ ]$/.test(text.slice(Math.max(0, offset - 4), offset));
}

/** A command of editors that shows what the call at the cursor takes. */
const parameterHints = 'archc.triggerParameterHints';

function toItem(item: CompletionItem, index: number, { documents, client, pageOf, commands }: FeatureContext): LspItem {
  const { label, kind, detail, insert, isSnippet, filter, sort, span, edits, deprecated, documentation } = item;
  const takesSnippets = client.textDocument?.completion?.completionItem?.snippetSupport === true;
  const showsHelp = item.takesArguments === true && takesSnippets && commands.has(parameterHints);
  return {
    label,
    kind: kinds[kind],
    ...(detail === undefined ? {} : { detail }),
    ...(documentation === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value: withDocs(documentation, pageOf) } }),
    filterText: filter,
    sortText: sort,
    insertTextFormat: isSnippet && takesSnippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    textEdit: TextEdit.replace(documents.range(span), isSnippet && !takesSnippets ? withoutPlaces(insert) : insert),
    ...(edits.length === 0 ? {} : { additionalTextEdits: edits.map((edit) => textEdit(documents, edit)) }),
    ...(showsHelp ? { command: { title: 'show the parameters', command: parameterHints } } : {}),
    ...(deprecated === true ? { tags: [CompletionItemTag.Deprecated] } : {}),
    data: index,
  };
}

const kinds: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  layer: CompletionItemKind.Class,
  model: CompletionItemKind.Class,
  function: CompletionItemKind.Function,
  operator: CompletionItemKind.Function,
  constant: CompletionItemKind.Constant,
  variable: CompletionItemKind.Variable,
  parameter: CompletionItemKind.Property,
  option: CompletionItemKind.Property,
  size: CompletionItemKind.TypeParameter,
  field: CompletionItemKind.Field,
  label: CompletionItemKind.Field,
  entry: CompletionItemKind.Method,
  weight: CompletionItemKind.Field,
  config: CompletionItemKind.Struct,
  type: CompletionItemKind.Keyword,
  value: CompletionItemKind.Value,
  keyword: CompletionItemKind.Keyword,
  snippet: CompletionItemKind.Snippet,
  file: CompletionItemKind.File,
  text: CompletionItemKind.Text,
};
