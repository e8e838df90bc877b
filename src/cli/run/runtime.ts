import { fork } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../package-root.js';
import type { RunReply, RunRequest } from './protocol.js';

/**
 * Runs a model in a child process and gives its answer. A child that dies without one is an answer, too: the runtime
 * ended it, by an abort or for want of memory.
 */
export function runInChild(request: RunRequest): Promise<RunReply> {
  return new Promise((resolve) => {
    const child = fork(join(packageRoot(), 'dist', 'run-child.js'), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
    });
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
      const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      resolve(reply ?? { kind: 'failed', reason: `ONNX Runtime ${how}${said.trim() === '' ? '' : `:\n${said.trim()}`}` });
    });
    child.send(request, (error) => {
      if (error !== null) reply ??= { kind: 'failed', reason: error.message };
    });
  });
}
