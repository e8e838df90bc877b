/** What takes the place of the nonce in the page that `vite build` writes. A server replaces it in each response. */
export const noncePlaceholder = 'ARCHC_NONCE';

/**
 * What the page may do: run its own scripts and WebAssembly, load from its own site, and style itself. CodeMirror makes style elements, which have the nonce.
 * @param {string} nonce
 */
export function contentSecurityPolicy(nonce) {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "connect-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "worker-src 'self'",
    "img-src 'self' blob: data:",
  ].join('; ');
}

/** Pages with these headers may share memory between threads, so that WebAssembly uses several. */
export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
