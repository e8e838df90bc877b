import { error, type Wording } from './entry.js';

/**
 * What operators refuse. Their sentences stand with their shape rules in `ops/`, next to the demands that they explain,
 * and pass through here.
 */
const asSaid = (said: Wording): Wording => said;

export const opsCatalog = {
  /** A size is not what another size demands. */
  'shape-mismatch': error(asSaid),
  /** A tensor has too many or too few axes. */
  'rank-mismatch': error(asSaid),
  /** A tensor has the wrong element type, or two tensors do not have the same. */
  'dtype-mismatch': error(asSaid),
  /** There is no such axis. */
  'bad-axis': error(asSaid),
  /** An option is unknown, missing, or has a value that it cannot have. */
  'bad-option': error(asSaid),
  /** Two shapes do not go together element by element. */
  'broadcast-mismatch': error(asSaid),
  /** A new shape has another number of elements. */
  'reshape-mismatch': error(asSaid),
  /** A size is not a multiple of another. */
  'not-divisible': error(asSaid),
};
