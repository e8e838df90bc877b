import { error, type Wording } from './entry.js';

/** What operators refuse. Their sentences are next to their shape rules in `ops/`, with the demands that they explain, and pass through here. */
const asSaid = (said: Wording): Wording => said;

export const opsCatalog = {
  /** A size is not what another size requires. */
  'shape-mismatch': error(asSaid),
  /** A tensor has too many or too few axes. */
  'rank-mismatch': error(asSaid),
  /** A tensor has the wrong element type, or two tensors have different ones. */
  'dtype-mismatch': error(asSaid),
  /** The axis does not exist. */
  'bad-axis': error(asSaid),
  /** An option is unknown, missing, or has an invalid value. */
  'bad-option': error(asSaid),
  /** Two shapes do not fit together element by element. */
  'broadcast-mismatch': error(asSaid),
  /** A new shape has a different number of elements. */
  'reshape-mismatch': error(asSaid),
  /** A size is not a multiple of another. */
  'not-divisible': error(asSaid),
};
