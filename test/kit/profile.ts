/// <reference types="node" />
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NdArray } from '../../src/ops/types.js';
import { isRuntimeDType, runtimeTypes } from '../../src/runtime/pure/runtime-types.js';

/** A node that ONNX Runtime has run, according to its profiler. */
export interface RunNode {
  /** The name in the file, if no optimization has replaced it. */
  readonly name: string;
  readonly opType: string;
  /** The provider on which it ran. */
  readonly provider: string;
  /** The shapes of its inputs. */
  readonly inputs: readonly (readonly number[])[];
}

interface Event {
  readonly cat: string;
  readonly name: string;
  readonly args?: {
    readonly op_name?: string;
    readonly provider?: string;
    readonly input_type_shape?: readonly Readonly<Record<string, readonly number[]>>[];
  };
}

/** The nodes that a run of a model executes, in a separate process. `options` are the session options. */
export function profiled(model: Uint8Array, feeds: Readonly<Record<string, NdArray>>, options: object = {}): readonly RunNode[] {
  const folder = mkdtempSync(join(tmpdir(), 'archc-profile-'));
  try {
    const [file, given, prefix] = [join(folder, 'model.onnx'), join(folder, 'feeds.json'), join(folder, 'profile')];
    writeFileSync(file, model);
    const tensors = Object.entries(feeds).map(([name, { dtype, shape, data }]) => {
      return [name, { type: isRuntimeDType(dtype) ? runtimeTypes[dtype] : dtype, shape, data: [...data] }];
    });
    writeFileSync(given, JSON.stringify(Object.fromEntries(tensors)));
    execFileSync(process.execPath, [join(import.meta.dirname, 'ort-profile.mjs'), file, given, prefix, JSON.stringify(options)], {
      stdio: 'pipe',
    });
    const profile = readdirSync(folder).find((name) => name.startsWith('profile') && name.endsWith('.json'));
    if (profile === undefined) throw new Error('ONNX Runtime has written no profile');
    const events: readonly Event[] = JSON.parse(readFileSync(join(folder, profile), 'utf8'));
    return events.flatMap(({ cat, name, args }) => {
      if (cat !== 'Node' || !name.endsWith('_kernel_time') || args?.op_name === undefined) return [];
      const inputs = (args.input_type_shape ?? []).map((input) => Object.values(input)[0] ?? []);
      return [{ name: name.slice(0, -'_kernel_time'.length), opType: args.op_name, provider: args.provider ?? '', inputs }];
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
