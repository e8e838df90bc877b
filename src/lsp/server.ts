import {
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  type Diagnostic as LspDiagnostic,
  type ServerCapabilities,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Builds } from '../ide/builds/builds.js';
import type { FileView } from '../ide/file-view.js';
import { Insights } from '../ide/insights/insights.js';
import { standardText } from '../ide/names/imports.js';
import { Workspace, type WorkspaceHost } from '../ide/workspace.js';
import { version } from '../version.js';
import { BuildFindings } from './build-findings.js';
import { lspDiagnostics } from './diagnostics.js';
import { Documents } from './documents.js';
import type { FeatureContext } from './feature.js';
import { features } from './features.js';
import { Pauses } from './pauses.js';
import { type ProvidedFile, providedFiles } from './provided-files.js';
import { Publisher } from './publisher.js';
import { type Settings, settingsFrom } from './settings.js';
import { standardScheme, type Uris } from './uris.js';

/** What the server needs from where it runs. */
export interface Environment {
  readonly uris: Uris;
  /** Files that are not open, below the folders of the workspace at the time. */
  host(folders: () => readonly string[]): WorkspaceHost;
  /** Takes a file that the client has sent, where files cannot be read. */
  readonly provide?: (file: ProvidedFile) => void;
  /** The address of a page of the documentation, such as `errors/shape-mismatch.md`, if clients can open it. */
  pageOf(page: string): string | undefined;
  later(work: () => void): void;
}

/** Serves one client until it disconnects. */
export function serve(connection: Connection, environment: Environment): void {
  connection.onInitialize((params) => new Server(connection, environment, params).capabilities());
  connection.listen();
}

class Server {
  readonly #connection: Connection;
  readonly #texts = new TextDocuments(TextDocument);
  readonly #documents: Documents;
  readonly #publisher: Publisher;
  readonly #params: InitializeParams;
  readonly #pageOf: (page: string) => string | undefined;
  /** The URIs of the folders of the workspace. */
  #folders: readonly string[];
  readonly #insights: Insights;
  readonly #builds: Builds;
  /** The present texts that were built. */
  readonly #built = new WeakSet<FileView>();
  readonly #findings: BuildFindings;
  readonly #pauses = new Pauses(() => this.#guarded(() => this.#lookDeeper()) === true);
  #settings: Settings;

  constructor(connection: Connection, environment: Environment, params: InitializeParams) {
    const { uris, provide } = environment;
    if (provide !== undefined) for (const file of providedFiles(params.initializationOptions)) provide(file);
    this.#connection = connection;
    this.#params = params;
    this.#pageOf = (page) => environment.pageOf(page);
    this.#settings = settingsFrom(params.initializationOptions);
    const { workspaceFolders, rootUri } = params;
    this.#folders = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]);
    const host = environment.host(() => this.#folders.map((uri) => uris.pathOf(uri)));
    const workspace: Workspace = new Workspace(host, (path) => this.#builds.checkOptions(path));
    this.#builds = new Builds(workspace.sources(), () => this.#settings.build);
    this.#documents = new Documents(workspace, uris);
    this.#findings = new BuildFindings((path) => workspace.text(path));
    this.#insights = new Insights(workspace, (path, model) => this.#builds.compileOptions(path, model));
    this.#publisher = new Publisher({
      connection,
      documents: this.#documents,
      open: () => this.#texts.all(),
      diagnosticsOf: (path) => this.#diagnosticsOf(path),
      ofUnopened: (path) => this.#diagnosticsOf(path, { own: false }),
      later: (work) => environment.later(() => this.#guarded(work)),
    });
    this.#followTexts();
    this.#followClient();
    if (provide !== undefined) this.#followFiles(provide);
    this.#registerFeatures();
  }

  capabilities(): InitializeResult {
    const all = features.map((feature) => feature.capabilities(this.#params.capabilities));
    const pull = this.#onlyPulls() ? { diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false } } : {};
    const own: ServerCapabilities = {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      ...pull,
    };
    const workspace = Object.assign({}, ...[...all, own].map((capabilities) => capabilities.workspace));
    return { serverInfo: { name: 'archc', version }, capabilities: { ...Object.assign({}, ...all, own), workspace } };
  }

  /** Whether the client asks for diagnostics, but does not take those that are sent. A client that takes both would show them twice. */
  #onlyPulls(): boolean {
    const { textDocument } = this.#params.capabilities;
    return textDocument?.diagnostic !== undefined && textDocument.publishDiagnostics === undefined;
  }

  #followTexts(): void {
    const { workspace } = this.#documents;
    const pathOf = (document: TextDocument) => this.#documents.path(document);
    this.#texts.onDidChangeContent(({ document }) => {
      workspace.set(pathOf(document), document.getText());
      if (!this.#onlyPulls()) this.#publisher.changed(document.uri);
      this.#pauses.restart();
    });
    this.#texts.onDidClose(({ document }) => {
      workspace.close(pathOf(document));
      const files = this.#findings.delete(pathOf(document));
      this.#publisher.closed(document.uri);
      this.#publisher.changed(document.uri);
      this.#publishAgain([...files, ...(this.#findings.in(pathOf(document)).length > 0 ? [pathOf(document)] : [])]);
    });
    this.#texts.listen(this.#connection);
  }

  #followClient(): void {
    const { capabilities } = this.#params;
    this.#connection.onShutdown(() => this.#pauses.stop());
    this.#connection.onInitialized(() => {
      if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true)
        void this.#connection.client.register(DidChangeConfigurationNotification.type, { section: 'archc' });
      if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true)
        void this.#connection.client.register(DidChangeWatchedFilesNotification.type, {
          watchers: ['**/*.arch', '**/archc.json', '**/*.safetensors'].map((globPattern) => ({ globPattern })),
        });
      if (capabilities.workspace?.workspaceFolders === true)
        this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
          const gone = new Set(removed.map(({ uri }) => uri));
          this.#folders = [...this.#folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)];
          this.#documents.workspace.refresh();
        });
      void this.#readSettings();
    });
    this.#connection.onDidChangeConfiguration(({ settings }) => {
      if (capabilities.workspace?.configuration === true) void this.#readSettings();
      else this.#useSettings(settingsFrom((settings as { readonly archc?: unknown } | null)?.archc ?? settings));
    });
    this.#connection.onDidChangeWatchedFiles(({ changes }) => {
      for (const { uri } of changes) this.#changedOnDisk(uri);
      this.#pauses.restart();
    });
    this.#connection.languages.diagnostics.on(({ textDocument }) => ({
      kind: 'full',
      items: this.#diagnosticsOf(this.#documents.path(textDocument)),
    }));
    // For documents of the standard library, where it is not in the file system.
    this.#connection.onRequest(
      `${standardScheme}/text`,
      ({ uri }: { readonly uri: string }) => standardText(this.#documents.path({ uri })) ?? null,
    );
  }

  /** Notifications `archc/files` say which of the provided files have changed. */
  #followFiles(provide: (file: ProvidedFile) => void): void {
    this.#connection.onNotification('archc/files', (params: unknown) => {
      const files = providedFiles(params);
      for (const file of files) provide(file);
      for (const { uri } of files) this.#changedOnDisk(uri);
      this.#pauses.restart();
    });
  }

  #changedOnDisk(uri: string): void {
    const { workspace } = this.#documents;
    const path = this.#documents.path({ uri });
    workspace.changedOnDisk(path);
    if (path.endsWith('.arch')) {
      this.#publisher.changed(uri);
      this.#viewsChanged();
      return;
    }
    // A project file or weights: every build may have other results.
    this.#builds.refresh();
    workspace.reset();
    this.#publishAgain(this.#findings.clear());
    this.#publisher.all();
    this.#viewsChanged();
  }

  /** Pictures of open documents may be different, though their texts are not. */
  #viewsChanged(): void {
    const { views } = (this.#params.initializationOptions ?? {}) as { readonly views?: unknown };
    if (views === true) void this.#connection.sendNotification('archc/viewsChanged');
  }

  /** `own`: also what is found without a build. */
  #diagnosticsOf(path: string, { own = true } = {}): LspDiagnostic[] {
    return lspDiagnostics(this.#documents, path, this.#pageOf, { ofBuild: this.#findings.in(path), own });
  }

  /** What is known about some files has changed; they need not be open. */
  #publishAgain(paths: readonly string[]): void {
    const open = new Map(this.#texts.all().map((document) => [this.#documents.path(document), document.uri]));
    for (const path of paths) this.#publisher.again(open.get(path) ?? this.#documents.uris.uriOf(path));
  }

  /** Work that no request waits for. A fault of the compiler in it is told, and does not end the server. */
  #guarded<R>(work: () => R): R | undefined {
    try {
      return work();
    } catch (error) {
      this.#connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return undefined;
    }
  }

  /** Builds one open document, or compiles one of its models, about which nothing is known; false if there is none. */
  #lookDeeper(): boolean {
    for (const document of this.#texts.all()) {
      const path = this.#documents.path(document);
      if (this.#build(path)) return true;
      const [model] = this.#insights.missing(path);
      if (model === undefined) continue;
      this.#insights.compute(path, model);
      this.#refreshLenses();
      return true;
    }
    return false;
  }

  /** Finds what the build of a document reports; false if that is known. */
  #build(path: string): boolean {
    const view = this.#documents.workspace.view(path);
    if (view === undefined || this.#built.has(view) || view.checked.failed || !this.#builds.has(path)) return false;
    // Is not tried twice if it fails.
    this.#built.add(view);
    this.#publishAgain(this.#findings.set(path, this.#builds.diagnostics(path)));
    return true;
  }

  async #readSettings(): Promise<void> {
    if (this.#params.capabilities.workspace?.configuration !== true) return;
    this.#useSettings(settingsFrom(await this.#connection.workspace.getConfiguration('archc')));
  }

  #useSettings(settings: Settings): void {
    const before = JSON.stringify(this.#settings);
    this.#settings = settings;
    if (JSON.stringify(settings) === before) return;
    this.#builds.refresh();
    this.#documents.workspace.reset();
    this.#publishAgain(this.#findings.clear());
    this.#publisher.all();
    this.#pauses.restart();
    const { workspace } = this.#params.capabilities;
    if (workspace?.inlayHint?.refreshSupport === true) void this.#connection.languages.inlayHint.refresh();
    this.#refreshLenses();
    this.#viewsChanged();
  }

  #refreshLenses(): void {
    if (this.#params.capabilities.workspace?.codeLens?.refreshSupport === true)
      void this.#connection.sendRequest(CodeLensRefreshRequest.type);
  }

  #registerFeatures(): void {
    const documents = this.#documents;
    const context: FeatureContext = {
      connection: this.#connection,
      documents,
      client: this.#params.capabilities,
      settings: () => this.#settings,
      insights: this.#insights,
      builds: this.#builds,
      commands: commandsIn(this.#params.initializationOptions),
      pageOf: this.#pageOf,
      onClose: (listener) => {
        this.#texts.onDidClose(({ document }) => listener(document.uri));
      },
      answer: (handle) => (params) => {
        const path = documents.path(params.textDocument);
        return handle(path, documents.offset(path, params.position));
      },
    };
    for (const feature of features) feature.register(context);
  }
}

/** `initializationOptions: { commands: ["archc.compile"] }`: what the client can run. */
function commandsIn(options: unknown): ReadonlySet<string> {
  const { commands } = (typeof options === 'object' && options !== null ? options : {}) as { readonly commands?: unknown };
  return new Set(Array.isArray(commands) ? commands.filter((command) => typeof command === 'string') : []);
}
