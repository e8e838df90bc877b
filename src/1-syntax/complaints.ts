import type { Region } from '../../grammar/base-parser.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { diagnostic } from '../diagnostics/diagnostic.js';
import type { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';

/**
 * Passes messages on to the report, one for each mistake. A message inside a region that an earlier message has spoiled, or whose own region contains an
 * earlier message, is a consequence and is dropped.
 */
export class Complaints {
  readonly #regions: Region[] = [];
  #count = 0;

  readonly path: string;
  readonly #report: Report;
  readonly #limit: number;

  constructor(path: string, report: Report, limit: number) {
    this.path = path;
    this.#report = report;
    this.#limit = limit;
  }

  add(d: Diagnostic, region: Region): void {
    if (this.#count > this.#limit || this.#regions.some((r) => overlaps(r, region))) return;
    this.#regions.push({ start: region.start, end: Math.max(region.end, region.start + 1) });
    this.#count++;
    if (this.#count <= this.#limit) this.#report.push(d);
    else if (this.#count === this.#limit + 1) this.#report.push(diagnostic('too-many-syntax-errors', d.span, { limit: this.#limit }));
  }

  span(start: number, end: number): Span {
    return { file: this.path, start, end };
  }
}

function overlaps(a: Region, b: Region): boolean {
  return a.start < Math.max(b.end, b.start + 1) && b.start < a.end;
}
