import type { DeviceCheck } from '../../api/device-check.js';

const known: readonly DeviceCheck[] = ['half', 'attention'];

/** The device checks that the metadata of an ONNX file ask for. */
export function checksOfFile({ 'archc.device_checks': text = '' }: Readonly<Record<string, string>>): readonly DeviceCheck[] {
  const named = text.split(' ');
  return known.filter((check) => named.includes(check));
}
