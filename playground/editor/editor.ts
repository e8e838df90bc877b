import { autocompletion } from '@codemirror/autocomplete';
import { indentWithTab } from '@codemirror/commands';
import { forEachDiagnostic, lintGutter, setDiagnosticsEffect } from '@codemirror/lint';
import type { LSPClient } from '@codemirror/lsp-client';
import { Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { completionSource } from './completion.js';
import { hints } from './hints.js';
import { hover } from './hover.js';
import { archLanguage } from './language.js';
import { uri } from './server.js';
import { typing } from './typing.js';

/** A message of the server at a place of the text. */
export interface Message {
  readonly severity: string;
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly line: number;
  readonly column: number;
}

/** What the editor tells the page. */
export interface EditorEvents {
  changed(): void;
  moved(): void;
  messages(messages: readonly Message[]): void;
  run(): void;
}

/** The editor with the language server behind it. `nonce` is that of the styles which it makes. */
export function makeEditor(parent: HTMLElement, text: string, client: LSPClient, nonce: string, events: EditorEvents): EditorView {
  const run = () => {
    events.run();
    return true;
  };
  return new EditorView({
    doc: text,
    parent,
    extensions: [
      EditorView.cspNonce.of(nonce),
      Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
      typing,
      basicSetup,
      // Tab indents; after Escape, it leaves the editor.
      keymap.of([indentWithTab]),
      archLanguage,
      lintGutter(),
      autocompletion({ override: [completionSource(client)] }),
      hover(client),
      hints,
      client.plugin(uri, 'arch'),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': 'The source of the model. Tab indents; Escape and then Tab leaves the editor.' }),
      EditorView.updateListener.of(({ docChanged, selectionSet, transactions, state }) => {
        if (docChanged) events.changed();
        if (selectionSet) events.moved();
        if (!transactions.some(({ effects }) => effects.some((effect) => effect.is(setDiagnosticsEffect)))) return;
        const found: Message[] = [];
        forEachDiagnostic(state, ({ severity, message }, from, to) => {
          const line = state.doc.lineAt(from);
          found.push({ severity, text: message, from, to, line: line.number, column: from - line.from + 1 });
        });
        events.messages(found);
      }),
    ],
  });
}

/** Replaces the text, as a change that can be undone. */
export function setText(view: EditorView, text: string): void {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, selection: { anchor: 0 }, scrollIntoView: true });
}

/** Selects a place, and goes there. */
export function goTo(view: EditorView, from: number, to: number): void {
  const end = view.state.doc.length;
  const [anchor, head] = [Math.min(from, end), Math.min(to, end)];
  view.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
}
