import type { ReadOptions } from './platform.js';

/** What is used of the answer of a server. */
interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: { getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }> } } | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The options of `fetch`. */
export function requestOf({ signal }: ReadOptions): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal: signal as unknown as AbortSignal };
}

/** All bytes of an answer. Throws an error for one that is not the file. */
export async function readResponse(answer: Answer, { onProgress }: ReadOptions): Promise<Uint8Array> {
  if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
  if (onProgress === undefined || answer.body === null) return new Uint8Array(await answer.arrayBuffer());
  // With an encoding, the header has the number of bytes on the way.
  const length = answer.headers.get('content-encoding') === null ? Number(answer.headers.get('content-length') ?? Number.NaN) : Number.NaN;
  const total = Number.isSafeInteger(length) ? length : undefined;
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  const reader = answer.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const chunk = next.value ?? new Uint8Array();
    chunks.push(chunk);
    loaded += chunk.length;
    onProgress(loaded, total);
  }
  if (loaded === 0) onProgress(0, total);
  return joined(chunks, loaded);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
