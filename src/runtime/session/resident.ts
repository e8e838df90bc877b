import type { ResidentTensor, Tensor } from '../../api/runtime.js';
import type { DType } from '../../ops/types.js';
import { elementsOf } from '../pure/tensor-data.js';
import type { Engine } from './engine.js';
import type { OrtTensor } from './ort.js';
import { SessionError } from './session-error.js';

/** An output that was not copied to memory. */
export class Resident implements ResidentTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly #engine: Engine;
  #tensor: OrtTensor | undefined;

  constructor(engine: Engine, tensor: OrtTensor, dtype: DType) {
    this.#engine = engine;
    this.#tensor = tensor;
    this.dtype = dtype;
    this.shape = [...tensor.dims];
  }

  /** The tensor for a run of this engine. A tensor of another provider would be read as garbage. */
  on({ provider }: Engine): OrtTensor {
    if (provider !== this.#engine.provider)
      throw new SessionError({
        kind: 'failed',
        what: 'take a tensor',
        reason: `it is on ${this.#engine.provider}, and the session on ${provider}`,
      });
    return this.#present();
  }

  async download(): Promise<Tensor> {
    const { shape, dtype, bytes } = await this.#engine.download(this.#present(), this.dtype);
    return { dtype, shape, data: elementsOf({ dtype, shape, bytes }) };
  }

  async dispose(): Promise<void> {
    const tensor = this.#tensor;
    this.#tensor = undefined;
    if (tensor !== undefined) await this.#engine.dispose([tensor]);
  }

  #present(): OrtTensor {
    if (this.#tensor === undefined) throw new SessionError({ kind: 'disposed', what: 'tensor' });
    return this.#tensor;
  }
}
