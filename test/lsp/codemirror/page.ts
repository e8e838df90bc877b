/// <reference lib="dom" />
// A page with CodeMirror and its client of the language server, which runs in a web worker.
import { LSPClient, languageServerExtensions } from '@codemirror/lsp-client';
import { basicSetup, EditorView } from 'codemirror';

const worker = new Worker('/worker.js');
type Handler = (message: string) => void;
const handlers = new Set<Handler>();
worker.addEventListener('message', ({ data }) => {
  for (const handler of handlers) handler(JSON.stringify(data));
});
const client = new LSPClient({ rootUri: 'memory:///', extensions: languageServerExtensions() }).connect({
  send: (message) => worker.postMessage(JSON.parse(message)),
  subscribe: (handler: Handler) => {
    handlers.add(handler);
  },
  unsubscribe: (handler: Handler) => {
    handlers.delete(handler);
  },
});
const uri = 'memory:///net.arch';
const text = `model Net(x: Tensor[N, 4]) -> (y: Tensor[N, 3]) {
  return x -> fc: Liner(3)
}
`;
const view = new EditorView({ doc: text, parent: document.body, extensions: [basicSetup, client.plugin(uri, 'arch')] });
Object.assign(globalThis, { view, client, uri });
