import type { ModelView } from 'archc';
import type { InlayHint } from 'vscode-languageserver-protocol';
import { goTo, makeEditor, setText } from './editor/editor.js';
import { showHints } from './editor/hints.js';
import { ask, startServer } from './editor/server.js';
import { byId, element, setChoices } from './page/dom.js';
import { examples, firstText } from './page/examples.js';
import { Pauses } from './page/pauses.js';
import { share, sharedText } from './page/share.js';
import { say } from './page/status.js';
import { Tabs } from './page/tabs.js';
import { startTheme } from './page/theme.js';
import { showCost, showNoCost } from './panels/cost.js';
import { FilesPanel } from './panels/files.js';
import { GraphPanel } from './panels/graph.js';
import { showMessages } from './panels/messages.js';
import { RunPanel } from './panels/run.js';
import { TrainPanel } from './panels/train.js';
import { Compiler, Runner } from './workers/clients.js';
import { modelsIn } from './workers/declarations.js';
import type { Source } from './workers/messages.js';

const ownText = 'Your own';

startTheme();
const tabs = new Tabs();
const client = startServer();
const compiler = new Compiler();
const runner = new Runner();
const pauses = new Pauses(120);
const choice = byId<HTMLSelectElement>('example');
const modelChoice = byId<HTMLSelectElement>('model');

const view = makeEditor(byId('editor'), (await sharedText()) ?? firstText, client, nonce(), {
  changed: () => pauses.soon('typing', follow),
  moved: () => pauses.soon('moving', highlight),
  messages: (messages) => showMessages(messages, ({ from, to }) => reveal(from, to)),
  run,
});
const graph = new GraphPanel(reveal);
const runPanel = new RunPanel(compiler, runner, source);
const trainPanel = new TrainPanel(compiler, runner, source);
const filesPanel = new FilesPanel(compiler, source);

setChoices(choice, [...examples.keys()], undefined);
choice.addEventListener('change', () => {
  const text = examples.get(choice.value);
  if (text !== undefined) setText(view, text);
  say(`The example is ${choice.value}`);
});
modelChoice.addEventListener('change', () => void follow());
byId('share').addEventListener('click', () => void share(source().text));
byId('run').addEventListener('click', run);
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
  event.preventDefault();
  run();
});
window.addEventListener('hashchange', async () => {
  const text = await sharedText();
  if (text !== undefined && text !== source().text) setText(view, text);
});
tabs.onShow((tab) => {
  if (tab === 'graph') graph.shown();
});
await follow();

function source(): Source {
  const text = view.state.doc.toString();
  const models = modelsIn(text);
  return { text, model: models.length < 2 ? undefined : models.includes(modelChoice.value) ? modelChoice.value : models.at(-1) };
}

function run(): void {
  tabs.show('run');
  void runPanel.run();
}

/** Brings everything up to date with the text. */
async function follow(): Promise<void> {
  const { text, model } = source();
  const models = modelsIn(text);
  if ([...modelChoice.options].map(({ value }) => value).join() !== models.join()) setChoices(modelChoice, models, model);
  byId('model-field').hidden = models.length < 2;
  showExample(text);
  runPanel.changed();
  trainPanel.changed();
  filesPanel.follow();
  const range = { start: { line: 0, character: 0 }, end: { line: view.state.doc.lines, character: 0 } };
  const hints = await ask<readonly InlayHint[]>(client, 'textDocument/inlayHint', { range });
  if (source().text !== text) return;
  showHints(view, hints ?? []);
  const picture = await ask<ModelView>(client, 'archc/view', model === undefined ? {} : { model });
  // A text with mistakes has no graph: the previous picture stays.
  if (source().text !== text) return;
  byId('panel-graph').classList.toggle('stale', picture === null);
  if (picture !== null) graph.show(picture);
  await measure({ text, model });
}

async function measure(measured: Source): Promise<void> {
  try {
    const found = await compiler.measure(measured, runPanel.sizes);
    if (source().text !== measured.text) return;
    showCost(found);
    runPanel.follow(found);
  } catch {
    // What is wrong is among the messages.
    showNoCost();
  }
}

/** The name of the example that the text is. */
function showExample(text: string): void {
  const title = [...examples].find(([, example]) => example === text)?.[0];
  const own = [...choice.options].find(({ value }) => value === ownText);
  if (title !== undefined) own?.remove();
  else if (own === undefined) choice.prepend(element('option', { value: ownText }, ownText));
  choice.value = title ?? ownText;
}

/** Marks the block at the cursor; a label means the layer after it. */
function highlight(): void {
  const { from, to } = view.state.selection.main;
  const word = view.state.wordAt(from);
  const after = word === null ? null : /^(?:\[[^\]]*\])?\s*:\s*/.exec(view.state.sliceDoc(word.to, word.to + 80));
  if (word === null || after === null) graph.highlight(from, to);
  else graph.highlight(word.to + after[0].length, word.to + after[0].length);
}

function reveal(from: number, to: number): void {
  if (tabs.isNarrow) tabs.show('code');
  goTo(view, from, to);
}

/** The nonce of the page, for the styles of the editor. */
function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
}
