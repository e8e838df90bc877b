/** The versions of ONNX Runtime that brought these versions of the operators. */
const versions: readonly (readonly [opset: number, version: string])[] = [
  [25, '1.25'],
  [24, '1.24'],
  [23, '1.23'],
  [22, '1.21'],
];

/** The oldest version of ONNX Runtime that knows the operators of this opset; of those before 22, all that `archc/runtime` works with do. */
export function oldestRuntime(opset: number): string {
  return versions.find(([first]) => opset >= first)?.[1] ?? '1.20';
}

/** Whether a version is at least as new as another one: `1.20.1` and `1.20`. */
export function isAsNew(version: string, wanted: string): boolean {
  const [own, other] = [partsOf(version), partsOf(wanted)];
  const at = other.findIndex((part, i) => part !== (own[i] ?? 0));
  return at < 0 || (own[at] ?? 0) > (other[at] ?? 0);
}

function partsOf(version: string): readonly number[] {
  return version
    .split(/[.-]/)
    .slice(0, 3)
    .map((part) => Number.parseInt(part, 10) || 0);
}
