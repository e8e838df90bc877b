import type { Report } from '../../diagnostics/report.js';
import { type BinaryFile, type BinaryHost, HostError } from '../../host.js';
import type { InputSlot } from '../../runtime/pure/input-slots.js';
import { tensorFromJson } from '../../runtime/pure/json-tensor.js';
import { loadTensor, namedOrOnly, storedTensors } from '../../runtime/pure/stored-tensors.js';
import type { TensorData } from '../../runtime/pure/tensor-data.js';
import { TensorError } from '../../runtime/pure/tensor-error.js';
import { typedTensor } from '../../runtime/pure/typed-tensor.js';
import { UsageError } from '../usage-error.js';

/** What must be known about an input to read a tensor for it. */
type TypedInput = Omit<InputSlot, 'shape'>;

/**
 * The tensor for an input from a .npy, .safetensors or .json file, in the type of the input. A safetensors file contains it under the
 * input's name, or alone; `FILE#NAME` selects another. Undefined if its type does not fit, which is reported.
 */
export function readInput(input: TypedInput, word: string, host: BinaryHost, report: Report): TensorData | undefined {
  const [, path = word, key = input.name] = /^(.*\.safetensors)#(.+)$/.exec(word) ?? [];
  if (!/\.(?:npy|safetensors|json)$/.test(path)) {
    throw new UsageError(`\`--input ${input.name}=${word}\`: an input is read from a .npy, .safetensors or .json file`);
  }
  const file = host.openBinary(path);
  try {
    return typedTensor(input, path.endsWith('.json') ? tensorFromJson(textOf(file), input.dtype) : stored(file, path, key), report);
  } catch (error) {
    if (error instanceof TensorError) throw new HostError(`cannot read ${path}: ${error.message}`);
    throw error;
  } finally {
    file.close();
  }
}

/** The text of a JSON file; throws `TensorError` if it is not UTF-8. */
function textOf(file: BinaryFile): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file.read(0, file.size));
  } catch (error) {
    if (error instanceof TypeError) throw new TensorError('it is not JSON');
    throw error;
  }
}

function stored(file: BinaryFile, path: string, name: string): TensorData {
  const tensors = storedTensors(file, path);
  const tensor = namedOrOnly(tensors, name);
  if (tensor !== undefined) return loadTensor(tensor);
  throw new HostError(
    `${path} has no tensor \`${name}\`; it has ${[...tensors.keys()].slice(0, 8).join(', ')}: pick one with \`${path}#NAME\``,
  );
}
