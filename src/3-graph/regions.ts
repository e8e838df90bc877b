import { bodiesOf, type Region } from './graph.js';

/** A region and all bodies in it, innermost first. */
export function regionsIn(region: Region): readonly Region[] {
  const all: Region[] = [];
  const visit = (inner: Region) => {
    for (const node of inner.nodes) for (const body of bodiesOf(node)) visit(body);
    all.push(inner);
  };
  visit(region);
  return all;
}
