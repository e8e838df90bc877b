import { element } from '../page/dom.js';

/**
 * The Markdown of the language server as elements: paragraphs, lists, code, emphasis and links. It holds texts of the user, so nothing in it becomes HTML: what is not one of
 * these stays text.
 */
export function markdownElement(markdown: string): HTMLElement {
  const root = element('div', { class: 'markdown' });
  const parts = markdown.split(/^```\w*\n([\s\S]*?)\n?```$/m);
  parts.forEach((part, i) => {
    if (i % 2 === 1) root.append(element('pre', {}, part));
    else for (const block of part.split(/\n{2,}/)) if (block.trim() !== '') root.append(...blockOf(block.trim()));
  });
  return root;
}

function blockOf(text: string): readonly HTMLElement[] {
  const lines = text.split('\n');
  if (/^-{3,}$/.test(text)) return [element('hr')];
  if (lines.every((line) => line.startsWith('|'))) return [tableOf(lines)];
  if (lines.every((line) => /^(?:[-*]|\s)\s/.test(line)))
    return [element('ul', {}, ...lines.map((line) => element('li', {}, ...inline(line.replace(/^[-*\s]\s*/, '')))))];
  const heading = /^#{1,6} (.*)$/.exec(lines[0] ?? '');
  if (heading !== null) {
    const rest = lines.slice(1).join('\n').trim();
    return [element('p', {}, element('strong', {}, ...inline(heading[1] ?? ''))), ...(rest === '' ? [] : blockOf(rest))];
  }
  return [element('p', {}, ...inline(text))];
}

function tableOf(lines: readonly string[]): HTMLElement {
  const rows = lines.filter((line) => !/^[|\s:-]+$/.test(line)).map((line) => line.replace(/^\||\|$/g, '').split('|'));
  return element('table', {}, ...rows.map((cells) => element('tr', {}, ...cells.map((cell) => element('td', {}, ...inline(cell.trim()))))));
}

/** Escaped characters, code, links, and bold or slanted words. */
function inline(text: string): readonly (Node | string)[] {
  const found: (Node | string)[] = [];
  let at = 0;
  for (const match of text.matchAll(/\\([!-/:-@[-`{-~])|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|\*\*([^*]+)\*\*|\*([^*]+)\*/g)) {
    const [whole, escaped, code, label, address, bold, slanted] = match;
    found.push(text.slice(at, match.index));
    at = match.index + whole.length;
    if (escaped !== undefined) found.push(escaped);
    else if (code !== undefined) found.push(element('code', {}, code));
    else if (label !== undefined && address !== undefined) found.push(linkOf(label, address));
    else if (bold !== undefined) found.push(element('strong', {}, ...inline(bold)));
    else found.push(element('em', {}, slanted ?? ''));
  }
  return [...found, text.slice(at)];
}

/** Links lead to pages of the web only. */
function linkOf(label: string, address: string): Node {
  const contents = inline(label);
  if (!address.startsWith('https://')) return element('span', {}, ...contents);
  return element('a', { href: address, target: '_blank', rel: 'noreferrer' }, ...contents);
}
