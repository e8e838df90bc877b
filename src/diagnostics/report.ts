import type { Code, ParamsOf } from './catalog.js';
import { type Diagnostic, diagnostic, type Extra } from './diagnostic.js';
import type { Span } from './span.js';

/** Collects what one compilation has to say. Exact duplicates are dropped. */
export class Report {
  readonly #seen = new Set<string>();
  readonly #diagnostics: Diagnostic[] = [];

  add<C extends Code>(code: C, span: Span, params: ParamsOf<C>, extra?: Extra): void {
    this.push(diagnostic(code, span, params, extra));
  }

  push(d: Diagnostic): void {
    const key = `${d.code} ${d.span.file} ${d.span.start} ${d.span.end} ${d.message}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#diagnostics.push(d);
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

/** By code unit: the same order on every machine and in every locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
