import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { curveCsv } from '../../data/curve-csv.js';
import { type CurveOptions, curveSvg } from '../../data/curve-svg.js';
import type { EpochRecord, PartialEpoch } from '../../data/history.js';
import { HostError } from '../../host.js';
import { hostError } from '../../node/host-error.js';
import { makeFolder } from '../../node/make-folder.js';
import { writeAtomically } from '../../node/write-atomically.js';
import { version } from '../../version.js';
import { UsageError } from '../usage-error.js';

/** What a run was begun with, and where it is: `run.json`. */
export interface RunRecord {
  readonly version: 1;
  readonly archc: string;
  /** The source file, and the name of the `train` block. */
  readonly model: string;
  readonly train: string;
  /** The manifest in the folder `graphs`. */
  readonly manifest: string;
  /** The options by name, each with its values; a flag has none. */
  readonly options: Readonly<Record<string, readonly string[]>>;
  readonly rows: { readonly train: number; readonly heldOut: number };
  readonly classes?: readonly string[] | undefined;
  /** Of the files of the data. */
  readonly fingerprints: readonly string[];
  readonly history: readonly EpochRecord[];
  /** Of an epoch that is not complete, the sums at the last two checkpoints. */
  readonly partial: readonly PartialEpoch[];
}

/** The folder of a run. */
export class RunFolder {
  readonly path: string;

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

  get #log(): string {
    return join(this.path, 'log.txt');
  }

  get #record(): string {
    return join(this.path, 'run.json');
  }

  /** Throws `UsageError` if there is a run in it. */
  demandNew(): void {
    if (existsSync(this.#record))
      throw new UsageError(`${this.path} has a run already`, `\`archc train --resume ${this.path}\` goes on; \`-o DIR\` begins another`);
  }

  /** Makes the folder, with the graphs that are in `graphs`. */
  begin(graphs: string, record: RunRecord): void {
    makeFolder(this.graphs);
    try {
      cpSync(graphs, this.graphs, { recursive: true });
    } catch (error) {
      throw hostError('write', this.graphs, error);
    }
    this.write(record);
  }

  /** Removes what `begin` and `log` have made. */
  discard(): void {
    for (const path of [this.graphs, this.#record, this.#log]) rmSync(path, { recursive: true, force: true });
    // Other files may be in it.
    if (readdirSync(this.path).length === 0) rmdirSync(this.path);
  }

  hasCheckpoint(): boolean {
    return existsSync(this.last);
  }

  read(): RunRecord {
    let text: string;
    try {
      text = readFileSync(this.#record, 'utf8');
    } catch (error) {
      if (!existsSync(this.#record)) throw new UsageError(`${this.path} has no run: it has no run.json`);
      throw hostError('read', this.#record, error);
    }
    try {
      return checked(JSON.parse(text) as RunRecord);
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
    writeAtomically(join(this.path, 'curve.csv'), [utf8(curveCsv(history, options.metrics))]);
    writeAtomically(join(this.path, 'curve.svg'), [utf8(curveSvg(history, options))]);
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

/** Throws `TypeError` for what this version did not write. */
function checked(record: RunRecord): RunRecord {
  const { version: own, options, history, partial, fingerprints, manifest, rows } = Object(record) as RunRecord;
  if (own !== 1) throw new TypeError(`its version is ${own}, and archc ${version} knows 1`);
  const isWhole =
    typeof manifest === 'string' &&
    typeof rows?.train === 'number' &&
    Object.values(Object(options) as RunRecord['options']).every(Array.isArray) &&
    [history, partial, fingerprints].every(Array.isArray);
  if (!isWhole) throw new TypeError('it is not what archc has written');
  return record;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
