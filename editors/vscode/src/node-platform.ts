import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';
import type { Finished, Platform, Run } from './platform.js';
import { chooseServer, type ServerChoice } from './server-choice.js';
import { setting } from './settings.js';

const longestOutput = 4 << 20;

/** archc as a child process. It runs on the Node of VS Code, so that none needs to be installed. */
export function nodePlatform(context: vscode.ExtensionContext): Platform {
  const script = (): string => scriptOf(choice(context));
  return {
    schemes: ['file', 'untitled', 'vscode-vfs'],
    createClient: async (options) =>
      new LanguageClient(
        'archc',
        'archc',
        { command: process.execPath, args: [script(), 'lsp', '--stdio'], options: { env: environment() } },
        options,
      ),
    runArchc: async (run) => runArchc(script(), run),
  };
}

function choice(context: vscode.ExtensionContext): ServerChoice {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return chooseServer(
    {
      isTrusted: vscode.workspace.isTrusted,
      path: setting('server.path'),
      workspaceFolders: folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath),
      bundled: context.asAbsolutePath('server'),
    },
    { isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true, join, resolve },
  );
}

function scriptOf(found: ServerChoice): string {
  if (found.kind === 'found') return found.script;
  throw new Error(`cannot find archc at ${found.path}: correct the setting archc.server.path, or clear it`);
}

function environment(): NodeJS.ProcessEnv {
  // An editor scrolls: each row of a table is one line.
  return { ...process.env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1', COLUMNS: '10000' };
}

function runArchc(script: string, { args, cwd, stop, onLine = () => {} }: Run): Promise<Finished> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [script, ...args], { cwd, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = { stdout: '', stderr: '' };
    const rest = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8');
      child[name].on('data', (text: string) => {
        if (texts[name].length < longestOutput) texts[name] += text;
        const lines = (rest[name] + text).split('\n');
        rest[name] = lines.pop() ?? '';
        for (const line of lines) onLine(line);
      });
    }
    const listening = stop?.onCancellationRequested(() => child.kill());
    const end = (code: number | undefined): void => {
      listening?.dispose();
      for (const line of [rest.stdout, rest.stderr]) if (line !== '') onLine(line);
      done({ code, ...texts });
    };
    child.on('error', ({ message }) => {
      texts.stderr += `archc could not be started: ${message}\n`;
      end(undefined);
    });
    child.on('close', (code) => end(code ?? undefined));
  });
}
