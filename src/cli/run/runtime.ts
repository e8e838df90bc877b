import { fork } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { packageRoot } from '../package-root.js';
import type { RunReply, RunRequest } from './protocol.js';

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a model in a child process and returns its answer. A child that dies without one also counts as an answer: the runtime ended it, by
 * an abort or for lack of memory.
 */
export function runInChild(request: RunRequest): Promise<RunReply> {
  return new Promise((resolve) => {
    const child = fork(join(packageRoot(), 'dist', 'run-child.js'), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      // Otherwise, ONNX Runtime reports about models and machine to its makers, and leaves log files in the temporary folder.
      env: { ORT_DISABLE_TELEMETRY: '1', ...process.env },
    });
    // However this process ends, nobody then waits for the answer.
    const kill = () => child.kill('SIGKILL');
    process.on('exit', kill);
    // Before the listeners that end the process on a signal.
    for (const signal of endings) process.prependOnceListener(signal, kill);
    let said = '';
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => {
      if (said.length < 10_000) said += text;
    });
    let reply: RunReply | undefined;
    child.on('message', (message: RunReply) => {
      reply = message;
    });
    child.on('error', (error) => {
      reply ??= { kind: 'failed', reason: error.message };
    });
    child.on('close', (code, signal) => {
      for (const event of ['exit', ...endings]) process.off(event, kill);
      const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      resolve(reply ?? { kind: 'failed', reason: `ONNX Runtime ${how}${said.trim() === '' ? '' : `: ${said.trim()}`}` });
    });
    child.send(request, (error) => {
      if (error !== null) reply ??= { kind: 'failed', reason: error.message };
    });
  });
}
