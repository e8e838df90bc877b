import type { StepReport } from './loop.js';

/** `epoch 2/3  step 12/17  loss 0.4312  8 s left  210 rows/s  lr 0.001`: what is most important first, in case that the line is too short. */
export function progressLine(
  { epoch, step, steps, lr, means }: StepReport,
  { epochs, rowsPerSecond, secondsLeft }: { readonly epochs: number; readonly rowsPerSecond: number; readonly secondsLeft: number },
): string {
  return [
    `epoch ${epoch}/${epochs}`,
    `step ${step}/${steps}`,
    `loss ${short(means.loss ?? null)}`,
    `${duration(secondsLeft)} left`,
    `${rowsPerSecond < 9.5 ? rowsPerSecond.toFixed(1) : Math.round(rowsPerSecond)} rows/s`,
    ...(lr === null ? [] : [`lr ${short(lr)}`]),
  ].join('  ');
}

/** Four significant digits. */
export function short(value: number | null): string {
  return value === null ? 'NaN' : String(Number(value.toPrecision(4)));
}

/** `0.4 s`, `12 s`, `1:20 min`, `3:12 h` */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${sexagesimal(whole)} min`;
  return `${sexagesimal(Math.floor(whole / 60))} h`;
}

function sexagesimal(count: number): string {
  return `${Math.floor(count / 60)}:${String(count % 60).padStart(2, '0')}`;
}
