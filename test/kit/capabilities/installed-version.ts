/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The version of ONNX Runtime that is installed. */
export function installedVersion(): string {
  const file = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
