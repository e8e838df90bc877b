import { say } from './status.js';

/** The part of a link that holds a text: `#code=` and the compressed text. */
const prefix = '#code=';

/** Puts a text into the address of the page, and the address into the clipboard. */
export async function share(text: string): Promise<void> {
  history.replaceState(null, '', `${prefix}${await packed(text)}`);
  try {
    await navigator.clipboard.writeText(location.href);
    say('The link is in the clipboard');
  } catch {
    say('The link is the address of this page');
  }
}

/** The text in the address of the page, or undefined if it has none or a damaged one. */
export async function sharedText(): Promise<string | undefined> {
  if (!location.hash.startsWith(prefix)) return undefined;
  try {
    return await unpacked(location.hash.slice(prefix.length));
  } catch {
    say('The link is damaged: it has no model');
    return undefined;
  }
}

async function packed(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  let binary = '';
  for (const byte of new Uint8Array(await new Response(stream).arrayBuffer())) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

async function unpacked(code: string): Promise<string> {
  const binary = atob(code.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const inflated = await new Response(stream).arrayBuffer();
  return new TextDecoder('utf-8', { fatal: true }).decode(inflated);
}
