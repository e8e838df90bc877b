import * as vscode from 'vscode';
import { type BaseLanguageClient, type LanguageClientOptions, RevealOutputChannelOn, State, Trace } from 'vscode-languageclient';
import type { Platform } from './platform.js';
import { setting } from './settings.js';

export type ServerState = 'starting' | 'running' | 'stopped';

/** The language server: one for all folders of the window. */
export class Server implements vscode.Disposable {
  readonly #platform: Platform;
  readonly #output: vscode.LogOutputChannel;
  readonly #files = vscode.workspace.createFileSystemWatcher('**/{*.arch,archc.json}');
  readonly #changed = new vscode.EventEmitter<ServerState>();
  #client: BaseLanguageClient | undefined;
  /** Starts and stops happen one after the other. */
  #work: Promise<void> = Promise.resolve();
  #state: ServerState = 'stopped';

  readonly onDidChangeState = this.#changed.event;

  constructor(platform: Platform, output: vscode.LogOutputChannel) {
    this.#platform = platform;
    this.#output = output;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Starts the server, or stops it and starts it again. A failure is shown, not thrown. */
  restart(): Promise<void> {
    this.#work = this.#work.then(async () => {
      await this.#stop();
      try {
        this.#become('starting');
        const client = await this.#platform.createClient(this.#options());
        this.#client = client;
        client.onDidChangeState(({ newState }) => {
          // One that was replaced says once more that it has stopped.
          if (this.#client === client) this.#become(stateOf(newState));
        });
        await client.start();
        await this.trace();
      } catch (error) {
        this.#become('stopped');
        await this.#complain(error);
      }
    });
    return this.#work;
  }

  /** Follows the setting `archc.server.trace`. */
  async trace(): Promise<void> {
    if (this.#client?.state === State.Running) await this.#client.setTrace(Trace.fromString(setting('server.trace')));
  }

  async close(): Promise<void> {
    this.#work = this.#work.then(() => this.#stop());
    await this.#work;
  }

  dispose(): void {
    void this.close();
    this.#changed.dispose();
    this.#files.dispose();
  }

  #options(): LanguageClientOptions {
    return {
      documentSelector: this.#platform.schemes?.map((scheme) => ({ scheme, language: 'arch' })) ?? [{ language: 'arch' }],
      outputChannel: this.#output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      diagnosticCollectionName: 'archc',
      synchronize: { configurationSection: 'archc', fileEvents: this.#files },
      // Hovers quote names and comments of files: no commands, no HTML.
      markdown: { isTrusted: false, supportHtml: false },
    };
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    // A server that does not answer, or that never started, is left behind.
    await client?.dispose(2000).catch((error: unknown) => this.#output.warn(`the server did not stop: ${messageOf(error)}`));
  }

  #become(state: ServerState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#changed.fire(state);
  }

  async #complain(error: unknown): Promise<void> {
    this.#output.error(`the language server did not start: ${messageOf(error)}`);
    // Not awaited: the message stays until somebody answers.
    void vscode.window.showErrorMessage('The language server of archc did not start.', 'Show Output').then((answer) => {
      if (answer !== undefined) this.#output.show();
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stateOf(state: State): ServerState {
  if (state === State.Running) return 'running';
  return state === State.Stopped ? 'stopped' : 'starting';
}
