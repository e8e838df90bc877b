import { dtypeOfDataType } from '../../6-emit/onnx/data-type.js';
import { decodeOnnx } from '../../6-emit/onnx/decode.js';
import { encodeModel, joinChunks } from '../../6-emit/onnx/encode.js';
import type { TensorProto } from '../../6-emit/onnx/proto.js';
import { HostError } from '../../host.js';
import { bytesOf, isFloat, type WholeDType } from '../../ops/types.js';
import { elementCount, type TensorData } from '../pure/tensor-data.js';
import { numbersOf, tensorOf } from '../pure/tensor-numbers.js';

/** A stored tensor of an ONNX file. */
export interface Initializer {
  readonly dtype: WholeDType | undefined;
  readonly shape: readonly number[];
  /** The file beside the model in which its bytes are. */
  readonly place: { readonly location: string; readonly offset: number; readonly length: number | undefined } | undefined;
}

/** The stored tensors of an ONNX file by name. Throws `HostError` for bytes that are not a model. */
export function initializersOf(model: Uint8Array): ReadonlyMap<string, Initializer> {
  const initializers = decodeOnnx(model).graph?.initializer ?? [];
  return new Map(initializers.map((tensor) => [tensor.name ?? '', describe(tensor)]));
}

function describe({ dataType, dims = [], externalData }: TensorProto): Initializer {
  const entry = (key: string) => externalData?.find((known) => known.key === key)?.value;
  const location = entry('location');
  const length = entry('length');
  return {
    dtype: dtypeOfDataType(dataType ?? 0),
    shape: dims.map(Number),
    place:
      location === undefined
        ? undefined
        : { location, offset: Number(entry('offset') ?? 0), length: length === undefined ? undefined : Number(length) },
  };
}

/** A stored tensor of an ONNX file; `data` has the contents of the files beside it. Undefined if there is none with this name. Throws `HostError` if its bytes are missing. */
export function initializerOf(model: Uint8Array, name: string, data: ReadonlyMap<string, Uint8Array>): TensorData | undefined {
  const tensor = decodeOnnx(model).graph?.initializer?.find((known) => known.name === name);
  if (tensor === undefined) return undefined;
  const found = describe(tensor);
  const bytes = found.place === undefined ? tensor.rawData : bytesAt(found, data);
  return found.dtype === undefined || bytes === undefined ? undefined : { dtype: found.dtype, shape: found.shape, bytes };
}

/**
 * The ONNX file with other values for some of its stored tensors; floats get the type that is stored. Tensors whose bytes are in a file beside it keep that place, or, with
 * `data`, get into the model, so that it is complete in itself: `data` has the contents of those files. Throws `HostError` for a model that cannot be read, or that would
 * have 2 GiB and more.
 */
export function replaceInitializers(
  model: Uint8Array,
  values: ReadonlyMap<string, TensorData>,
  data?: ReadonlyMap<string, Uint8Array>,
): Uint8Array {
  const message = decodeOnnx(model);
  const initializer = (message.graph?.initializer ?? []).map((tensor): TensorProto => {
    const { dataType, dims = [], name = '' } = tensor;
    const found = describe(tensor);
    const value = values.get(name);
    if (value !== undefined && fits(value, found)) return { dims, dataType: dataType ?? 0, name, rawData: typed(value, found).bytes };
    return data === undefined || found.place === undefined
      ? tensor
      : { dims, dataType: dataType ?? 0, name, rawData: bytesAt(found, data) };
  });
  const encoding = encodeModel({ ...message, graph: { ...message.graph, initializer } });
  if (encoding.size >= 2 ** 31) throw new HostError(`the model would have ${encoding.size} bytes, and an ONNX file has less than 2 GiB`);
  return joinChunks(encoding.write());
}

/** Whether a tensor can take the place of a stored one. */
export function fits(value: Pick<TensorData, 'dtype' | 'shape'>, { dtype, shape }: Initializer): boolean {
  const isSameKind = dtype === value.dtype || (dtype !== undefined && isFloat(dtype) && isFloat(value.dtype));
  return isSameKind && String(shape) === String(value.shape);
}

function typed(value: TensorData, { dtype }: Initializer): TensorData {
  return dtype === undefined || dtype === value.dtype ? value : tensorOf(dtype, value.shape, numbersOf(value));
}

function bytesAt({ place, shape, dtype }: Initializer, data: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const { location = '', offset = 0, length = elementCount(shape) * bytesOf[dtype ?? 'f32'] } = place ?? {};
  const file = data.get(location);
  if (file === undefined || offset + length > file.length) throw new HostError(`the data file ${location} is missing or too short`);
  return file.subarray(offset, offset + length);
}
