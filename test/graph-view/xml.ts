/** Throws if a text is not well-formed XML, as far as our pictures use it: elements, attributes, text and the five named entities. */
export function demandWellFormed(text: string): void {
  const open: string[] = [];
  let at = 0;
  const fail: (what: string) => never = (what) => {
    throw new Error(`${what} at ${at}: ${text.slice(Math.max(0, at - 40), at + 40)}`);
  };
  const checkText = (part: string): void => {
    if (/[<>]|&(?!(?:amp|lt|gt|quot|#39);)/.test(part)) fail(`unescaped text ${part}`);
    if (/(?![\t\n\r])\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/u.test(part)) fail('a character that XML does not allow');
  };
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const end = next < 0 ? text.length : next;
    // The style holds `>` as text, which XML allows.
    const inner = text.slice(at, end);
    if (open.at(-1) === 'style') checkText(inner.replaceAll('>', ''));
    else if (open.length === 0 && inner.trim() !== '') fail('text outside the root');
    else checkText(inner);
    at = end;
    if (next < 0) break;
    const tag = /^<(\/?)([A-Za-z][\w:-]*)((?:\s+[A-Za-z_][\w:.-]*="[^"<]*")*)\s*(\/?)>/.exec(text.slice(at, at + 200_000));
    const [whole = fail('not a tag'), closing, name = '', attributes = '', empty] = tag ?? [];
    const names = [...attributes.matchAll(/\s([\w:.-]+)="([^"]*)"/g)];
    for (const [, , value = ''] of names) checkText(value.replaceAll('>', ''));
    if (new Set(names.map(([, key]) => key)).size !== names.length) fail('an attribute twice');
    if (closing !== '') {
      if (open.pop() !== name) fail(`</${name}> closes another element`);
    } else if (empty === '') open.push(name);
    at += whole.length;
  }
  if (open.length > 0) fail(`<${open.at(-1)}> is not closed`);
}
