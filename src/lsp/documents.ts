import type { Location, LocationLink, Range } from 'vscode-languageserver';
import type { Span } from '../diagnostics/span.js';
import { standardText } from '../ide/names/imports.js';
import type { Workspace } from '../ide/workspace.js';
import { TextPositions } from './text-positions.js';
import type { Uris } from './uris.js';

/** Finds texts and places for the messages of the protocol. */
export class Documents {
  readonly workspace: Workspace;
  readonly uris: Uris;
  readonly #positions = new Map<string, { readonly text: string; readonly positions: TextPositions }>();

  constructor(workspace: Workspace, uris: Uris) {
    this.workspace = workspace;
    this.uris = uris;
  }

  path({ uri }: { readonly uri: string }): string {
    return this.uris.pathOf(uri);
  }

  /** The positions in the present text of a file. */
  positions(path: string): TextPositions {
    const text = this.workspace.text(path) ?? standardText(path) ?? '';
    const known = this.#positions.get(path);
    if (known?.text === text) return known.positions;
    const positions = new TextPositions(text);
    this.#positions.set(path, { text, positions });
    return positions;
  }

  offset(path: string, position: { readonly line: number; readonly character: number }): number {
    return this.positions(path).offset(position);
  }

  range(span: Span): Range {
    return this.positions(span.file).range(span);
  }

  location(span: Span): Location {
    return { uri: this.uris.uriOf(span.file), range: this.range(span) };
  }

  link({ from, to }: { readonly from: Span; readonly to: Span }): LocationLink {
    const range = this.range(to);
    return { originSelectionRange: this.range(from), targetUri: this.uris.uriOf(to.file), targetRange: range, targetSelectionRange: range };
  }
}
