import { largest } from '../lists.js';
import { axisOf, niceStep, tickText } from './axis.js';
import { bestEpoch, type EpochRecord, type Results } from './history.js';
import { type Point, smoothed, thinned } from './smooth.js';

/** What the picture says besides the curves. */
export interface CurveOptions {
  readonly title: string;
  readonly metrics: readonly string[];
  /** Whether held-out rows are evaluated with the moving average of the weights. */
  readonly hasAverage: boolean;
}

const width = 760;
const [left, right] = [64, 740];
const [firstTop, between] = [96, 84];
const heights = { loss: 260, metric: 140 };
const columnGap = 76;
const colors = { training: '#2563a8', heldOut: '#d1571b', ink: '#1f2328', axis: '#656d76', grid: '#e6e8eb' };

/** Points of the line of training: more cannot be told apart. */
const mostPoints = 600;
/** From this number of points on, the line of training is smoothed. */
const fewPoints = 24;
/** Epochs that have a dot of their own. */
const mostDots = 40;

/** A rectangle in which curves are drawn. */
interface Panel {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A curve: lines without gaps. */
interface Curve {
  readonly lines: readonly (readonly Point[])[];
  readonly color: string;
  /** A point for each epoch, not for each few steps. */
  readonly isByEpoch: boolean;
  /** What the curve is the mean of, drawn paler. */
  readonly pale?: readonly Point[] | undefined;
}

/**
 * The course of a training as a picture: a panel for the loss and one for each metric. The loss of training has a point for every few steps and a line that smooths them; all else has a point for each
 * epoch: means over an epoch in its middle, and results of held-out rows at its end. A line through all panels marks the best epoch.
 */
export function curveSvg(history: readonly EpochRecord[], options: CurveOptions): string {
  const panels = panelsOf(options.metrics);
  const height = largest(panels.map(({ bottom }) => bottom)) + 46;
  const best = bestEpoch(history);
  const hasHeldOut = history.some(({ heldOut }) => heldOut !== null);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(options.title, left, 30, { size: 16, weight: 600 }),
    ...legend(hasHeldOut, options.hasAverage, best),
    ...panels.flatMap((panel, i) => drawn(panel, i, curvesOf(panel.name, history), history.length, best?.epoch)),
    '</svg>',
    '',
  ].join('\n');
}

/** The loss as wide as the picture, and below it the metrics: one as wide as the loss, or two in a row. */
function panelsOf(metrics: readonly string[]): readonly Panel[] {
  const metricsTop = firstTop + heights.loss + between;
  const columns = Math.min(2, metrics.length);
  const own = (right - left - (columns - 1) * columnGap) / columns;
  return [
    { name: 'loss', left, right, top: firstTop, bottom: firstTop + heights.loss },
    ...metrics.map((name, i): Panel => {
      const start = left + (i % columns) * (own + columnGap);
      const top = metricsTop + Math.floor(i / columns) * (heights.metric + between);
      return { name, left: start, right: start + own, top, bottom: top + heights.metric };
    }),
  ];
}

function curvesOf(name: string, history: readonly EpochRecord[]): readonly Curve[] {
  const heldOut = byEpoch(history, name, ({ heldOut: results }) => results, 0);
  const training: Curve =
    name === 'loss'
      ? lossOfSteps(history)
      : { lines: byEpoch(history, name, ({ train }) => train, 0.5), color: colors.training, isByEpoch: true };
  return [training, { lines: heldOut, color: colors.heldOut, isByEpoch: true }];
}

/** The losses of the steps, and the line that smooths them if there are many. */
function lossOfSteps(history: readonly EpochRecord[]): Curve {
  const all = history.flatMap(({ trace, epoch }) => trace.map((loss, i): Point => [epoch - 1 + (i + 0.5) / trace.length, loss]));
  const points = thinned(all, mostPoints);
  const isFew = points.length < fewPoints;
  return {
    lines: [isFew ? points : smoothed(points, Math.ceil(points.length / 24))],
    color: colors.training,
    isByEpoch: false,
    pale: isFew ? undefined : points,
  };
}

/** A result of each epoch, `before` epochs before its end. What is not a number leaves a gap. */
function byEpoch(
  history: readonly EpochRecord[],
  name: string,
  results: (record: EpochRecord) => Results | null,
  before: number,
): readonly (readonly Point[])[] {
  const lines: Point[][] = [[]];
  for (const record of history) {
    const value = results(record)?.[name] ?? null;
    if (value === null) lines.push([]);
    else lines.at(-1)?.push([record.epoch - before, value]);
  }
  return lines.filter((line) => line.length > 0);
}

/** A panel with its axes and curves. */
function drawn(panel: Panel, number: number, curves: readonly Curve[], epochs: number, best: number | undefined): readonly string[] {
  const axis = axisOf(curves.flatMap(({ lines }) => lines.flat().map(([, value]) => value)));
  const x = (epoch: number) => round(panel.left + ((panel.right - panel.left) * epoch) / epochs);
  const y = (value: number) => round(panel.bottom - (panel.bottom - panel.top) * axis.at(value));
  const points = (line: readonly Point[]) => line.map(([epoch, value]) => `${x(epoch)},${y(value)}`).join(' ');
  const polyline = (line: readonly Point[], color: string, style: string) =>
    `<polyline fill="none" stroke="${color}" ${style} stroke-linejoin="round" points="${points(line)}"/>`;
  const dots = ({ lines, color, isByEpoch }: Curve) =>
    (isByEpoch && epochs <= mostDots ? lines.flat() : lines.filter(({ length }) => length === 1).flat()).map(
      ([epoch, value]) =>
        `<circle cx="${x(epoch)}" cy="${y(value)}" r="2.6" fill="${color}"><title>epoch ${Math.ceil(epoch)}: ${tickText(value)}</title></circle>`,
    );
  const size = `x="${panel.left}" y="${panel.top}" width="${panel.right - panel.left}" height="${panel.bottom - panel.top}"`;
  // A loss of 0 has no place on a logarithmic axis.
  const pale = curves.flatMap(({ pale = [], color }) => {
    const shown = pale.filter(([, value]) => Number.isFinite(axis.at(value)));
    return shown.length === 0 ? [] : [polyline(shown, color, `stroke-width="1" stroke-opacity="0.28" clip-path="url(#panel${number})"`)];
  });
  return [
    `<clipPath id="panel${number}"><rect ${size}/></clipPath>`,
    text(`${panel.name}${axis.isLogarithmic ? ' (logarithmic)' : ''}`, panel.left, panel.top - 12, { weight: 600 }),
    ...axis.ticks.flatMap((tick) => [
      `<line x1="${panel.left}" y1="${y(tick)}" x2="${panel.right}" y2="${y(tick)}" stroke="${colors.grid}"/>`,
      text(tickText(tick), panel.left - 8, y(tick) + 4, { color: colors.axis, anchor: 'end' }),
    ]),
    ...epochTicks(epochs, panel.right - panel.left).flatMap((epoch) => [
      `<line x1="${x(epoch)}" y1="${panel.bottom}" x2="${x(epoch)}" y2="${panel.bottom + 5}" stroke="${colors.axis}"/>`,
      text(String(epoch), x(epoch), panel.bottom + 19, { color: colors.axis, anchor: 'middle' }),
    ]),
    `<line x1="${panel.left}" y1="${panel.bottom}" x2="${panel.right}" y2="${panel.bottom}" stroke="${colors.axis}"/>`,
    text('epoch', (panel.left + panel.right) / 2, panel.bottom + 36, { color: colors.axis, anchor: 'middle' }),
    ...(best === undefined
      ? []
      : [
          `<line x1="${x(best)}" y1="${panel.top}" x2="${x(best)}" y2="${panel.bottom}" stroke="${colors.heldOut}" stroke-opacity="0.6" stroke-dasharray="3 4"/>`,
        ]),
    ...pale,
    ...curves.flatMap(({ lines, color }) =>
      lines.filter(({ length }) => length > 1).map((line) => polyline(line, color, 'stroke-width="2"')),
    ),
    ...curves.flatMap(dots),
  ];
}

function epochTicks(count: number, room: number): readonly number[] {
  const step = Math.max(1, niceStep(count / (room / 60)));
  return Array.from({ length: Math.floor(count / step) + 1 }, (_, i) => i * step);
}

function legend(hasHeldOut: boolean, hasAverage: boolean, best: EpochRecord | undefined): readonly string[] {
  const entries: (readonly [color: string, dash: string, words: string])[] = [[colors.training, '', 'training']];
  if (hasHeldOut) entries.push([colors.heldOut, '', `held out${hasAverage ? ' (moving average of the weights)' : ''}`]);
  if (best !== undefined) entries.push([colors.heldOut, ' stroke-opacity="0.6" stroke-dasharray="3 4"', `best: epoch ${best.epoch}`]);
  let at = left;
  return entries.flatMap(([color, dash, words]) => {
    const start = round(at);
    // The width of a letter is not known here.
    at += 28 + 6.2 * words.length + 28;
    return [
      `<line x1="${start}" y1="50" x2="${start + 20}" y2="50" stroke="${color}" stroke-width="2"${dash}/>`,
      text(words, start + 28, 54, {}),
    ];
  });
}

interface TextStyle {
  readonly size?: number;
  readonly weight?: number;
  readonly color?: string;
  readonly anchor?: 'middle' | 'end';
}

function text(words: string, x: number, y: number, { size, weight, color = colors.ink, anchor }: TextStyle): string {
  const style = [
    ...(size === undefined ? [] : [`font-size="${size}"`]),
    ...(weight === undefined ? [] : [`font-weight="${weight}"`]),
    ...(anchor === undefined ? [] : [`text-anchor="${anchor}"`]),
  ];
  return `<text x="${x}" y="${y}" fill="${color}"${style.map((part) => ` ${part}`).join('')}>${escaped(words)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
