import type { Span } from '../../diagnostics/span.js';
import type { Dim } from '../../dims/dim.js';
import { boundsOf, mentioned } from '../../dims/new-size.js';
import type { Instance } from '../checked-model.js';
import type { Context } from '../context.js';
import type { MadeSize, Making } from './new-sizes.js';

/** A size that a step of this body makes. Its bounds are known wherever it occurs. */
export function makeSize(cx: Context, making: Making): MadeSize {
  return bounded(cx, cx.newSizes.make(making));
}

/**
 * What the new sizes of a body are in a use of it at `span`, by their names in the body: each that is `seen` from outside, and what bounds it, is a new size
 * here. It is called `Layer.K`, so that `K` is left to the user of the layer.
 */
export function adoptSizes(
  cx: Context,
  { kind, newSizes }: Pick<Instance, 'kind' | 'newSizes'>,
  seen: ReadonlySet<string>,
  span: Span,
): ReadonlyMap<string, Dim> {
  const sizes = new Map<string, Dim>();
  for (const inner of mentioned(newSizes, seen)) {
    const name = `${kind}.${inner.outerName.slice(inner.outerName.lastIndexOf('.') + 1)}`;
    sizes.set(inner.name, bounded(cx, cx.newSizes.adopt(inner, name, span, sizes)).size);
  }
  return sizes;
}

function bounded(cx: Context, made: MadeSize): MadeSize {
  cx.facts = cx.facts.bound(made.name, boundsOf(made));
  return made;
}
