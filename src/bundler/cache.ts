import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ModuleContents } from '../module/module-types.js';
import { hostError } from '../node/host-error.js';
import { makeFolder } from '../node/make-folder.js';
import { writeAtomically } from '../node/write-atomically.js';
import { foundPath } from './build-settings.js';
import { type FileMark, hashOfFile, hashOfText, isUnchanged } from './file-hash.js';
import type { Problem } from './problem.js';

/** A built model, whose files are in a folder of the cache. */
export interface BuiltImport {
  /** Different for different contents. */
  readonly key: string;
  readonly folder: string;
  readonly contents: ModuleContents;
  /** The names of the files that the model loads: its graphs, and then their weights. */
  readonly model: readonly string[];
  readonly training: readonly string[];
  /** By their names, the size and hash of each. */
  readonly files: Readonly<Record<string, { readonly size: number; readonly hash: string }>>;
  readonly warnings: readonly Problem[];
}

/** What is kept beside the files of a model. */
type Kept = Omit<BuiltImport, 'key' | 'folder'>;

/** What earlier builds of the same request read. */
interface Candidate {
  readonly key: string;
  readonly files: readonly FileMark[];
}

/** How many results are kept for each request: switching between branches should not build again. */
const mostCandidates = 4;
/** Results that nobody has used for this long are removed. Milliseconds. */
const longest = 14 * 24 * 60 * 60 * 1000;
/** Nothing that was used so recently is removed: another process may be reading it. Milliseconds. */
const recent = 60 * 60 * 1000;

/** A folder of built models, which several processes may use at the same time: what they find is complete, or not there. */
export class Cache {
  readonly folder: string;
  readonly #root: string;
  readonly #verified = new Map<string, string>();
  #isSwept = false;

  /** Paths of sources are kept relative to `root`, so that the folder can move with the project. */
  constructor(folder: string, root: string) {
    this.folder = folder;
    this.#root = root;
  }

  /** The result of an earlier build of the request, if all files that it read are what they were, and those that it wrote, too. */
  find(request: string): { readonly built: BuiltImport; readonly files: readonly string[] } | undefined {
    for (const { key, files } of this.#candidates(request)) {
      if (!files.every((mark) => isUnchanged(foundPath(mark.path, this.#root), mark))) continue;
      const built = this.#read(key);
      if (built !== undefined) return { built, files: files.map(({ path }) => foundPath(path, this.#root)) };
    }
    return undefined;
  }

  /** A new folder to build in, which `keep` or `discard` ends. */
  open(): string {
    const folder = join(this.folder, 'models', `.${process.pid}-${randomBytes(6).toString('hex')}`);
    makeFolder(folder);
    return folder;
  }

  discard(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
  }

  /** Keeps what was built in `folder` from these files. */
  keep(request: string, folder: string, built: Omit<Kept, 'files'>, marks: readonly FileMark[]): BuiltImport {
    const names = [...new Set([...built.model, ...built.training])];
    const files = Object.fromEntries(
      names.map((name) => [name, { size: statSync(join(folder, name)).size, hash: hashOfFile(join(folder, name)) }] as const),
    );
    const kept: Kept = { ...built, files };
    const key = hashOfText(JSON.stringify([request, marks.map(({ path, hash }) => [path, hash]), files])).slice(0, 24);
    writeAtomically(join(folder, 'entry.json'), [Buffer.from(JSON.stringify(kept))]);
    const place = this.#placeOf(key);
    for (let attempt = 0; ; attempt++) {
      try {
        renameSync(folder, place);
        break;
      } catch (error) {
        // Another process was faster, and left the same; or what is there is damaged.
        const found = this.#read(key);
        if (found === undefined && attempt > 3) throw error;
        if (found === undefined) continue;
        this.discard(folder);
        break;
      }
    }
    const others = this.#candidates(request).filter((candidate) => candidate.key !== key);
    const candidates: readonly Candidate[] = [{ key, files: marks }, ...others].slice(0, mostCandidates);
    makeFolder(join(this.folder, 'requests'));
    writeAtomically(this.#requestPath(request), [Buffer.from(JSON.stringify({ candidates }))]);
    this.#sweep();
    return { key, folder: place, ...kept };
  }

  /** The model in the folder of this key, if it is complete. One that is not is removed. */
  #read(key: string): BuiltImport | undefined {
    const folder = this.#placeOf(key);
    try {
      const kept = JSON.parse(readFileSync(join(folder, 'entry.json'), 'utf8')) as Kept;
      const names = Object.keys(kept.files);
      const state = names.map((name) => stateOf(join(folder, name))).join();
      if (this.#verified.get(key) !== state) {
        for (const [name, { size, hash }] of Object.entries(kept.files)) {
          const path = join(folder, name);
          if (statSync(path).size !== size || hashOfFile(path) !== hash) throw new Error(`${name} is damaged`);
        }
        this.#verified.set(key, state);
        touch(join(folder, 'entry.json'));
      }
      return { key, folder, ...kept };
    } catch {
      this.discard(folder);
      return undefined;
    }
  }

  #candidates(request: string): readonly Candidate[] {
    try {
      const { candidates } = JSON.parse(readFileSync(this.#requestPath(request), 'utf8')) as { readonly candidates: readonly Candidate[] };
      return candidates;
    } catch {
      return [];
    }
  }

  #placeOf(key: string): string {
    return join(this.folder, 'models', key);
  }

  #requestPath(request: string): string {
    return join(this.folder, 'requests', `${request}.json`);
  }

  /** Removes what has not been used for a while, and what a killed process left behind. Once for each process is enough. */
  #sweep(): void {
    if (this.#isSwept) return;
    this.#isSwept = true;
    const models = namesIn(join(this.folder, 'models'));
    for (const name of models) {
      const folder = join(this.folder, 'models', name);
      const age = Date.now() - timeOf(name.startsWith('.') ? folder : join(folder, 'entry.json'));
      if (age > (name.startsWith('.') ? recent : longest)) this.discard(folder);
    }
    for (const name of namesIn(join(this.folder, 'requests'))) {
      const path = join(this.folder, 'requests', name);
      if (
        Date.now() - timeOf(path) > longest &&
        !this.#candidates(name.replace(/\.json$/, '')).some(({ key }) => existsSync(this.#placeOf(key)))
      )
        rmSync(path, { force: true });
    }
  }
}

/**
 * The folder for built models: the one that is asked for, or `node_modules/.cache/archc` in the nearest folder above `root` that has a `package.json`. Where nothing can be written there, a
 * folder that ends with the process. Throws `HostError` if the folder that is asked for cannot be made.
 */
export function cacheFolderFor(root: string, wanted: string | undefined): string {
  const folder = wanted === undefined ? join(packageFolder(root), 'node_modules/.cache/archc') : resolve(root, wanted);
  try {
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch (error) {
    if (wanted !== undefined) throw hostError('write', folder, error);
    const own = mkdtempSync(join(tmpdir(), 'archc-'));
    process.once('exit', () => rmSync(own, { recursive: true, force: true }));
    return own;
  }
}

function packageFolder(root: string): string {
  for (let at = root; ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at;
    if (dirname(at) === at) return root;
  }
}

function stateOf(path: string): string {
  const { size, mtimeMs } = statSync(path);
  return `${size} ${mtimeMs}`;
}

function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // The time only decides how long unused models are kept.
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
