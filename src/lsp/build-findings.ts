import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { isStandardFile } from '../standard-file.js';
import { movedDiagnostics } from './moved-diagnostics.js';

interface Findings {
  readonly found: readonly Diagnostic[];
  /** The texts of the files that they speak of, when they were found. */
  readonly texts: ReadonlyMap<string, string>;
}

/** What the latest builds have found, by the files that were built. It is shown until the next build, in texts that were edited since, too. */
export class BuildFindings {
  readonly #textOf: (path: string) => string | undefined;
  readonly #latest = new Map<string, Findings>();

  /** `textOf` gives the present text of a file. */
  constructor(textOf: (path: string) => string | undefined) {
    this.#textOf = textOf;
  }

  /** Keeps what a build of a file has found. The result are the files in which something else is to be shown. */
  set(path: string, found: readonly Diagnostic[]): readonly string[] {
    const before = this.#latest.get(path)?.found ?? [];
    const files = new Set([path, ...found.flatMap(({ span, notes }) => [span.file, ...notes.map((note) => note.span.file)])]);
    const texts = new Map([...files].map((file) => [file, this.#textOf(file) ?? '']));
    this.#latest.set(path, { found, texts });
    return filesWith([...before, ...found]);
  }

  /** Forgets what a build of a file has found. The result is as that of `set`. */
  delete(path: string): readonly string[] {
    const before = this.#latest.get(path)?.found ?? [];
    this.#latest.delete(path);
    return filesWith(before);
  }

  clear(): readonly string[] {
    const before = [...this.#latest.values()].flatMap(({ found }) => found);
    this.#latest.clear();
    return filesWith(before);
  }

  /** What builds have found in a file, at the places in the present texts: those of the file itself first. */
  in(path: string): readonly Diagnostic[] {
    const own = this.#latest.get(path);
    const others = [...this.#latest].flatMap(([built, findings]) => (built === path ? [] : [findings]));
    const seen = new Set<string>();
    return [...(own === undefined ? [] : [own]), ...others].flatMap(({ found, texts }) => {
      let moved = found.filter(({ span }) => span.file === path);
      for (const [file, text] of moved.length === 0 ? [] : texts)
        moved = [...movedDiagnostics(moved, file, text, this.#textOf(file) ?? '')];
      // Several builds find the same in a file that they share.
      return moved.filter(({ code, message, span }) => {
        const key = JSON.stringify([code, message, span.start, span.end]);
        return !seen.has(key) && seen.add(key);
      });
    });
  }
}

function filesWith(found: readonly Diagnostic[]): readonly string[] {
  return [...new Set(found.map(({ span }) => span.file))].filter((file) => !isStandardFile(file));
}
