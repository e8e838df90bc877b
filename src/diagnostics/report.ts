import { allowedAt } from './allowed.js';
import type { Code, ParamsOf } from './catalog.js';
import { type Diagnostic, diagnostic, type Extra } from './diagnostic.js';
import type { Span } from './span.js';

/** Nothing more is reported about a file after one of these. */
const closing: readonly Code[] = ['too-many-diagnostics', 'too-many-syntax-errors'];

/** Collects the diagnostics of one compilation. Exact duplicates are dropped, as is anything beyond the limit of a file, which is reported. */
export class Report {
  readonly #seen = new Set<string>();
  readonly #diagnostics: Diagnostic[] = [];
  /** What earlier rounds reported, by code and place. */
  readonly #said = new Set<string>();
  readonly #counts = new Map<string, number>();
  readonly #limit: number;
  readonly #sources: ReadonlyMap<string, string>;
  /** Called with everything that is reported, even if it is dropped. */
  onPush: ((d: Diagnostic) => void) | undefined;

  readonly #denied: readonly Code[];

  /**
   * `limit` is how many diagnostics one file may have; `sources` are the texts in which comments may allow warnings; `denied` lists warnings that become errors unless a comment
   * allows them.
   */
  constructor(limit = Number.POSITIVE_INFINITY, sources: ReadonlyMap<string, string> = new Map(), denied: readonly Code[] = []) {
    this.#limit = limit;
    this.#sources = sources;
    this.#denied = denied;
  }

  add<C extends Code>(code: C, span: Span, params: ParamsOf<C>, extra?: Extra): void {
    this.push(diagnostic(code, span, params, extra));
  }

  push(d: Diagnostic): void {
    this.onPush?.(d);
    const key = `${d.code} ${d.span.file} ${d.span.start} ${d.span.end} ${d.message}`;
    if (this.#seen.has(key) || this.#said.has(placeOf(d)) || this.#isAllowed(d)) return;
    this.#seen.add(key);
    const { file } = d.span;
    const count = this.#counts.get(file) ?? 0;
    if (count > this.#limit) return;
    const isLast = closing.some((code) => code === d.code);
    this.#counts.set(file, isLast ? Number.POSITIVE_INFINITY : count + 1);
    if (count < this.#limit || isLast) this.#diagnostics.push(this.#denied.includes(d.code) ? { ...d, severity: 'error' } : d);
    else this.#diagnostics.push(diagnostic('too-many-diagnostics', d.span, { limit: this.#limit }));
  }

  /** What was reported is not reported again at its place, whatever the wording: the next model uses the same layers. */
  endRound(): void {
    for (const d of this.#diagnostics) this.#said.add(placeOf(d));
  }

  #isAllowed({ code, severity, span }: Diagnostic): boolean {
    const text = severity === 'warning' ? this.#sources.get(span.file) : undefined;
    return text !== undefined && allowedAt(text, span.start).includes(code);
  }

  /** Whether nothing more is reported about a file. */
  isFull(file: string): boolean {
    return (this.#counts.get(file) ?? 0) > this.#limit;
  }

  get hasErrors(): boolean {
    return this.#diagnostics.some((d) => d.severity === 'error');
  }

  /** Sorted by file, offset and code, so that the order never depends on the order of checking. */
  get diagnostics(): readonly Diagnostic[] {
    return [...this.#diagnostics].sort(
      (a, b) => compare(a.span.file, b.span.file) || a.span.start - b.span.start || a.span.end - b.span.end || compare(a.code, b.code),
    );
  }
}

function placeOf({ code, span }: Diagnostic): string {
  return `${code} ${span.file} ${span.start} ${span.end}`;
}

/** By code unit: the same order on every machine and in every locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
