import { runCatalog } from '../../diagnostics/catalog/run.js';
import type { ParamsOf } from '../../diagnostics/catalog.js';
import type { Extra } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/span.js';
import { FeedError } from './feed-error.js';

/** What reports sizes of inputs that do not fit: a `Report`, or whatever takes its place. */
export interface SizeReport {
  readonly hasErrors: boolean;
  add<C extends keyof typeof runCatalog>(code: C, span: Span, params: ParamsOf<C>, extra?: Extra): void;
}

/** Throws a `FeedError` for the first problem. A program that runs a model needs no other messages of the catalog. */
export const firstProblem: SizeReport = {
  hasErrors: false,
  add: (code, _, params) => {
    // The entry and its parameters belong together.
    const { message } = (runCatalog[code].say as (given: unknown) => { readonly message: string })(params);
    throw new FeedError({ kind: 'bad-shape', reason: message });
  },
};
