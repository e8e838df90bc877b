import { describe, expect, test } from 'vitest';
import { axisOf } from '../../src/data/axis.js';
import { curveCsv } from '../../src/data/curve-csv.js';
import { curveSvg } from '../../src/data/curve-svg.js';
import { type Point, smoothed, thinned } from '../../src/data/smooth.js';
import { epochRecord as epoch } from '../kit/epoch-record.js';

const options = { title: 'A < B & C', metrics: ['accuracy'], hasAverage: false };

/** The points of all lines, and the rectangles that the panels are. */
function shapes(svg: string) {
  const numbers = (text: string) => text.split(' ').map((pair) => pair.split(',').map(Number));
  const lines = [...svg.matchAll(/<polyline[^>]* points="([^"]*)"/g)].map(([, text = '']) => numbers(text));
  const panels = [...svg.matchAll(/<clipPath[^>]*><rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g)].map(
    ([, ...sides]) => sides.map(Number),
  );
  return { lines, panels };
}

test('the table has a row for each epoch', () => {
  expect(curveCsv([epoch(1, 3), { ...epoch(2, 1), lr: null }], ['accuracy'])).toBe(
    'epoch,step,lr,loss,accuracy,val_loss,val_accuracy\n1,10,0.001,1,0.5,3,0.25\n2,20,,0.5,0.5,1,0.25\n',
  );
  expect(curveCsv([epoch(1, null)], ['accuracy'])).toBe('epoch,step,lr,loss,accuracy\n1,10,0.001,1,0.5\n');
});

describe('the picture', () => {
  test('has a panel for the loss and one for each metric, with training and held-out rows', () => {
    const svg = curveSvg([epoch(1, 3), epoch(2, 1), epoch(3, 2)], options);
    expect(svg).toContain('>A &lt; B &amp; C<');
    for (const words of ['loss', 'accuracy', 'training', 'held out', 'best: epoch 2']) expect(svg).toContain(`>${words}<`);
    const { lines, panels } = shapes(svg);
    expect([lines.length, panels.length]).toEqual([4, 2]);
    for (const [i, line] of lines.entries()) {
      const [x = 0, y = 0, width = 0, height = 0] = panels[Math.floor(i / 2)]!;
      for (const [px = -1, py = -1] of line) {
        expect(px >= x && px <= x + width).toBe(true);
        expect(py >= y && py <= y + height).toBe(true);
      }
    }
  });

  test('has as many panels as metrics, none over another', () => {
    const metrics = ['a', 'b', 'c'];
    const results = { loss: 1, a: 1, b: 2, c: 3 };
    const { panels } = shapes(curveSvg([{ ...epoch(1, 1), train: results, heldOut: results }], { ...options, metrics }));
    expect(panels).toHaveLength(4);
    for (const [i, [x = 0, y = 0, width = 0, height = 0]] of panels.entries())
      for (const [a = 0, b = 0, w = 0, h = 0] of panels.slice(i + 1))
        expect(x + width < a || a + w < x || y + height < b || b + h < y).toBe(true);
  });

  test('says which weights the held-out rows see', () => {
    expect(curveSvg([epoch(1, 1)], { ...options, hasAverage: true })).toContain('>held out (moving average of the weights)<');
  });

  test('smooths the losses of many steps, and shows these paler', () => {
    const trace = Array.from({ length: 50 }, (_, i) => 2 + (i % 2));
    const svg = curveSvg([{ ...epoch(1, null), trace }], { ...options, metrics: [] });
    const { lines } = shapes(svg);
    expect(lines.map(({ length }) => length)).toEqual([50, 50]);
    const spread = (line: number[][]) => Math.max(...line.map(([, y = 0]) => y)) - Math.min(...line.map(([, y = 0]) => y));
    expect(spread(lines[1]!)).toBeLessThan(0.5 * spread(lines[0]!));
    expect(svg).toContain('stroke-opacity="0.28"');
  });

  test('has a logarithmic axis where the loss spans more than two decades', () => {
    const falling = Array.from({ length: 9 }, (_, i) => ({ ...epoch(i + 1, 10 ** (1 - i / 2)), trace: [10 ** (1 - i / 2)] }));
    const svg = curveSvg(falling, options);
    expect(svg).toContain('>loss (logarithmic)<');
    for (const tick of ['10', '1', '0.1', '0.01', '0.001']) expect(svg).toContain(`>${tick}<`);
    // What falls by the same factor each time is a straight line.
    const heights = shapes(svg).lines[0]!.map(([, y = 0]) => y);
    for (let i = 2; i < heights.length; i++) expect(heights[i]! - heights[i - 1]!).toBeCloseTo(heights[1]! - heights[0]!, 0);
    expect(curveSvg(falling.slice(0, 4), options)).not.toContain('logarithmic');
  });

  test('leaves a gap where a result is not a number', () => {
    const { lines } = shapes(
      curveSvg([epoch(1, 1), epoch(2, 2), { ...epoch(3, 0), heldOut: { loss: null } }, epoch(4, 1), epoch(5, 1)], options),
    );
    expect(lines.slice(1, 3).map(({ length }) => length)).toEqual([2, 2]);
  });

  test.each([
    ['nothing is held out', [epoch(1, null)]],
    ['the loss is negative', [{ ...epoch(1, -3), trace: [-1, -2] }]],
    ['the loss is 0', [{ ...epoch(1, 0), trace: [0, 0] }]],
    ['the loss is 0 beside a large one', [{ ...epoch(1, 1e-9), trace: [1e9, ...Array.from({ length: 49 }, () => 0)] }]],
    ['no held-out loss is a number', [{ ...epoch(1, 0), heldOut: { loss: null, accuracy: null } }]],
    ['there are many epochs', Array.from({ length: 300 }, (_, i) => epoch(i + 1, 300 - i))],
  ])('is drawn when %s', (_, history) => {
    const svg = curveSvg(history, options);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg.length).toBeLessThan(60_000);
  });
});

describe('an axis', () => {
  test.each([
    [
      [0.3, 2.2],
      [0, 0.5, 1, 1.5, 2, 2.5],
    ],
    [
      [-3, -1],
      [-3, -2.5, -2, -1.5, -1],
    ],
    [
      [0.17, 0.98],
      [0, 0.2, 0.4, 0.6, 0.8, 1],
    ],
    [
      [1, 1],
      [0.75, 0.8, 0.85, 0.9, 0.95, 1],
    ],
    [
      [0.01, 3],
      [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
    ],
    [
      [1e-12, 10],
      [1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1],
    ],
  ])('of %j has round ticks', (values, ticks) => {
    const axis = axisOf(values);
    expect(axis.ticks.map((tick) => Number(tick.toPrecision(6)))).toEqual(ticks);
    for (const value of values) {
      expect(axis.at(value)).toBeGreaterThanOrEqual(-1e-12);
      expect(axis.at(value)).toBeLessThanOrEqual(1 + 1e-12);
    }
  });
});

test('smoothing keeps a straight line, and thinning the mean', () => {
  const line = Array.from({ length: 100 }, (_, i): Point => [i, 2 * i]);
  for (const [i, [x, y]] of smoothed(line, 8).entries()) if (i >= 8 && i < 92) expect([x, y]).toEqual([i, expect.closeTo(2 * i, 9)]);
  const thin = thinned(line, 30);
  expect(thin).toHaveLength(25);
  expect(thin[1]).toEqual([5.5, 11]);
  expect(thinned(line, 100)).toBe(line);
});
