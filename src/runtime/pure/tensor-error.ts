/** Why a text or a file does not hold a tensor that can be used. The message follows the name of the file: `its lists have different lengths`. */
export class TensorError extends Error {
  override readonly name = 'TensorError';
}
