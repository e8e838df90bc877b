import type { StoredTensor } from '../../6-emit/weights/stored-tensor.js';
import { writeSafetensors } from '../../6-emit/weights/write-safetensors.js';
import type { TrainingManifest } from '../../api/training.js';
import type { FileSet } from '../platform.js';
import { loadTensor } from '../pure/stored-tensors.js';
import type { TensorData } from '../pure/tensor-data.js';
import type { ModelSource } from '../session/engine.js';
import { withAdapter } from './adapters.js';
import { type Difference, typeText } from './checkpoint.js';
import { fits, initializerOf, initializersOf, replaceInitializers } from './replace-initializers.js';
import { TrainingError } from './training-error.js';

/** What becomes of tensors that are constants of a model: those that took their place, and those that have another shape or type. */
export interface ReplacedConstants {
  readonly taken: readonly string[];
  readonly different: readonly Difference[];
}

/** The ONNX files of a training. Weights that do not change are constants in them, until a checkpoint has other values for these. */
export class ModelFiles {
  readonly #files: FileSet;
  readonly #constants = new Map<string, TensorData>();

  constructor(files: FileSet) {
    this.#files = files;
  }

  /** What ONNX Runtime loads: the file itself if it can, which needs the least memory. */
  async source(file: string): Promise<ModelSource> {
    const path = this.#files.pathOf(file);
    if (path !== undefined && this.#constants.size === 0) return path;
    const model = await this.#files.read(file);
    const bytes = this.#constants.size === 0 ? model : replaceInitializers(model, this.#constants);
    return { bytes, data: await this.#dataOf(bytes) };
  }

  /** The model for inference with these weights, adapters added to their matrices, complete in itself. Throws `TrainingError` if it has none of them. */
  async exported(manifest: TrainingManifest, weights: ReadonlyMap<string, TensorData>): Promise<Uint8Array> {
    const { model, data, values } = await this.#inference(manifest, weights);
    return replaceInitializers(model, values, data);
  }

  /** All weights of the model for inference as a safetensors file in pieces: these, those that do not change, and adapters added to their matrices. Throws what `exported` throws. */
  async weights(manifest: TrainingManifest, weights: ReadonlyMap<string, TensorData>): Promise<readonly Uint8Array[]> {
    const { model, data, values } = await this.#inference(manifest, weights);
    const known = initializersOf(model);
    const names = [...manifest.weights, ...manifest.statistics, ...manifest.frozen]
      .map(({ name }) => name)
      .filter((name) => known.has(name));
    const tensors = names.flatMap((name) => {
      const tensor = values.get(name) ?? initializerOf(model, name, data);
      return tensor === undefined ? [] : [{ name, ...tensor }];
    });
    return writeSafetensors(tensors, { format: 'pt' });
  }

  /** The file for inference, the files beside it, and the replacements for its tensors. */
  async #inference({ inference, adapters }: TrainingManifest, weights: ReadonlyMap<string, TensorData>) {
    const model = await this.#files.read(inference.file);
    const data = await this.#dataOf(model);
    const values = new Map([...this.#constants, ...weights]);
    for (const layout of adapters) {
      const [a, b] = [values.get(layout.a), values.get(layout.b)];
      const matrix = values.get(layout.weight) ?? initializerOf(model, layout.weight, data);
      if (a !== undefined && b !== undefined && matrix !== undefined) values.set(layout.weight, withAdapter(matrix, a, b, layout));
    }
    const stored = initializersOf(model);
    for (const [name, tensor] of values) {
      const known = stored.get(name);
      if (known !== undefined && !fits(tensor, known))
        throw new TrainingError({
          kind: 'cannot-export',
          reason: `\`${name}\` is [${tensor.shape.join(', ')}] ${tensor.dtype}, and in ${inference.file} [${known.shape.join(', ')}] ${known.dtype}`,
        });
    }
    if (![...values.keys()].some((name) => stored.has(name)))
      throw new TrainingError({ kind: 'cannot-export', reason: `${inference.file} has none of its weights` });
    return { model, data, values };
  }

  /** Replaces the constants that these tensors belong to. */
  async replaceConstants({ inference }: TrainingManifest, tensors: readonly StoredTensor[]): Promise<ReplacedConstants> {
    if (tensors.length === 0) return { taken: [], different: [] };
    const stored = initializersOf(await this.#files.read(inference.file));
    const taken: string[] = [];
    const different: Difference[] = [];
    for (const tensor of tensors) {
      const { name, dtype, shape, storedType } = tensor;
      const known = stored.get(name);
      if (known === undefined) continue;
      if (dtype === undefined || !fits({ dtype, shape }, known)) {
        different.push({
          name,
          wanted: typeText(known.shape, known.dtype ?? 'of another type'),
          found: typeText(shape, dtype ?? storedType),
        });
        continue;
      }
      this.#constants.set(name, loadTensor(tensor));
      taken.push(name);
    }
    return { taken, different };
  }

  async #dataOf(model: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
    const names = new Set([...initializersOf(model).values()].flatMap(({ place }) => (place === undefined ? [] : [place.location])));
    return new Map(await Promise.all([...names].map(async (name) => [name, await this.#files.read(name)] as const)));
  }
}
