import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { curveCsv } from '../../data/curve-csv.js';
import { type CurveOptions, curveSvg } from '../../data/curve-svg.js';
import type { EpochRecord } from '../../data/history.js';
import { HostError } from '../../host.js';
import { hostError } from '../../node/host-error.js';
import { makeFolder } from '../../node/make-folder.js';
import { writeAtomically } from '../../node/write-atomically.js';
import { UsageError } from '../usage-error.js';
import { takeRunLock } from './run-lock.js';
import { checkRecord, type RunRecord } from './run-record.js';

const curves = ['curve.csv', 'curve.svg'] as const;

/** The folder of a run. */
export class RunFolder {
  readonly path: string;
  /** Whether this process has begun the run. */
  #isNew = false;
  /** Whether other processes are kept from it. */
  #isHeld = false;
  /** The outermost folder that was made for it. */
  #made: string | undefined;
  readonly #leave = () => this.leave();

  constructor(path: string) {
    this.path = path;
  }

  /** The graphs, as `archc MODEL.arch --train NAME` writes them: a program can load them with `archc/runtime`. */
  get graphs(): string {
    return join(this.path, 'graphs');
  }

  get last(): string {
    return join(this.path, 'last.safetensors');
  }

  get best(): string {
    return join(this.path, 'best.safetensors');
  }

  /** The model with the weights of the best epoch, or of the last one if nothing is held out. */
  exported(hasHeldOut: boolean): string {
    return join(this.path, hasHeldOut ? 'best.onnx' : 'last.onnx');
  }

  /** All weights of that model. */
  weights(hasHeldOut: boolean): string {
    return join(this.path, hasHeldOut ? 'best.weights.safetensors' : 'last.weights.safetensors');
  }

  get #lock(): string {
    return join(this.path, 'run.lock');
  }

  /** The names of what a run writes. */
  get #own(): readonly string[] {
    const exports = [true, false].flatMap((hasHeldOut) => [this.exported(hasHeldOut), this.weights(hasHeldOut)]);
    const paths = [this.graphs, this.#record, this.#log, this.last, this.best, ...exports, ...curves.map((name) => join(this.path, name))];
    return paths.map((path) => basename(path));
  }

  get #log(): string {
    return join(this.path, 'log.txt');
  }

  get #record(): string {
    return join(this.path, 'run.json');
  }

  /** Throws `UsageError` if there is a run in it, or a file that a run would replace. */
  demandNew(): void {
    if (existsSync(this.#record))
      throw new UsageError(
        `${this.path} already has a run`,
        `\`archc train --resume ${this.path}\` continues it; \`-o DIR\` starts another`,
      );
    const other = this.#own.find((name) => existsSync(join(this.path, name)));
    if (other !== undefined)
      throw new UsageError(`${this.path} already has \`${other}\`, which a run would replace`, '`-o DIR` names another folder');
  }

  /** Makes the folder for a run that begins, with the graphs that are in `graphs`, and keeps other processes from it. */
  async begin(graphs: string, record: RunRecord): Promise<void> {
    process.on('exit', this.#leave);
    try {
      this.#made = firstMissing(this.path);
      makeFolder(this.path);
      await takeRunLock(this.#lock, this.path);
      this.#isHeld = true;
      this.demandNew();
      this.#isNew = true;
      makeFolder(this.graphs);
      copy(graphs, this.graphs);
      this.write(record);
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  /** Keeps other processes away from a run that continues, and reads what it was started with. */
  async resume(): Promise<RunRecord> {
    process.on('exit', this.#leave);
    try {
      // A folder without a run stays as it is.
      this.#read();
      await takeRunLock(this.#lock, this.path);
      this.#isHeld = true;
      return this.#read();
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  /** Lets other processes into the folder. If a run ends before its first checkpoint, everything that it has made is removed, because there is nothing to continue from. */
  leave(): void {
    process.off('exit', this.#leave);
    const isInVain = this.#isNew && !this.hasCheckpoint();
    if (isInVain) for (const path of this.#written()) rmSync(path, { recursive: true, force: true });
    if (this.#isHeld) rmSync(this.#lock, { force: true });
    if (!this.hasCheckpoint()) removeEmpty(this.path, this.#made);
    this.#isNew = false;
    this.#isHeld = false;
    this.#made = undefined;
  }

  /** What a run has written, and what a process that was killed has begun to write. */
  #written(): readonly string[] {
    const isOwn = (entry: string) => this.#own.some((name) => entry === name || (entry.startsWith(`.${name}.`) && entry.endsWith('.tmp')));
    return readdirSync(this.path)
      .filter(isOwn)
      .map((entry) => join(this.path, entry));
  }

  /** Throws `UsageError` if the checkpoint of a run is missing that has trained already. */
  demandCheckpointOf({ history, partial }: RunRecord): void {
    if (this.hasCheckpoint() || history.length + partial.length === 0) return;
    throw new UsageError(
      `the run in ${this.path} cannot continue: ${basename(this.last)} is missing`,
      existsSync(this.best)
        ? `\`--weights ${this.best}\` starts another from the best epoch`
        : 'put it back, or start another run; `-o DIR` names its folder',
    );
  }

  hasCheckpoint(): boolean {
    return existsSync(this.last);
  }

  #read(): RunRecord {
    let text: string;
    try {
      text = readFileSync(this.#record, 'utf8');
    } catch (error) {
      if (!existsSync(this.#record)) throw new UsageError(`${this.path} has no run: it has no run.json`);
      throw hostError('read', this.#record, error);
    }
    try {
      return checkRecord(JSON.parse(text));
    } catch (error) {
      if (error instanceof SyntaxError) throw new HostError(`cannot read ${this.#record}: it is not JSON`);
      if (error instanceof TypeError) throw new HostError(`cannot read ${this.#record}: ${error.message}`);
      throw error;
    }
  }

  write(record: RunRecord): void {
    writeAtomically(this.#record, [utf8(`${JSON.stringify(record, undefined, 1)}\n`)]);
  }

  writeCurve(history: readonly EpochRecord[], options: CurveOptions): void {
    const [csv, svg] = curves;
    writeAtomically(join(this.path, csv), [utf8(curveCsv(history, options.metrics))]);
    writeAtomically(join(this.path, svg), [utf8(curveSvg(history, options))]);
  }

  /** Adds a line to `log.txt`, with the time. */
  log(text: string): void {
    try {
      appendFileSync(this.#log, `${new Date().toISOString()} ${text}\n`);
    } catch (error) {
      throw hostError('write', this.#log, error);
    }
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function copy(from: string, to: string): void {
  try {
    cpSync(from, to, { recursive: true });
  } catch (error) {
    throw hostError('write', to, error);
  }
}

/** The outermost folder of a path that does not exist; undefined if all do. */
function firstMissing(path: string): string | undefined {
  if (existsSync(path)) return undefined;
  const parent = dirname(path);
  return (parent === path ? undefined : firstMissing(parent)) ?? path;
}

/** Removes a folder and those around it up to `outermost`, as far as nothing is in them. */
function removeEmpty(path: string, outermost: string | undefined): void {
  if (outermost === undefined || !existsSync(path) || readdirSync(path).length > 0) return;
  rmdirSync(path);
  if (path !== outermost) removeEmpty(dirname(path), outermost);
}
