import type { Span } from '../../diagnostics/span.js';
import type { Dim } from '../../dims/dim.js';
import { variablesOf } from '../../dims/facts.js';
import { boundsOf } from '../../dims/new-size.js';
import type { Context } from '../context.js';
import type { MadeSize, Making } from './new-sizes.js';

/** A size that a step of this body makes. Its bounds are known wherever it occurs. */
export function makeSize(cx: Context, making: Making): MadeSize {
  return bounded(cx, cx.newSizes.make(making));
}

/**
 * What the new sizes of a body are in a use of it at `span`, by their names in the body: each that is `seen` from outside, and what bounds it, is a new size
 * here.
 */
export function adoptSizes(cx: Context, made: readonly MadeSize[], seen: ReadonlySet<string>, span: Span): ReadonlyMap<string, Dim> {
  const wanted = new Set(seen);
  const visible = made.toReversed().filter((inner) => {
    if (!wanted.has(inner.name)) return false;
    for (const other of boundsOf(inner).flatMap(variablesOf)) wanted.add(other);
    return true;
  });
  const sizes = new Map<string, Dim>();
  for (const inner of visible.reverse()) sizes.set(inner.name, bounded(cx, cx.newSizes.adopt(inner, span, sizes)).size);
  return sizes;
}

function bounded(cx: Context, made: MadeSize): MadeSize {
  cx.facts = cx.facts.bound(made.name, boundsOf(made));
  return made;
}
