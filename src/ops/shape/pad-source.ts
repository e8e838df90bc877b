export const padModes = ['constant', 'reflect', 'edge', 'wrap'] as const;
export type PadMode = (typeof padModes)[number];

/** The position inside an axis of `size` that padding copies to `position`, which may be outside; undefined for the pad value. */
export function padSource(position: number, size: number, mode: PadMode): number | undefined {
  if (position >= 0 && position < size) return position;
  switch (mode) {
    case 'constant':
      return undefined;
    case 'edge':
      return position < 0 ? 0 : size - 1;
    case 'wrap':
      return ((position % size) + size) % size;
    case 'reflect': {
      const period = Math.max(1, 2 * (size - 1));
      const folded = ((position % period) + period) % period;
      return folded < size ? folded : period - folded;
    }
  }
}
