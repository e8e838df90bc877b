import { HostError } from '../../host.js';

/** A field of a protobuf message: its number, and where its bytes are. */
interface Field {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** The numbers of the fields that lead to the places of tensors: `ModelProto.graph.initializer.external_data`, whose entries have a key and a value. */
const path = [7, 5, 13] as const;
const [keyField, valueField] = [1, 2] as const;

/** The names of the files that the tensors of an ONNX file are in. Reads only what leads to them, so it needs no decoder. Throws `HostError` for bytes that are not a model. */
export function externalFiles(model: Uint8Array): readonly string[] {
  const names = new Set<string>();
  let places: readonly Field[] = [{ number: 0, start: 0, end: model.length }];
  for (const number of path) places = places.flatMap((place) => [...fieldsIn(model, place)].filter((field) => field.number === number));
  for (const entry of places) {
    const texts = new Map([...fieldsIn(model, entry)].map(({ number, start, end }) => [number, textOf(model.subarray(start, end))]));
    if (texts.get(keyField) === 'location') names.add(texts.get(valueField) ?? '');
  }
  return [...names];
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function* fieldsIn(bytes: Uint8Array, { start, end }: Field): Iterable<Field> {
  let at = start;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || at > end || scale > 2 ** 63) return refuse();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < end) {
    const tag = varint();
    const wire = tag & 7;
    if (wire === 0) varint();
    const length = wire === 2 ? varint() : wire === 1 ? 8 : wire === 5 ? 4 : 0;
    if (wire === 3 || wire === 4 || wire > 5 || at + length > end) refuse();
    if (wire === 2) yield { number: Math.floor(tag / 8), start: at, end: at + length };
    at += length;
  }
}

function refuse(): never {
  throw new HostError('the file is not an ONNX model, or is damaged');
}
