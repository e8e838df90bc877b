/// <reference types="node" />
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../../..');

export const bundlers = ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild'] as const;
export type Bundler = (typeof bundlers)[number];

/** What a bundler has to do. */
export interface Job {
  readonly name: string;
  readonly entry: string;
  readonly out: string;
  readonly side?: 'client' | 'server';
  readonly base?: string;
  readonly library?: boolean;
  readonly commonjs?: boolean;
  readonly watch?: boolean;
  readonly options?: object;
}

/** What it said. */
export interface Report {
  readonly job: string;
  readonly built?: readonly string[];
  readonly errors?: readonly FoundError[];
  readonly warning?: string;
}

export interface FoundError {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly frame?: string;
  readonly stack?: string;
}

/** A project in a folder of its own, with the built package and the bundlers. */
export class Project {
  readonly path = mkdtempSync(join(tmpdir(), 'archc-bundler-'));

  constructor() {
    cpSync(join(root, 'test/bundler/project'), this.path, { recursive: true });
    for (const name of ['bundle.mjs', 'dev.mjs']) cpSync(join(root, 'test/bundler/kit', name), join(this.path, name));
    this.write('package.json', '{ "private": true, "type": "module" }\n');
    this.#link('archc', root);
    for (const name of ['@rspack/core', 'esbuild', 'onnxruntime-node', 'onnxruntime-web', 'rolldown', 'rollup', 'tsx', 'vite', 'webpack'])
      this.#link(name, join(root, 'node_modules', name));
    // As a package manager links the packages of a workspace.
    this.write('packages/shared/package.json', '{ "name": "@models/shared", "version": "1.0.0" }\n');
    this.write('packages/shared/shared.arch', 'model Shared(x: Tensor[N, 4]) -> (y: Tensor[N, 3]) { return x -> fc: Linear(3) }\n');
    this.#link('@models/shared', join(this.path, 'packages/shared'));
  }

  #link(name: string, target: string): void {
    const path = join(this.path, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path, 'dir');
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), text);
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  run(args: readonly string[], env: NodeJS.ProcessEnv = {}): { readonly code: number | null; readonly out: string; readonly err: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: this.path,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    return { code: status, out: stdout, err: stderr };
  }

  /** Runs the jobs, one after the other in one process, and returns what was said about each. */
  bundle(bundler: Bundler, jobs: readonly Job[]): ReadonlyMap<string, readonly Report[]> {
    const { code, out, err } = this.run(['bundle.mjs', bundler, JSON.stringify(jobs)]);
    if (code !== 0 || err !== '') throw new Error(`${bundler} ended with ${code}: ${out}${err}`);
    const reports = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Report);
    return new Map(jobs.map(({ name }) => [name, reports.filter(({ job }) => job === name)]));
  }

  /** Starts a job that goes on. */
  watch(bundler: Bundler, job: Job): Watching {
    return new Watching(spawn(process.execPath, ['bundle.mjs', bundler, JSON.stringify([{ ...job, watch: true }])], { cwd: this.path }));
  }

  /** Starts Vite's development server. */
  async serve(): Promise<{ readonly url: string; readonly shape: readonly number[]; stop(): void }> {
    const server = spawn(process.execPath, ['dev.mjs'], { cwd: this.path });
    let said = '';
    server.stderr.on('data', (data: Buffer) => {
      said += data.toString();
    });
    const line = await new Promise<string>((done, fail) => {
      createInterface({ input: server.stdout }).once('line', done);
      server.on('exit', (code) => fail(new Error(`the server ended with ${code}: ${said}`)));
    });
    return { ...JSON.parse(line), stop: () => server.kill() };
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A bundler that builds again after each change. */
export class Watching {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #reports: Report[] = [];
  #said = '';
  #arrived: () => void = () => {};

  constructor(process: ChildProcessWithoutNullStreams) {
    this.#process = process;
    process.stderr.on('data', (data: Buffer) => {
      this.#said += data.toString();
    });
    createInterface({ input: process.stdout }).on('line', (line) => {
      this.#reports.push(JSON.parse(line) as Report);
      this.#arrived();
    });
  }

  /** The next report that satisfies a condition; others are passed over. */
  async until(isWanted: (report: Report) => boolean): Promise<Report> {
    const end = Date.now() + 20_000;
    for (;;) {
      for (let report = this.#reports.shift(); report !== undefined; report = this.#reports.shift()) if (isWanted(report)) return report;
      if (Date.now() > end) throw new Error(`nothing was reported${this.#said === '' ? '' : `: ${this.#said}`}`);
      await new Promise<void>((done) => {
        const timer = setTimeout(done, 200);
        this.#arrived = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  }

  stop(): void {
    this.#process.kill();
  }
}
