import type { Location, LocationLink, Position, Range } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Span } from '../diagnostics/span.js';
import { standardText } from '../ide/names/imports.js';
import type { Workspace } from '../ide/workspace.js';
import type { Uris } from './uris.js';

/** Finds texts and places for the messages of the protocol. */
export class Documents {
  readonly workspace: Workspace;
  readonly uris: Uris;
  /** The texts for which positions were asked last, with their lines. */
  readonly #texts = new Map<string, TextDocument>();

  constructor(workspace: Workspace, uris: Uris) {
    this.workspace = workspace;
    this.uris = uris;
  }

  path({ uri }: { readonly uri: string }): string {
    return this.uris.pathOf(uri);
  }

  /** The place of an offset in the present text of a file. */
  position(path: string, offset: number): Position {
    return this.#text(path).positionAt(offset);
  }

  /** The offset of a place; one beyond the end of a line or of the text is that end. */
  offset(path: string, position: Position): number {
    return this.#text(path).offsetAt(position);
  }

  range({ file, start, end }: Span): Range {
    const text = this.#text(file);
    return { start: text.positionAt(start), end: text.positionAt(end) };
  }

  location(span: Span): Location {
    return { uri: this.uris.uriOf(span.file), range: this.range(span) };
  }

  link({ from, to }: { readonly from: Span; readonly to: Span }): LocationLink {
    const range = this.range(to);
    return { originSelectionRange: this.range(from), targetUri: this.uris.uriOf(to.file), targetRange: range, targetSelectionRange: range };
  }

  #text(path: string): TextDocument {
    const text = this.workspace.text(path) ?? standardText(path) ?? '';
    const known = this.#texts.get(path);
    if (known?.getText() === text) return known;
    const document = TextDocument.create(path, 'arch', 0, text);
    this.#texts.set(path, document);
    return document;
  }
}
