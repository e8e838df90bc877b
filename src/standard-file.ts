/** Whether a path, as an import writes it or a span holds it, is in the standard library. */
export function isStandardFile(path: string): boolean {
  return path.startsWith('std/');
}
