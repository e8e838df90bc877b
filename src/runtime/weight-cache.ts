import { reasonOf } from './session/session-error.js';

/** What is used of the Cache Storage of a browser. */
interface Store {
  match(url: string): Promise<Response | undefined>;
  put(url: string, answer: Response): Promise<void>;
  delete(url: string): Promise<boolean>;
  keys(): Promise<readonly { readonly url: string }[]>;
}

const storeName = 'archc';

/** A name with a hash of the contents, as archc and bundlers give it to files of weights: `digits-1f3c5a7b9d0e.data`. */
const hashed = /^(.*?)[-.][\w-]{8,}(\.(?:data|safetensors))$/;

/** Whether the contents of a file cannot change under its name. */
export function isHashed(url: string): boolean {
  return hashed.test(nameIn(url));
}

function nameIn(url: string): string {
  return url.replace(/[?#].*$/, '').replace(/^.*\//, '');
}

/** The file in the cache of the site; undefined if it is not there, or the site may not keep anything. */
export async function cached(url: string): Promise<Response | undefined> {
  try {
    return await (await open())?.match(url);
  } catch {
    return undefined;
  }
}

/** Stores a file for the next visit and removes its older versions. Logs a warning if the site has run out of storage, or the browser does not let it store anything. */
export async function keep(url: string, bytes: Uint8Array): Promise<void> {
  try {
    const store = await open();
    if (store === undefined) return;
    await store.put(url, new Response(bytes.slice() as unknown as BodyInit, { headers: { 'content-length': String(bytes.length) } }));
    const family = familyOf(url);
    for (const other of await store.keys()) if (other.url !== url && familyOf(other.url) === family) await store.delete(other.url);
  } catch (error) {
    const isFull = error instanceof Error && error.name === 'QuotaExceededError';
    const reason = isFull ? 'this site has used up its storage' : reasonOf(error);
    console.warn(`archc: the next visit loads ${url} again, because it cannot be kept: ${reason}`);
  }
}

/** The place of a file without its hash. */
function familyOf(url: string): string {
  const [, stem = '', ending = ''] = hashed.exec(nameIn(url)) ?? [];
  return `${new URL('.', url).href}${stem}${ending}`;
}

async function open(): Promise<Store | undefined> {
  const { caches } = globalThis as { readonly caches?: { open(name: string): Promise<Store> } };
  return caches?.open(storeName);
}
