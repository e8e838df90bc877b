import type { ParsedOptions } from '../arguments.js';
import type { RunReply } from '../run/protocol.js';

/** Where two builds are timed. */
export interface Device {
  readonly provider: string;
  /** Why the times say nothing about the target, if they do not. */
  readonly note: string | undefined;
}

/** Where the builds run: where `--provider` says, otherwise on the device of the target if this machine has it. `attempt` runs a build there once. */
export async function deviceFor(options: ParsedOptions, attempt: (provider: string) => Promise<RunReply>): Promise<Device> {
  const target = options.value('target') ?? 'portable';
  const given = options.value('provider');
  if (given !== undefined) return { provider: given, note: noteFor(target, given) };
  if (target !== 'webgpu') return { provider: 'cpu', note: noteFor(target, 'cpu') };
  const reply = await attempt('webgpu');
  if (reply.kind === 'done') return { provider: 'webgpu', note: undefined };
  const reason = (reply.reason.split('\n')[0] ?? '').replace(': use the provider `cpu`', '');
  return { provider: 'cpu', note: `${noteFor(target, 'cpu')} (not run there: ${reason})` };
}

function noteFor(target: string, provider: string): string | undefined {
  const device = devices[target];
  return device === undefined || device === provider
    ? undefined
    : `these are times on ${provider}; on ${device}, for which the model is built, they can be quite different`;
}

/** What the targets that are for one device are for. */
const devices: Readonly<Record<string, string>> = { cpu: 'cpu', wasm: 'WebAssembly', webgpu: 'webgpu', cuda: 'cuda' };
