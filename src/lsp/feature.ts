import type { ClientCapabilities, Connection, Position, ServerCapabilities } from 'vscode-languageserver';
import type { Builds } from '../ide/builds/builds.js';
import type { Insights } from '../ide/insights/insights.js';
import type { Documents } from './documents.js';
import type { Settings } from './settings.js';

/** What a feature works with. */
export interface FeatureContext {
  readonly connection: Connection;
  readonly documents: Documents;
  readonly client: ClientCapabilities;
  /** The settings of the client at this moment. */
  readonly settings: () => Settings;
  /** Costs of models, as far as they are known. */
  readonly insights: Insights;
  readonly builds: Builds;
  /** The commands that the client says it has, such as `archc.compile`. */
  readonly commands: ReadonlySet<string>;
  /** The address of a page of the documentation. */
  readonly pageOf: (page: string) => string | undefined;
  /** Calls a listener with the URI of each document that is closed. */
  readonly onClose: (listener: (uri: string) => void) => void;
  /** A handler of requests about a place in a document, from a function of the path and the offset. */
  readonly answer: <R>(
    handle: (path: string, offset: number) => R,
  ) => (params: { readonly textDocument: { readonly uri: string }; readonly position: Position }) => R;
}

/** A part of the protocol. */
export interface Feature {
  readonly capabilities: (client: ClientCapabilities) => ServerCapabilities;
  readonly register: (context: FeatureContext) => void;
}
