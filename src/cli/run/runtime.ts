import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { packageRoot } from '../package-root.js';
import type { RunReply, RunRequest } from './protocol.js';

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * ONNX Runtime in a child process, which loads a model once for all its runs. A child that dies without an answer also gives one: the
 * runtime ended it, by an abort or for lack of memory.
 */
export class RunChild {
  readonly #child: ChildProcess;
  readonly #kill = () => this.#child.kill('SIGKILL');
  #said = '';
  #answer: ((reply: RunReply) => void) | undefined;
  #end: RunReply | undefined;

  constructor() {
    this.#child = fork(join(packageRoot(), 'dist', 'run-child.js'), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      // Otherwise, ONNX Runtime reports about models and machine to its makers, and leaves log files in the temporary folder.
      env: { ORT_DISABLE_TELEMETRY: '1', ...process.env },
    });
    // However this process ends, nobody then waits for the answer.
    process.on('exit', this.#kill);
    // Before the listeners that end the process on a signal.
    for (const signal of endings) process.prependOnceListener(signal, this.#kill);
    this.#child.stderr?.setEncoding('utf8');
    this.#child.stderr?.on('data', (text: string) => {
      if (this.#said.length < 10_000) this.#said += text;
    });
    this.#child.on('message', (message: RunReply) => this.#reply(message));
    this.#child.on('error', (error) => this.#reply({ kind: 'failed', reason: error.message }));
    this.#child.on('close', (code, signal) => {
      for (const event of ['exit', ...endings]) process.off(event, this.#kill);
      const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
      const said = this.#said.trim();
      this.#end = { kind: 'failed', reason: `ONNX Runtime ${how}${said === '' ? '' : `: ${said}`}` };
      this.#reply(this.#end);
    });
  }

  /** Runs the model of the request. One run at a time. */
  run(request: RunRequest): Promise<RunReply> {
    return new Promise((resolve) => {
      if (this.#end !== undefined) {
        resolve(this.#end);
        return;
      }
      this.#answer = resolve;
      this.#child.send(request, (error) => {
        if (error !== null) this.#reply({ kind: 'failed', reason: error.message });
      });
    });
  }

  #reply(reply: RunReply): void {
    this.#answer?.(reply);
    this.#answer = undefined;
  }

  /** Ends the child. */
  close(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}
