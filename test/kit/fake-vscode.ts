/** The little of VS Code that the extension uses while it starts: what it registers and says is kept here. */
export const registered: string[] = [];
export const messages: string[] = [];
export const contexts: Record<string, unknown> = {};

const disposable = { dispose: () => {} };
const event = () => disposable;
const watcher = { ...disposable, onDidChange: event, onDidCreate: event, onDidDelete: event };

class EventEmitter<T> {
  readonly #listeners: ((value: T) => void)[] = [];
  readonly event = (listener: (value: T) => void) => {
    this.#listeners.push(listener);
    return disposable;
  };
  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
  dispose(): void {}
}

const known = {
  EventEmitter,
  Disposable: { from: () => disposable },
  StatusBarAlignment: { Right: 2 },
  workspace: {
    isTrusted: true,
    workspaceFolders: undefined,
    getConfiguration: () => ({ get: () => undefined }),
    createFileSystemWatcher: () => watcher,
    registerTextDocumentContentProvider: () => disposable,
    onDidCloseTextDocument: event,
    onDidChangeTextDocument: event,
    onDidSaveTextDocument: event,
    onDidChangeConfiguration: event,
    onDidGrantWorkspaceTrust: event,
  },
  window: {
    activeTextEditor: undefined,
    createOutputChannel: () => new Proxy(disposable, { get: () => () => {} }),
    createStatusBarItem: () => ({ ...disposable, show: () => {}, hide: () => {} }),
    onDidChangeActiveTextEditor: event,
    showErrorMessage: async (message: string) => {
      messages.push(message);
    },
  },
  commands: {
    registerCommand: (name: string) => {
      registered.push(name);
      return disposable;
    },
    executeCommand: async (_: string, key: string, value: unknown) => {
      contexts[key] = value;
    },
  },
  tasks: { registerTaskProvider: () => disposable },
};

/** Everything else is a class without members: the client extends some when it is loaded. */
export const vscode = new Proxy<Record<string, unknown>>(known, { get: (target, key: string) => target[key] ?? class {} });
