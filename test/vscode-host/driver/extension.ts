import * as vscode from 'vscode';
import { commandChecks, webChecks } from './commands.js';
import { buildChecks, diagnosticChecks, weightChecks } from './diagnostics.js';
import { type Check, file } from './kit.js';
import { readingChecks } from './reading.js';
import { writingChecks } from './writing.js';

interface Result {
  readonly name: string;
  readonly ms: number;
  readonly error?: string;
  readonly value?: unknown;
}

/** Runs in the host of extensions beside archc: does the checks, and writes what came of them into the workspace. */
export async function activate(): Promise<void> {
  const archc = vscode.extensions.getExtension('archc.archc');
  await archc?.activate();
  const isNode = typeof process === 'object' && process.versions?.node !== undefined;
  const checks: readonly Check[] = [
    // The first ones wait until the server has started.
    ...diagnosticChecks,
    ...readingChecks,
    ...writingChecks,
    ...(isNode ? weightChecks : []),
    ...buildChecks,
    // Problems of tasks stay, so tasks come last.
    ...(isNode ? commandChecks : webChecks),
  ];
  const results: Result[] = [];
  const write = async (done: boolean): Promise<void> => {
    const text = JSON.stringify({ version: vscode.version, host: isNode ? 'node' : 'web', done, results }, undefined, 1);
    await vscode.workspace.fs.writeFile(file('.results/results.json'), new TextEncoder().encode(text));
  };
  for (const { name, run } of checks) {
    const start = Date.now();
    const result = await within(60, run).then(
      (value) => ({ value }),
      (error: unknown) => ({ error: error instanceof Error ? error.message : String(error) }),
    );
    results.push({ name, ms: Date.now() - start, ...result });
    await write(false);
  }
  await write(true);
}

async function within<T>(seconds: number, run: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`took more than ${seconds} seconds`)), seconds * 1000);
  });
  try {
    return await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}

declare const process: { readonly versions?: { readonly node?: string } } | undefined;
declare const setTimeout: (run: () => void, ms: number) => number;
declare const clearTimeout: (timer: number | undefined) => void;
