import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import type { Trainer, TrainerOptions } from '../../api/runtime.js';
import { nodePlatform } from '../../runtime/node-platform.js';
import type { Reply, WorkerPort } from '../../runtime/worker/protocol.js';
import { loadWorkerTrainer } from '../../runtime/worker/worker-trainer.js';
import { packageRoot } from '../package-root.js';

/** Loads a training in a child process. Throws what `Trainer.load` throws; if the child dies, its calls throw `SessionError`. */
export function loadChildTrainer(folder: string, manifest: string, options: TrainerOptions): Promise<Trainer> {
  return loadWorkerTrainer(nodePlatform, startChild, folder, join(folder, manifest), options);
}

/** The line to a new child process: what it says on standard error is part of the reason if it dies. */
function startChild(): WorkerPort {
  const child = fork(join(packageRoot(), 'dist', 'train-child.js'), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    // A group of its own, which Ctrl-C in a terminal does not reach: the command decides what happens to it. On Windows, that would open a window.
    detached: process.platform !== 'win32',
    // Otherwise, ONNX Runtime reports about models and machine to its makers, and leaves log files in the temporary folder.
    env: { ORT_DISABLE_TELEMETRY: '1', ...process.env },
  });
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);
  let said = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    if (said.length < 10_000) said += text;
  });
  let isClosed = false;
  let onEnd: (reason: string) => void = () => {};
  const end = (reason: string) => isClosed || onEnd(reason);
  child.on('error', (error) => end(error.message));
  child.on('exit', () => process.off('exit', kill));
  child.on('close', (code, signal) => {
    end(
      [signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`, said.trim()].filter((text) => text !== '').join(': '),
    );
  });
  return {
    post: (message) => send(child, message, end),
    onMessage: (listener) => child.on('message', (reply: Reply) => listener(reply)),
    onEnd: (listener) => {
      onEnd = listener;
    },
    // The process lives as long as the command, which closes it.
    setAwaited: () => {},
    close: async () => {
      isClosed = true;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.connected) child.disconnect();
      if (child.exitCode === null && child.signalCode === null) await ended;
    },
  };
}

function send(child: ChildProcess, message: Parameters<WorkerPort['post']>[0], end: (reason: string) => void): void {
  if (!child.connected) return;
  child.send(message, (error) => {
    if (error !== null) end(error.message);
  });
}
