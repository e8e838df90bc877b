/** Element types of PyTorch that have another name here. */
export const dtypeNames: Readonly<Record<string, string>> = {
  float16: 'f16',
  half: 'f16',
  bfloat16: 'bf16',
  float32: 'f32',
  float: 'f32',
  float64: 'f64',
  double: 'f64',
  int8: 'i8',
  int16: 'i16',
  short: 'i16',
  int32: 'i32',
  int: 'i32',
  int64: 'i64',
  long: 'i64',
  uint8: 'u8',
  uint16: 'u16',
  uint32: 'u32',
  uint64: 'u64',
};

/** `torch.float16` as an element type of archc; undefined for a device, which archc does not have. */
export function dtypeHere(text: string): string | undefined {
  const name = text.replace(/^torch\./, '');
  if (/device|^["']/.test(name)) return undefined;
  return Object.hasOwn(dtypeNames, name) ? dtypeNames[name] : name;
}
