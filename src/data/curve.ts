import { bestEpoch, type EpochRecord } from './history.js';

/** A row for each epoch: `epoch,step,lr,loss,accuracy,val_loss,val_accuracy`. */
export function curveCsv(history: readonly EpochRecord[], metrics: readonly string[]): string {
  const names = ['loss', ...metrics];
  const hasHeldOut = history.some(({ heldOut }) => heldOut !== null);
  const head = ['epoch', 'step', 'lr', ...names, ...(hasHeldOut ? names.map((name) => `val_${name}`) : [])];
  const rows = history.map(({ epoch, step, lr, train, heldOut }) => [
    epoch,
    step,
    lr,
    ...names.map((name) => train[name]),
    ...(hasHeldOut ? names.map((name) => heldOut?.[name]) : []),
  ]);
  return [head, ...rows].map((row) => `${row.map((cell) => cell ?? '').join(',')}\n`).join('');
}

const [width, height] = [720, 420];
const plot = { left: 64, top: 40, right: 700, bottom: 368 };
const colors = { train: '#2f6fb3', heldOut: '#c2571a', axis: '#555555', grid: '#e3e3e3' };

type Point = readonly [epoch: number, loss: number];

/** The losses by epoch as a picture: of training, a point for every few steps, and of held-out rows, one at the end of each epoch. The best one is marked. */
export function curveSvg(history: readonly EpochRecord[], title: string): string {
  const train = history.flatMap(({ trace, epoch }) => trace.map((loss, i): Point => [epoch - 1 + (i + 1) / trace.length, loss]));
  const heldOut = history.flatMap(({ epoch, heldOut: results }): Point[] => (results?.loss == null ? [] : [[epoch, results.loss]]));
  const losses = [...train, ...heldOut].map(([, loss]) => loss);
  const lowest = losses.reduce((least, loss) => Math.min(least, loss), Number.POSITIVE_INFINITY);
  const highest = losses.reduce((most, loss) => Math.max(most, loss), Number.NEGATIVE_INFINITY);
  const step = niceStep((Math.max(highest, 0) - Math.min(lowest, 0)) / 5);
  const bottom = Math.floor(Math.min(lowest, 0) / step) * step;
  const top = Math.max(bottom + step, Math.ceil(highest / step) * step);
  const x = (epoch: number) => round(plot.left + ((plot.right - plot.left) * epoch) / history.length);
  const y = (loss: number) => round(plot.bottom - ((plot.bottom - plot.top) * (loss - bottom)) / (top - bottom));
  const line = (points: readonly Point[], color: string) =>
    `<polyline fill="none" stroke="${color}" stroke-width="2" stroke-linejoin="round" points="${points.map(([epoch, loss]) => `${x(epoch)},${y(loss)}`).join(' ')}"/>`;
  const dots =
    heldOut.length > 40 ? [] : heldOut.map(([epoch, loss]) => `<circle cx="${x(epoch)}" cy="${y(loss)}" r="3" fill="${colors.heldOut}"/>`);
  const best = bestEpoch(history);
  const bestLoss = best?.heldOut?.loss ?? undefined;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...lossTicks(bottom, top, step, y),
    ...epochTicks(history.length, x),
    `<line x1="${plot.left}" y1="${plot.bottom}" x2="${plot.right}" y2="${plot.bottom}" stroke="${colors.axis}"/>`,
    `<text x="${plot.left}" y="22" fill="#222222">${escaped(title)}</text>`,
    `<text x="${(plot.left + plot.right) / 2}" y="${height - 12}" text-anchor="middle" fill="${colors.axis}">epoch</text>`,
    ...(train.length === 0 ? [] : [line(train, colors.train)]),
    ...(heldOut.length === 0 ? [] : [line(heldOut, colors.heldOut), ...dots]),
    ...(best === undefined || bestLoss === undefined
      ? []
      : [
          `<circle cx="${x(best.epoch)}" cy="${y(bestLoss)}" r="6" fill="none" stroke="${colors.heldOut}" stroke-width="2"><title>best: epoch ${best.epoch}</title></circle>`,
        ]),
    ...legend(heldOut.length > 0, best),
    '</svg>',
    '',
  ].join('\n');
}

function lossTicks(bottom: number, top: number, step: number, y: (loss: number) => number): readonly string[] {
  const count = Math.round((top - bottom) / step);
  return Array.from({ length: count + 1 }, (_, i) => {
    const loss = bottom + i * step;
    return `<line x1="${plot.left}" y1="${y(loss)}" x2="${plot.right}" y2="${y(loss)}" stroke="${colors.grid}"/><text x="${plot.left - 8}" y="${y(loss) + 4}" text-anchor="end" fill="${colors.axis}">${Number(loss.toPrecision(6))}</text>`;
  });
}

function epochTicks(count: number, x: (epoch: number) => number): readonly string[] {
  const step = Math.max(1, niceStep(count / 10));
  return Array.from({ length: Math.floor(count / step) + 1 }, (_, i) => {
    const epoch = i * step;
    return `<line x1="${x(epoch)}" y1="${plot.bottom}" x2="${x(epoch)}" y2="${plot.bottom + 5}" stroke="${colors.axis}"/><text x="${x(epoch)}" y="${plot.bottom + 19}" text-anchor="middle" fill="${colors.axis}">${epoch}</text>`;
  });
}

function legend(hasHeldOut: boolean, best: EpochRecord | undefined): readonly string[] {
  const entry = (at: number, color: string, text: string) =>
    `<line x1="${at}" y1="18" x2="${at + 22}" y2="18" stroke="${color}" stroke-width="2"/><text x="${at + 28}" y="22" fill="#222222">${text}</text>`;
  if (!hasHeldOut) return [entry(600, colors.train, 'training')];
  return [
    entry(400, colors.train, 'training'),
    entry(500, colors.heldOut, `held out${best === undefined ? '' : `, best in epoch ${best.epoch}`}`),
  ];
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least: number): number {
  if (!(least > 0) || !Number.isFinite(least)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((factor) => factor * power >= least * 0.999) ?? 10) * power;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
