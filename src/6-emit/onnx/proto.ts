/**
 * The messages of onnx.proto (onnx 1.23, IR version 10 and later fields included) that archc writes or reads, as plain data
 * with the field names that protobufjs gives them, so that they are also `onnx-proto`'s object model. Absent is `undefined`.
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */

/** An int64: a number if it is exact, a bigint beyond 2^53. */
export type Int64 = number | bigint;

export interface ModelProto {
  irVersion?: Int64;
  producerName?: string;
  producerVersion?: string;
  domain?: string;
  modelVersion?: Int64;
  docString?: string;
  graph?: GraphProto;
  opsetImport?: readonly OperatorSetIdProto[];
  metadataProps?: readonly StringStringEntryProto[];
  functions?: readonly FunctionProto[];
}

export interface OperatorSetIdProto {
  domain?: string;
  version?: Int64;
}

export interface StringStringEntryProto {
  key?: string;
  value?: string;
}

export interface GraphProto {
  node?: readonly NodeProto[];
  name?: string;
  initializer?: readonly TensorProto[];
  docString?: string;
  input?: readonly ValueInfoProto[];
  output?: readonly ValueInfoProto[];
  valueInfo?: readonly ValueInfoProto[];
  sparseInitializer?: readonly SparseTensorProto[];
  metadataProps?: readonly StringStringEntryProto[];
}

export interface NodeProto {
  input?: readonly string[];
  output?: readonly string[];
  name?: string;
  opType?: string;
  attribute?: readonly AttributeProto[];
  docString?: string;
  domain?: string;
  overload?: string;
  metadataProps?: readonly StringStringEntryProto[];
}

export interface AttributeProto {
  name?: string;
  f?: number;
  i?: Int64;
  s?: Uint8Array;
  t?: TensorProto;
  g?: GraphProto;
  floats?: readonly number[];
  ints?: readonly Int64[];
  strings?: readonly Uint8Array[];
  tensors?: readonly TensorProto[];
  graphs?: readonly GraphProto[];
  docString?: string;
  /** One of `attributeType`. */
  type?: number;
  refAttrName?: string;
  sparseTensor?: SparseTensorProto;
  sparseTensors?: readonly SparseTensorProto[];
}

/** `AttributeProto.AttributeType`. */
export const attributeType = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
  tensors: 9,
  graphs: 10,
} as const;

export interface TensorProto {
  dims?: readonly Int64[];
  /** A `TensorProto.DataType`; see data-type.ts. */
  dataType?: number;
  floatData?: readonly number[];
  int32Data?: readonly number[];
  stringData?: readonly Uint8Array[];
  int64Data?: readonly Int64[];
  name?: string;
  /** Little-endian, whatever the machine. */
  rawData?: Uint8Array;
  doubleData?: readonly number[];
  uint64Data?: readonly Int64[];
  docString?: string;
  externalData?: readonly StringStringEntryProto[];
  /** 0: in this message, 1: in the file that `externalData` names. */
  dataLocation?: number;
  metadataProps?: readonly StringStringEntryProto[];
}

/** The nonzero values and their positions. The name is that of `values`. */
export interface SparseTensorProto {
  values?: TensorProto;
  indices?: TensorProto;
  dims?: readonly Int64[];
}

export interface ValueInfoProto {
  name?: string;
  type?: TypeProto;
  docString?: string;
  metadataProps?: readonly StringStringEntryProto[];
}

/** At most one of the types is set. */
export interface TypeProto {
  tensorType?: TensorTypeProto;
  sequenceType?: ElementTypeProto;
  mapType?: MapTypeProto;
  denotation?: string;
  sparseTensorType?: TensorTypeProto;
  optionalType?: ElementTypeProto;
}

/** A sequence or an optional of something. */
export interface ElementTypeProto {
  elemType?: TypeProto;
}

export interface MapTypeProto {
  keyType?: number;
  valueType?: TypeProto;
}

export interface TensorTypeProto {
  elemType?: number;
  shape?: TensorShapeProto;
}

export interface TensorShapeProto {
  dim?: readonly DimensionProto[];
}

/** At most one of the first two is set. */
export interface DimensionProto {
  dimValue?: Int64;
  dimParam?: string;
  denotation?: string;
}

export interface FunctionProto {
  name?: string;
  input?: readonly string[];
  output?: readonly string[];
  attribute?: readonly string[];
  node?: readonly NodeProto[];
  docString?: string;
  opsetImport?: readonly OperatorSetIdProto[];
  domain?: string;
  attributeProto?: readonly AttributeProto[];
  valueInfo?: readonly ValueInfoProto[];
  overload?: string;
  metadataProps?: readonly StringStringEntryProto[];
}
