import type { EpochRecord, Results } from '../../data/history.js';
import type { StepReport } from './loop.js';

/** `epoch 2/3  loss 0.4312  accuracy 0.8611  val_loss 0.5012  val_accuracy 0.85  best  12 s` */
export function epochLine({ epoch, train, heldOut }: EpochRecord, epochs: number, isBest: boolean, seconds: number): string {
  const parts = [`epoch ${epoch}/${epochs}`, ...resultParts(train), ...(heldOut === null ? [] : resultParts(heldOut, 'val_'))];
  return [...parts, ...(isBest ? ['best'] : []), duration(seconds)].join('  ');
}

/** `epoch 2/3  step 12/17  loss 0.4312  lr 0.001  210 rows/s  8 s left` */
export function progressLine(
  { epoch, step, steps, lr, means }: StepReport,
  { epochs, rowsPerSecond, secondsLeft }: { readonly epochs: number; readonly rowsPerSecond: number; readonly secondsLeft: number },
): string {
  return [
    `epoch ${epoch}/${epochs}`,
    `step ${step}/${steps}`,
    `loss ${short(means.loss ?? null)}`,
    ...(lr === null ? [] : [`lr ${short(lr)}`]),
    `${rowsPerSecond < 9.5 ? rowsPerSecond.toFixed(1) : Math.round(rowsPerSecond)} rows/s`,
    `${duration(secondsLeft)} left`,
  ].join('  ');
}

function resultParts(results: Results, prefix = ''): readonly string[] {
  return Object.entries(results).map(([name, value]) => `${prefix}${name} ${short(value)}`);
}

/** Four significant digits. */
export function short(value: number | null): string {
  return value === null ? 'NaN' : String(Number(value.toPrecision(4)));
}

/** `0.4 s`, `12 s`, `1 min 20 s`, `3 h 12 min` */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
