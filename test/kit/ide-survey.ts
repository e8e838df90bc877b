/// <reference types="node" />
import { parse } from '../../src/1-syntax/parse.js';
import { scan } from '../../src/1-syntax/scan.js';
import { Report } from '../../src/diagnostics/report.js';
import { codeActions, resolveCodeAction } from '../../src/ide/features/actions/code-actions.js';
import { hierarchyAt } from '../../src/ide/features/call-hierarchy.js';
import { completions, resolveCompletion } from '../../src/ide/features/completion.js';
import { definition, typeDefinition } from '../../src/ide/features/definition.js';
import { diagnostics } from '../../src/ide/features/diagnostics.js';
import { foldingRanges } from '../../src/ide/features/folding.js';
import { hover } from '../../src/ide/features/hover.js';
import { inlayHints } from '../../src/ide/features/inlay-hints.js';
import { highlights, references } from '../../src/ide/features/references.js';
import { prepareRename, rename } from '../../src/ide/features/rename/rename.js';
import { selectionRanges } from '../../src/ide/features/selection-ranges.js';
import { semanticTokens } from '../../src/ide/features/semantic-tokens.js';
import { signatureHelp } from '../../src/ide/features/signature-help.js';
import { documentSymbols } from '../../src/ide/features/symbols.js';
import { Workspace } from '../../src/ide/workspace.js';
import { randomNumbers } from './random.js';

const path = 'main.arch';

/** What an editor asks for at a place. */
type Ask = (workspace: Workspace, offset: number, end: number) => unknown;

const everything = { shapes: true, sizes: true, argumentNames: true };
const asks: Readonly<Record<string, Ask>> = {
  hover: (workspace, offset) => hover(workspace, path, offset),
  completion: (workspace, offset) => {
    const items = completions(workspace, path, offset);
    for (const item of items.slice(0, 3)) resolveCompletion(workspace, item);
    return items;
  },
  'signature help': (workspace, offset) => signatureHelp(workspace, path, offset),
  definition: (workspace, offset) => [definition(workspace, path, offset), typeDefinition(workspace, path, offset)],
  references: (workspace, offset) => [references(workspace, path, offset), highlights(workspace, path, offset)],
  rename: (workspace, offset) => [prepareRename(workspace, path, offset), rename(workspace, path, offset, 'fresh')],
  'inlay hints': (workspace, offset, end) =>
    inlayHints(workspace, path, { start: Math.min(offset, end), end: Math.max(offset, end) }, everything),
  'code actions': (workspace, offset, end) => {
    const actions = codeActions(workspace, path, { start: offset, end });
    const [slow] = actions.filter(({ edits }) => edits === undefined);
    return slow === undefined ? actions : resolveCodeAction(workspace, path, { start: offset, end }, slow);
  },
  'semantic tokens': (workspace) => semanticTokens(workspace, path),
  structure: (workspace, offset) => [
    documentSymbols(workspace, path),
    foldingRanges(workspace, path),
    selectionRanges(workspace, path, offset),
    hierarchyAt(workspace, path, offset),
  ],
  diagnostics: (workspace) => diagnostics(workspace, path),
};

export interface Survey {
  texts: number;
  requests: number;
  /** The most processor time of a request in milliseconds, and which it was: the time on the clock is that of other programs as well. */
  slowest: { ms: number; what: string };
}

/** Asks for everything at random places in a text, as the next one of a file that is open. Throws for the first exception, with what was asked and the text. */
export function askEverything(workspace: Workspace, text: string, what: string, seed: number, survey: Survey): void {
  const random = randomNumbers(seed);
  const place = () => Math.floor(random() * (text.length + 1));
  workspace.set(path, text);
  survey.texts++;
  for (const [name, ask] of Object.entries(asks)) {
    const [offset, end] = [place(), place()];
    const start = process.cpuUsage();
    try {
      ask(workspace, offset, end);
    } catch (error) {
      throw new Error(`${what}: ${name} at ${offset} to ${end}: ${error instanceof Error ? error.stack : error}\n${text}`);
    }
    const { user, system } = process.cpuUsage(start);
    const ms = (user + system) / 1000;
    survey.requests++;
    if (ms > survey.slowest.ms) survey.slowest = { ms, what: `${name}, ${what}` };
  }
}

/** Asks for everything in every broken text of a source, one after the other in the same workspace. Throws for the first exception. */
export function surveySource({ name, text }: { readonly name: string; readonly text: string }): Survey {
  const survey: Survey = { texts: 0, requests: 0, slowest: { ms: 0, what: '' } };
  const workspace = emptyWorkspace();
  let seed = 0;
  for (const broken of brokenTexts(text)) askEverything(workspace, broken.text, `${name}, ${broken.what}`, seed++, survey);
  const { texts, requests, slowest } = survey;
  console.log(`${name}: ${texts} texts, ${requests} requests, the slowest took ${slowest.ms.toFixed(0)} ms: ${slowest.what}`);
  return survey;
}

/** The ways in which a text is broken: every prefix, every character left out, every token left out or doubled. */
export function* brokenTexts(text: string): Generator<{ readonly what: string; readonly text: string }> {
  for (let i = 0; i <= text.length; i++) yield { what: `prefix of ${i}`, text: text.slice(0, i) };
  for (let i = 0; i < text.length; i++) yield { what: `without character ${i}`, text: text.slice(0, i) + text.slice(i + 1) };
  for (const { startOffset: at, image } of scan(text, 0).tokens) {
    const end = at + image.length;
    yield { what: `without token ${at}`, text: text.slice(0, at) + text.slice(end) };
    yield { what: `token ${at} twice`, text: `${text.slice(0, end)} ${text.slice(at)}` };
  }
}

/** A workspace with one file. */
export function emptyWorkspace(): Workspace {
  return new Workspace({ read: () => undefined, resolve: (source) => source, list: () => [] });
}

/** Whether a text has no syntax errors, for statistics. */
export function parses(text: string): boolean {
  const report = new Report();
  parse(path, text, report);
  return !report.hasErrors;
}
