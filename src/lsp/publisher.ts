import type { Connection, Diagnostic as LspDiagnostic } from 'vscode-languageserver';
import type { Documents } from './documents.js';

/** A document of the client. */
export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
}

interface PublisherInit {
  readonly connection: Connection;
  readonly documents: Documents;
  readonly open: () => readonly OpenDocument[];
  /** The present diagnostics of a file. */
  readonly diagnosticsOf: (path: string) => LspDiagnostic[];
  /** What is shown of a file that is not open: what builds of other files have found in it. */
  readonly ofUnopened: (path: string) => LspDiagnostic[];
  /** Runs work after the messages that have already arrived, so that only the last of several edits is checked. */
  readonly later: (work: () => void) => void;
}

/** Sends the diagnostics of open documents after each change: those of the changed document first, then those of documents that import it, one at a time. */
export class Publisher {
  readonly #init: PublisherInit;
  /** URIs of documents to check, in this order. */
  readonly #waiting = new Set<string>();
  #isScheduled = false;

  constructor(init: PublisherInit) {
    this.#init = init;
  }

  /** A document was opened or edited, or a file has changed on disk. */
  changed(uri: string): void {
    const { documents, open } = this.#init;
    const path = documents.path({ uri });
    const others = open().filter((other) => other.uri !== uri && documents.workspace.dependsOn(documents.path(other), path));
    const isOpen = open().some((document) => document.uri === uri);
    this.#enqueue([...(isOpen ? [uri] : []), ...others.map((document) => document.uri)]);
  }

  /** Everything may be different, because the options of checks have changed. */
  all(): void {
    this.#enqueue(this.#init.open().map(({ uri }) => uri));
  }

  /** More is known about a document, which need not be open. */
  again(uri: string): void {
    this.#enqueue([uri]);
  }

  /** A document was closed. */
  closed(uri: string): void {
    this.#waiting.delete(uri);
    void this.#init.connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  #enqueue(uris: readonly string[]): void {
    // What was edited last comes first.
    const waiting = [...uris, ...this.#waiting];
    this.#waiting.clear();
    for (const uri of waiting) this.#waiting.add(uri);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.size === 0) return;
    this.#isScheduled = true;
    this.#init.later(() => {
      this.#isScheduled = false;
      try {
        this.#publishNext();
      } finally {
        this.#schedule();
      }
    });
  }

  #publishNext(): void {
    const [uri] = this.#waiting;
    if (uri === undefined) return;
    this.#waiting.delete(uri);
    const { documents, open, connection, diagnosticsOf, ofUnopened } = this.#init;
    const document = open().find((other) => other.uri === uri);
    const path = documents.path({ uri });
    if (document === undefined) void connection.sendDiagnostics({ uri, diagnostics: ofUnopened(path) });
    else void connection.sendDiagnostics({ uri, version: document.version, diagnostics: diagnosticsOf(path) });
  }
}
