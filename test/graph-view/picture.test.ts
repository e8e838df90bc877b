import { describe, expect, test } from 'vitest';
import { boxText } from '../../src/graph-view/box-text.js';
import { layout } from '../../src/graph-view/layout.js';
import { svgOf } from '../../src/graph-view/svg.js';
import { textWidth } from '../../src/graph-view/text-width.js';
import type { BlockView, ModelView } from '../../src/index.js';
import { examples, special, viewed } from './examples.js';
import { flawsOf } from './geometry.js';
import { demandWellFormed } from './xml.js';

const models = [...examples, ...Object.keys(special).map((name) => [name, {}] as const)];

/** The blocks that have contents, outer ones first. */
function containers({ entries }: ModelView): readonly BlockView[] {
  const all: BlockView[] = [];
  const visit = (block: BlockView): void => {
    if (block.children.length > 0) all.push(block);
    for (const child of block.children) visit(child);
  };
  for (const { root } of entries) visit(root);
  return all;
}

/** Ways to expand a view: as it says, nothing, the first of each kind of layer, every other block, and all of a small model. */
function expansions(view: ModelView): Readonly<Record<string, readonly string[]>> {
  const all = containers(view);
  const roots = view.entries.map(({ root }) => root.id);
  const kinds = new Set<string>();
  const first = all.filter(({ kind, type }) => kind !== 'layer' || (!kinds.has(type) && kinds.add(type)));
  return {
    'as it is': view.expanded,
    'with everything closed': roots,
    'with a layer of each kind expanded': [...roots, ...first.slice(0, 30).map(({ id }) => id)],
    'with every other block expanded': [
      ...roots,
      ...all
        .filter((_, i) => i % 2 === 1)
        .slice(0, 25)
        .map(({ id }) => id),
    ],
    ...(all.length <= 40 ? { 'with everything expanded': all.map(({ id }) => id) } : {}),
  };
}

describe.each(models)('the picture of %s', (name, options) => {
  const { view } = viewed(name, options);

  test.each(Object.entries(expansions(view)))('%s', (_, expanded) => {
    const drawing = layout(view, new Set(expanded));
    expect(flawsOf(drawing)).toEqual([]);
    const { svg, width, height } = svgOf(view, drawing);
    demandWellFormed(svg);
    expect(svg).not.toMatch(/<script|\son\w+=|NaN|undefined|Infinity/);
    expect(width).toBeGreaterThanOrEqual(drawing.width);
    expect(height).toBeGreaterThanOrEqual(drawing.height);
  });
});

test('texts are escaped, and shortened where they are long', () => {
  const { view } = viewed('apart');
  const [entry] = view.entries;
  const bad = `</text><script>alert(1)</script>&\u0000\ud800${'w'.repeat(300)}`;
  const [first] = entry!.root.children;
  const evil: ModelView = {
    ...view,
    name: bad,
    doc: bad,
    entries: [
      {
        ...entry!,
        name: bad,
        root: {
          ...entry!.root,
          children: entry!.root.children.map((child) => (child === first ? { ...child, id: bad, label: bad } : { ...child, type: bad })),
        },
      },
      { ...entry!, name: bad },
    ],
  };
  const drawing = layout(evil, new Set(view.expanded));
  expect(flawsOf(drawing)).toEqual([]);
  const { svg } = svgOf(evil, drawing);
  demandWellFormed(svg);
  expect(svg).not.toContain('<script');
});

test('the same view gives the same picture', () => {
  const draw = () => svgOf(viewed('unet').view, layout(viewed('unet').view, new Set(viewed('unet').view.expanded))).svg;
  expect(draw()).toBe(draw());
});

test('characters have widths, whatever they are', () => {
  expect(textWidth('', 10)).toBe(0);
  expect(textWidth('il', 10)).toBeLessThan(textWidth('mw', 10));
  expect(textWidth('層', 10)).toBe(10);
});

test('parameters are those of `archc cost`, without buffers', () => {
  const { view } = viewed('lenet');
  const [entry] = view.entries;
  const root = { ...entry!.root, buffers: 1_000_000 };
  const { svg } = svgOf({ ...view, entries: [{ ...entry!, root }] }, layout(view, new Set(view.expanded)));
  expect(svg).toContain('>62 K parameters · ');
  expect(boxText({ ...root, kind: 'layer', parameters: 128, buffers: 129 }).detail).toMatch(/^128 params/);
  expect(boxText({ ...root, kind: 'layer', parameters: 0, buffers: 129 }).detail).not.toContain('param');
});
