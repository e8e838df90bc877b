import type { ModelView } from '../../api/model-view.js';
import type { Span } from '../../diagnostics/span.js';
import { App } from './app.js';
import { element } from './elements.js';

/** What is around the page: an editor, or a page that shows this one in a frame. */
interface Around {
  postMessage(message: unknown): void;
}

declare const acquireVsCodeApi: (() => Around) | undefined;

/** What the page is told. */
type Message =
  | { readonly type: 'show'; readonly model: ModelView }
  | { readonly type: 'highlight'; readonly span: Span }
  | { readonly type: 'theme'; readonly theme: 'light' | 'dark' };

function around(): Around | undefined {
  if (typeof acquireVsCodeApi === 'function') return acquireVsCodeApi();
  return window.parent === window ? undefined : { postMessage: (message) => window.parent.postMessage(message, '*') };
}

/** Whether a message is one of those above; the version of a view says which form it has. */
function isMessage(data: unknown): data is Message {
  if (typeof data !== 'object' || data === null || !('type' in data)) return false;
  if (data.type === 'show') return 'model' in data && (data.model as Partial<ModelView> | null)?.version === 1;
  if (data.type === 'highlight') return 'span' in data && typeof data.span === 'object' && data.span !== null;
  return data.type === 'theme' && 'theme' in data && (data.theme === 'light' || data.theme === 'dark');
}

/** Whether a message comes from what is around the page. A webview of VS Code, whose parent is not what sends its messages, gets none from anywhere else. */
function isTrusted(source: MessageEventSource | null): boolean {
  return typeof acquireVsCodeApi === 'function' || source === null || source === window || source === window.parent;
}

function start(): void {
  const outside = around();
  const root = document.getElementById('archc-graph') ?? element('div', { id: 'archc-graph' });
  if (!root.isConnected) document.body.append(root);
  const app = new App(root, { reveal: outside && ((span) => outside.postMessage({ type: 'reveal', span })) });
  window.addEventListener('message', ({ data, source }) => {
    if (!isTrusted(source) || !isMessage(data)) return;
    if (data.type === 'show') app.show(data.model);
    else if (data.type === 'highlight') app.highlight(data.span);
    else document.documentElement.dataset.theme = data.theme;
  });
  const own = document.getElementById('archc-model')?.textContent;
  if (own != null) app.show(JSON.parse(own) as ModelView);
  outside?.postMessage({ type: 'ready' });
}

if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
else start();
