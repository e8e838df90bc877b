import { sha256 } from '../6-emit/sha256.js';
import { utf8 } from '../6-emit/utf8.js';
import type { ModelView } from '../api/model-view.js';
import { escaped, scriptJson } from './escape.js';
import { pageStyle } from './page-style.js';

/** A page that shows a model, in one file that loads nothing. `script` is the text of `dist/graph-view.js`. Only this script and the page's own style can run in it. */
export function htmlOf(view: ModelView, script: string): string {
  // A script ends at the first `</script`, wherever it is.
  const code = script
    .trim()
    .replaceAll(/<\/(script)/gi, '<\\/$1')
    .replaceAll('<!--', '<\\!--');
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(code)}'`,
    `style-src '${hashOf(pageStyle)}'`,
    'img-src blob: data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(view.name)} – archc</title>
<style>${pageStyle}</style>
</head>
<body>
<div id="archc-graph"></div>
<script type="application/json" id="archc-model">${scriptJson(view)}</script>
<script>${code}</script>
</body>
</html>
`;
}

/** A source of a content security policy. */
function hashOf(text: string): string {
  return `sha256-${base64(sha256(utf8(text)))}`;
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.subarray(at, at + 3);
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += digits.charAt(bits >> 18) + digits.charAt((bits >> 12) & 63);
    text += (b === undefined ? '=' : digits.charAt((bits >> 6) & 63)) + (c === undefined ? '=' : digits.charAt(bits & 63));
  }
  return text;
}
