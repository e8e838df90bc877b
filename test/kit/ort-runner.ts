/// <reference types="node" />
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { NdArray } from '../../src/ops/types.js';
import { fromWire, toWire, type Wire } from './ort-wire.js';

export type Provider = 'cpu' | 'cuda' | 'webgpu' | 'wasm';

export interface OrtOptions {
  /** Default `cpu`. */
  readonly provider?: Provider;
  /** ONNX Runtime's own graph optimizations; default `all`, its own default. */
  readonly optimization?: 'disabled' | 'basic' | 'extended' | 'all';
  /** Refuses a model if one of its nodes would run on the CPU although another provider is chosen. By default, the node runs there. */
  readonly strict?: boolean;
  /** Only these outputs; default all. */
  readonly outputs?: readonly string[];
  /** Milliseconds until the child is killed and the call rejected; default 60,000. */
  readonly timeout?: number;
}

/** Runs of a model that belong together. */
export interface Series {
  readonly batches: readonly Readonly<Record<string, NdArray>>[];
  /** The first values of the inputs that are not in the batches. */
  readonly state: Readonly<Record<string, NdArray>>;
  readonly carried: Readonly<Record<string, string>>;
}

export interface SeriesResult {
  /** The outputs of each run that are not carried. */
  readonly steps: readonly Readonly<Record<string, NdArray>>[];
  /** After the last run. */
  readonly state: Readonly<Record<string, NdArray>>;
}

export interface Trace {
  readonly outputs: Readonly<Record<string, NdArray>>;
  readonly nodes: readonly {
    /** The name in the file, if no optimization has replaced it. */
    readonly name: string;
    readonly opType: string;
    /** The provider on which it ran, by ONNX Runtime's name: `WebGpuExecutionProvider`. */
    readonly provider: string;
  }[];
}

/** The file's bytes, or its path: models with external data need a path. */
export type OrtModel = Uint8Array | string;

interface Child {
  readonly process: ChildProcess;
  /** What the native code printed: the reason of an abort. */
  stderr: string;
}

type Answer = { readonly id: number; readonly result?: unknown; readonly error?: string };

/** An ONNX Runtime that runs models, wherever it is. */
export interface ModelRunner {
  /** Loads and runs a model once. Rejects with ONNX Runtime's message if it does not load or run. */
  run(model: Uint8Array, feeds: Readonly<Record<string, NdArray>>, options?: OrtOptions): Promise<Record<string, NdArray>>;
  /** Ends the process or page in which models run; the next call gets a new one. */
  restart(): void | Promise<void>;
  close(): void | Promise<void>;
}

/** ONNX Runtime in a child process, which is started again if it ends. */
export class OrtRunner implements ModelRunner {
  #child: Child | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #nextId = 0;

  /** Loads and runs a model once. Rejects with ONNX Runtime's message if it does not load or run. */
  async run(model: OrtModel, feeds: Readonly<Record<string, NdArray>>, options: OrtOptions = {}): Promise<Record<string, NdArray>> {
    const wires = Object.fromEntries(Object.entries(feeds).map(([name, array]) => [name, toWire(array)]));
    const result = await this.#call({ kind: 'run', model, feeds: wires, outputs: options.outputs, ...settings(options) }, options.timeout);
    return Object.fromEntries(Object.entries(result as Record<string, Wire>).map(([name, wire]) => [name, fromWire(name, wire)]));
  }

  /** Runs a model once for each batch. After each run, outputs become the values of inputs: `carried` names the output for the input. */
  async series(model: OrtModel, { batches, state, carried }: Series, options: OrtOptions = {}): Promise<SeriesResult> {
    const wires = (arrays: Readonly<Record<string, NdArray>>) =>
      Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, toWire(array)]));
    const request = { kind: 'series', model, batches: batches.map(wires), state: wires(state), carried, ...settings(options) };
    const result = (await this.#call(request, options.timeout)) as { steps: readonly Record<string, Wire>[]; state: Record<string, Wire> };
    const arrays = (all: Record<string, Wire>) =>
      Object.fromEntries(Object.entries(all).map(([name, wire]) => [name, fromWire(name, wire)]));
    return { steps: result.steps.map(arrays), state: arrays(result.state) };
  }

  /** Only loads a model; gives the names of its inputs and outputs. */
  async load(model: OrtModel, options: OrtOptions = {}): Promise<{ inputs: readonly string[]; outputs: readonly string[] }> {
    const result = await this.#call({ kind: 'load', model, ...settings(options) }, options.timeout);
    return result as { inputs: readonly string[]; outputs: readonly string[] };
  }

  /** Runs a model once; returns its outputs and the nodes that were executed, once for each execution. */
  async trace(model: OrtModel, feeds: Readonly<Record<string, NdArray>>, options: OrtOptions = {}): Promise<Trace> {
    const wires = Object.fromEntries(Object.entries(feeds).map(([name, array]) => [name, toWire(array)]));
    const result = await this.#call({ kind: 'trace', model, feeds: wires, ...settings(options) }, options.timeout);
    const { outputs, nodes } = result as { outputs: Record<string, Wire>; nodes: Trace['nodes'] };
    return { outputs: Object.fromEntries(Object.entries(outputs).map(([name, wire]) => [name, fromWire(name, wire)])), nodes };
  }

  restart(): void {
    this.close();
  }

  close(): void {
    this.#child?.process.kill('SIGKILL');
    this.#child = undefined;
  }

  #call(request: Record<string, unknown>, timeout = 60_000): Promise<unknown> {
    const call = this.#tail.then(() => this.#send({ ...request, id: this.#nextId++ }, timeout));
    this.#tail = call.catch(() => undefined);
    return call;
  }

  #send(request: Record<string, unknown>, timeout: number): Promise<unknown> {
    const child = this.#start();
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        child.process.off('message', onMessage);
        child.process.off('exit', onExit);
        settle();
      };
      const onMessage = (answer: Answer) => {
        if (answer.id !== request.id) return;
        end(() => (answer.error === undefined ? resolve(answer.result) : reject(new Error(answer.error))));
      };
      const onExit = (code: number | null, signal: string | null) => {
        this.#child = undefined;
        end(() => reject(new Error(`ONNX Runtime crashed (${signal ?? code}): ${child.stderr.trim().slice(-2000)}`)));
      };
      const timer = setTimeout(() => {
        this.close();
        end(() => reject(new Error(`ONNX Runtime gave no answer within ${timeout} ms`)));
      }, timeout);
      child.process.on('message', onMessage);
      child.process.on('exit', onExit);
      // Errors are ignored: if the process ends, even before it gets the request, its exit says so.
      child.process.send(request, () => undefined);
    });
  }

  #start(): Child {
    // It may have ended after its last answer.
    if (this.#child?.process.connected === true) return this.#child;
    const path = fileURLToPath(new URL('./ort-child.mjs', import.meta.url));
    const env = { ORT_DISABLE_TELEMETRY: '1', ...softwareVulkan(), ...process.env };
    const child: Child = {
      process: fork(path, { env, serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] }),
      stderr: '',
    };
    child.process.stderr?.on('data', (text: Buffer) => {
      child.stderr = (child.stderr + text.toString()).slice(-10_000);
    });
    this.#child = child;
    return child;
  }
}

/**
 * Where a machine has no graphics card, WebGPU runs on SwiftShader, which comes with Chromium but which Vulkan's loader does
 * not find by itself. `VK_ICD_FILENAMES` in the environment of the tests overrides this.
 */
function softwareVulkan(): Record<string, string> {
  if (existsSync('/dev/dri') || existsSync('/dev/nvidia0')) return {};
  const driver = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome']
    .map((folder) => `${folder}/vk_swiftshader_icd.json`)
    .find((file) => existsSync(file));
  return driver === undefined ? {} : { VK_ICD_FILENAMES: driver };
}

function settings(options: OrtOptions) {
  return { provider: options.provider ?? 'cpu', optimization: options.optimization ?? 'all', strict: options.strict ?? false };
}
