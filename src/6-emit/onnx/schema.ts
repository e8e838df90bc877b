import {
  byteStrings,
  bytes,
  defineMessage,
  float,
  floats,
  int32,
  int64,
  int64s,
  type MessageSchema,
  message,
  messages,
  packedDoubles,
  packedFloats,
  packedInt32s,
  packedInt64s,
  packedUint64s,
  string,
  strings,
} from './message.js';
import type * as proto from './proto.js';

/** Field numbers of onnx.proto. The TypeScript compiler checks the interfaces in proto.ts and these tables against each other. */

const stringStringEntry = defineMessage<proto.StringStringEntryProto>('StringStringEntryProto', { key: string(1), value: string(2) });
const entry = () => stringStringEntry;

const operatorSetId = defineMessage<proto.OperatorSetIdProto>('OperatorSetIdProto', { domain: string(1), version: int64(2) });

const dimension = defineMessage<proto.DimensionProto>('TensorShapeProto.Dimension', {
  dimValue: int64(1),
  dimParam: string(2),
  denotation: string(3),
});

const tensorShape = defineMessage<proto.TensorShapeProto>('TensorShapeProto', { dim: messages(1, () => dimension) });

const tensorTypeProto = defineMessage<proto.TensorTypeProto>('TypeProto.Tensor', {
  elemType: int32(1),
  shape: message(2, () => tensorShape),
});

const elementTypeProto: MessageSchema = defineMessage<proto.ElementTypeProto>('TypeProto.Sequence', {
  elemType: message(1, () => typeProto),
});

const mapTypeProto: MessageSchema = defineMessage<proto.MapTypeProto>('TypeProto.Map', {
  keyType: int32(1),
  valueType: message(2, () => typeProto),
});

const typeProto: MessageSchema = defineMessage<proto.TypeProto>('TypeProto', {
  tensorType: message(1, () => tensorTypeProto),
  sequenceType: message(4, () => elementTypeProto),
  mapType: message(5, () => mapTypeProto),
  denotation: string(6),
  sparseTensorType: message(8, () => tensorTypeProto),
  optionalType: message(9, () => elementTypeProto),
});

const valueInfo = defineMessage<proto.ValueInfoProto>('ValueInfoProto', {
  name: string(1),
  type: message(2, () => typeProto),
  docString: string(3),
  metadataProps: messages(4, entry),
});

const tensor = defineMessage<proto.TensorProto>('TensorProto', {
  dims: int64s(1),
  dataType: int32(2),
  floatData: packedFloats(4),
  int32Data: packedInt32s(5),
  stringData: byteStrings(6),
  int64Data: packedInt64s(7),
  name: string(8),
  rawData: bytes(9),
  doubleData: packedDoubles(10),
  uint64Data: packedUint64s(11),
  docString: string(12),
  externalData: messages(13, entry),
  dataLocation: int32(14),
  metadataProps: messages(16, entry),
});

const sparseTensor = defineMessage<proto.SparseTensorProto>('SparseTensorProto', {
  values: message(1, () => tensor),
  indices: message(2, () => tensor),
  dims: int64s(3),
});

const attribute: MessageSchema = defineMessage<proto.AttributeProto>('AttributeProto', {
  name: string(1),
  f: float(2),
  i: int64(3),
  s: bytes(4),
  t: message(5, () => tensor),
  g: message(6, () => graph),
  floats: floats(7),
  ints: int64s(8),
  strings: byteStrings(9),
  tensors: messages(10, () => tensor),
  graphs: messages(11, () => graph),
  docString: string(13),
  type: int32(20),
  refAttrName: string(21),
  sparseTensor: message(22, () => sparseTensor),
  sparseTensors: messages(23, () => sparseTensor),
});

const node = defineMessage<proto.NodeProto>('NodeProto', {
  input: strings(1),
  output: strings(2),
  name: string(3),
  opType: string(4),
  attribute: messages(5, () => attribute),
  docString: string(6),
  domain: string(7),
  overload: string(8),
  metadataProps: messages(9, entry),
});

const graph: MessageSchema = defineMessage<proto.GraphProto>('GraphProto', {
  node: messages(1, () => node),
  name: string(2),
  initializer: messages(5, () => tensor),
  docString: string(10),
  input: messages(11, () => valueInfo),
  output: messages(12, () => valueInfo),
  valueInfo: messages(13, () => valueInfo),
  sparseInitializer: messages(15, () => sparseTensor),
  metadataProps: messages(16, entry),
});

const functionProto = defineMessage<proto.FunctionProto>('FunctionProto', {
  name: string(1),
  input: strings(4),
  output: strings(5),
  attribute: strings(6),
  node: messages(7, () => node),
  docString: string(8),
  opsetImport: messages(9, () => operatorSetId),
  domain: string(10),
  attributeProto: messages(11, () => attribute),
  valueInfo: messages(12, () => valueInfo),
  overload: string(13),
  metadataProps: messages(14, entry),
});

/** The root of every ONNX file. */
export const modelSchema = defineMessage<proto.ModelProto>('ModelProto', {
  irVersion: int64(1),
  producerName: string(2),
  producerVersion: string(3),
  domain: string(4),
  modelVersion: int64(5),
  docString: string(6),
  graph: message(7, () => graph),
  opsetImport: messages(8, () => operatorSetId),
  metadataProps: messages(14, entry),
  functions: messages(25, () => functionProto),
});
