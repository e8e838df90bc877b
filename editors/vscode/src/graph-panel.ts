import * as vscode from 'vscode';
import type { Server } from './server.js';

/** A place in a file, as the page and the server have it. */
interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** Milliseconds after the last edit or movement of the cursor. */
const pause = 250;

/** The graph of a model beside its source: a click on a block goes to the source, and the block at the cursor is marked. */
export class GraphPanel {
  static readonly #open = new Map<string, GraphPanel>();
  readonly #server: Server;
  readonly #document: vscode.TextDocument;
  readonly #model: string | undefined;
  readonly #panel: vscode.WebviewPanel;
  /** Edits and movements of the cursor wait separately: neither puts off the other. */
  readonly #timers = new Map<'draw' | 'highlight', ReturnType<typeof setTimeout>>();

  /** Opens the panel of a model, or shows it if it is open. */
  static async show(server: Server, extension: vscode.Uri, document: vscode.TextDocument, model: string | undefined): Promise<void> {
    const key = `${document.uri} ${model ?? ''}`;
    const known = GraphPanel.#open.get(key);
    if (known !== undefined) {
      known.#panel.reveal(undefined, true);
      await known.#draw();
      return;
    }
    const folder = vscode.Uri.joinPath(extension, 'server', 'dist');
    const [script, style] = await Promise.all(['graph-view.js', 'graph-view.css'].map((name) => textOf(vscode.Uri.joinPath(folder, name))));
    const panel = new GraphPanel(server, document, model, { script: script ?? '', style: style ?? '' });
    GraphPanel.#open.set(key, panel);
    panel.#panel.onDidDispose(() => GraphPanel.#open.delete(key));
  }

  private constructor(
    server: Server,
    document: vscode.TextDocument,
    model: string | undefined,
    page: { readonly script: string; readonly style: string },
  ) {
    this.#server = server;
    this.#document = document;
    this.#model = model;
    const name = model ?? document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
    this.#panel = vscode.window.createWebviewPanel(
      'archc.graph',
      `Graph of ${name}`,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      // The page keeps what is expanded while it is hidden.
      { enableScripts: true, localResourceRoots: [], retainContextWhenHidden: true },
    );
    const follows = [
      vscode.workspace.onDidChangeTextDocument((change) => {
        if (change.document.languageId === 'arch') this.#soon('draw', () => this.#draw());
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
        if (textEditor.document === document) this.#soon('highlight', () => this.#highlight(selections[0]));
      }),
      server.onDidChangeViews(() => this.#soon('draw', () => this.#draw())),
      vscode.window.onDidChangeActiveColorTheme(() => this.#theme()),
      this.#panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
    ];
    this.#panel.onDidDispose(() => {
      for (const timer of this.#timers.values()) clearTimeout(timer);
      for (const follow of follows) follow.dispose();
    });
    this.#panel.webview.html = pageOf(page);
  }

  #soon(what: 'draw' | 'highlight', work: () => void): void {
    clearTimeout(this.#timers.get(what));
    this.#timers.set(what, setTimeout(work, pause));
  }

  async #draw(): Promise<void> {
    const params = { textDocument: { uri: this.#document.uri.toString() }, ...(this.#model === undefined ? {} : { model: this.#model }) };
    const model = await this.#server.ask('archc/view', params);
    // A text with mistakes has no graph: the previous picture stays.
    if (model !== null && model !== undefined) await this.#panel.webview.postMessage({ type: 'show', model });
  }

  #theme(): void {
    const { kind } = vscode.window.activeColorTheme;
    const isDark = kind === vscode.ColorThemeKind.Dark || kind === vscode.ColorThemeKind.HighContrast;
    void this.#panel.webview.postMessage({ type: 'theme', theme: isDark ? 'dark' : 'light' });
  }

  async #highlight(selection: vscode.Selection | undefined): Promise<void> {
    if (selection === undefined) return;
    const [start, end] = [selection.start, selection.end].map((position) => this.#document.offsetAt(position));
    const { line, character } = selection.start;
    // A label or a variable is outside of the source of its block.
    const params = { textDocument: { uri: this.#document.uri.toString() }, position: { line, character } };
    const place = selection.isEmpty ? await this.#server.ask('archc/place', params).catch(() => undefined) : undefined;
    const span = isSpan(place) ? place : { file: fileOf(this.#document.uri), start, end };
    await this.#panel.webview.postMessage({ type: 'highlight', span });
  }

  async #receive(message: unknown): Promise<void> {
    if (typeof message !== 'object' || message === null || !('type' in message)) return;
    if (message.type === 'ready') {
      this.#theme();
      await this.#draw();
    } else if (message.type === 'reveal' && 'span' in message && isSpan(message.span)) await this.#reveal(message.span);
  }

  /** Only files that are open, or that lie in the workspace, are shown: the page cannot open others. */
  async #reveal({ file, start, end }: Span): Promise<void> {
    const uri = fileOf(this.#document.uri) === file ? this.#document.uri : await uriIn(file);
    if (uri === undefined) return;
    const document = await vscode.workspace.openTextDocument(uri);
    const selection = new vscode.Range(document.positionAt(start), document.positionAt(end));
    await vscode.window.showTextDocument(document, { selection, viewColumn: vscode.ViewColumn.One, preserveFocus: true });
  }
}

function isSpan(span: unknown): span is Span {
  const { file, start, end } = (span ?? {}) as Partial<Span>;
  return typeof file === 'string' && Number.isInteger(start) && Number.isInteger(end);
}

/** What the server calls a document: its path on the desktop, else its URI. */
function fileOf(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

async function uriIn(file: string): Promise<vscode.Uri | undefined> {
  const uri = file.includes('://') ? vscode.Uri.parse(file) : vscode.Uri.file(file);
  return file.endsWith('.arch') && vscode.workspace.getWorkspaceFolder(uri) !== undefined ? uri : undefined;
}

async function textOf(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

/** A page that runs only its own script and loads nothing. */
function pageOf({ script, style }: { readonly script: string; readonly style: string }): string {
  const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const policy = `default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style>${style}</style>
</head>
<body><div id="archc-graph"></div><script nonce="${nonce}">${script}</script></body>
</html>`;
}
