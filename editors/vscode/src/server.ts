import * as vscode from 'vscode';
import {
  type BaseLanguageClient,
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  type ErrorHandler,
  type ErrorHandlerResult,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
  Trace,
} from 'vscode-languageclient';
import { editingCommands } from './commands/editing.js';
import type { Platform } from './platform.js';
import { setting } from './settings.js';

/** What the lines above models may run. */
const lensCommands = ['archc.compile', 'archc.run', 'archc.showCost', 'archc.showGraph'];

export type ServerState = 'starting' | 'running' | 'stopped';

/** The language server: one for all folders of the window. */
export class Server implements vscode.Disposable {
  readonly #platform: Platform;
  readonly #log: vscode.LogOutputChannel;
  readonly #files = vscode.workspace.createFileSystemWatcher('**/{*.arch,archc.json}');
  readonly #changed = new vscode.EventEmitter<ServerState>();
  readonly #views = new vscode.EventEmitter<void>();
  #client: BaseLanguageClient | undefined;
  /** Starts and stops happen one after the other. */
  #work: Promise<void> = Promise.resolve();
  #state: ServerState = 'stopped';

  readonly onDidChangeState = this.#changed.event;
  /** Graphs may be different, though no text has changed: another build was chosen, or `archc.json` was. */
  readonly onDidChangeViews = this.#views.event;

  constructor(platform: Platform, log: vscode.LogOutputChannel) {
    this.#platform = platform;
    this.#log = log;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Starts the server, or stops it and starts it again. A failure is shown, not thrown. */
  restart(): Promise<void> {
    this.#work = this.#work.then(async () => {
      await this.#stop();
      this.#become('starting');
      const crashes = new Crashes();
      const client = await this.#platform.createClient(this.#options(crashes)).catch((error: unknown) => this.#complain(error));
      if (client === undefined) return;
      this.#client = client;
      client.onDidChangeState(({ newState }) => {
        // One that was replaced says once more that it has stopped.
        if (this.#client !== client) return;
        if (newState === State.Running) crashes.hasRun = true;
        this.#become(stateOf(newState));
      });
      client.onNotification('archc/viewsChanged', () => this.#views.fire());
      try {
        await client.start();
        await this.trace();
      } catch {
        // The client has said why.
        this.#become('stopped');
      }
    });
    return this.#work;
  }

  /** Asks the server, once it has started; `undefined` if it does not run. */
  async ask(method: string, params: object): Promise<unknown> {
    await this.#work;
    return this.#client?.isRunning() === true ? this.#client.sendRequest(method, params) : undefined;
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
    this.#views.dispose();
    this.#files.dispose();
  }

  #options(errorHandler: ErrorHandler): LanguageClientOptions {
    return {
      documentSelector: this.#platform.schemes?.map((scheme) => ({ scheme, language: 'arch' })) ?? [{ language: 'arch' }],
      outputChannel: this.#log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      diagnosticCollectionName: 'archc',
      errorHandler,
      initializationOptions: {
        views: true,
        commands: [...Object.keys(editingCommands), ...(this.#platform.runArchc === undefined ? [] : lensCommands)],
      },
      synchronize: { configurationSection: 'archc', fileEvents: this.#files },
      // Hovers quote names and comments of files: no commands, no HTML.
      markdown: { isTrusted: false, supportHtml: false },
    };
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    // A server that does not answer, or that never started, is left behind.
    await client?.dispose(2000).catch((error: unknown) => this.#log.warn(`the server did not stop: ${messageOf(error)}`));
  }

  #become(state: ServerState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#changed.fire(state);
  }

  #complain(error: unknown): undefined {
    this.#become('stopped');
    this.#log.error(`the language server did not start: ${messageOf(error)}`);
    void vscode.window.showErrorMessage('The language server of archc did not start.', 'Show Output').then((answer) => {
      if (answer !== undefined) this.#log.show();
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stateOf(state: State): ServerState {
  if (state === State.Running) return 'running';
  return state === State.Starting ? 'starting' : 'stopped';
}

/** Starts a server again that crashed, unless it never ran, or crashed often: the fifth time in three minutes is the last. */
class Crashes implements ErrorHandler {
  hasRun = false;
  readonly #times: number[] = [];

  error(_: Error, __: unknown, count = 0): ErrorHandlerResult {
    return { action: count <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown };
  }

  closed(): CloseHandlerResult {
    if (!this.hasRun) return { action: CloseAction.DoNotRestart, handled: true };
    const now = Date.now();
    this.#times.push(now);
    const recent = this.#times.filter((time) => now - time < 180_000);
    if (recent.length < 5) return { action: CloseAction.Restart };
    return {
      action: CloseAction.DoNotRestart,
      message: 'The language server of archc crashed five times in three minutes. It is not started again.',
    };
  }
}
