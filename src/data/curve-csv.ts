import type { EpochRecord } from './history.js';

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
