/** Code in a block of its own, which no text can end early. */
export function codeBlock(code: string, language = 'arch'): string {
  const fence = '`'.repeat(Math.max(3, longestRun(code) + 1));
  return `${fence}${language}\n${code}\n${fence}`;
}

/** The length of the longest run of backticks. */
function longestRun(text: string): number {
  return [...text.matchAll(/`+/g)].reduce((longest, [run]) => Math.max(longest, run.length), 0);
}

/** Code inside a line; its line breaks become spaces. */
export function inlineCode(code: string): string {
  const text = code.replaceAll(/\s+/g, ' ');
  const fence = '`'.repeat(longestRun(text) + 1);
  const pad = text.startsWith('`') || text.endsWith('`') || text.trim() === '' ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

/**
 * Text that somebody wrote, such as `##` documentation: words in backticks are code, and lines that begin with `- ` are items. Everything else is shown as it is
 * written, so that a text cannot contain links, commands, images or HTML.
 */
export function prose(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(proseLine)
    .join('\n');
}

function proseLine(line: string): string {
  const trimmed = line.trim();
  const item = /^[-*] +(?=\S)/.exec(trimmed)?.[0];
  const parts = (item === undefined ? trimmed : trimmed.slice(item.length)).split(/(`[^`]+`)/);
  const escaped = parts.map((part, i) => (i % 2 === 1 ? inlineCode(part.slice(1, -1)) : plain(part)));
  return `${item === undefined ? '' : '- '}${escaped.join('')}`;
}

/** Text without any meaning in Markdown. */
export function plain(text: string): string {
  const escaped = text
    .replaceAll(/[\\`*_{}[\]<>#!|~$^]/g, '\\$&')
    .replaceAll('&', '&amp;')
    // What would become a link without brackets around it.
    .replaceAll(/([a-z])(:\/\/|:(?=\S))/gi, '$1&#58;$2')
    .replaceAll('&#58;:', '&#58;')
    .replaceAll(/\b(www)\./gi, '$1&#46;')
    .replaceAll('@', '&#64;');
  return escaped.replace(/^(\s*)([-+=])/, '$1\\$2').replace(/^(\s*\d+)([.)])/, '$1\\$2');
}

/** How links to the documentation begin. Who shows them replaces it by where the pages are. */
export const docsScheme = 'archc-docs:';

/** The link to a page of the documentation, or to a section of it. */
export function docsUrl(page: string, section?: string): string {
  const anchor =
    section === undefined
      ? ''
      : `#${section
          .toLowerCase()
          .replaceAll(/[^\w\- ]/g, '')
          .replaceAll(' ', '-')}`;
  return `${docsScheme}${page}${anchor}`;
}

/** A link to a page of the documentation. */
export function docsLink({ page, section }: DocsPlace): string {
  return `[${page.replace(/\.md$/, '')}${section === undefined ? '' : `: ${plain(section)}`}](${docsUrl(page, section)})`;
}

/** A section of the documentation. */
export interface DocsPlace {
  /** `operators.md` */
  readonly page: string;
  readonly section?: string | undefined;
}

/** Paragraphs with empty lines between them; those that are undefined or empty are left out. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

/** Markdown with its links to the documentation: `pageOf` gives the address of a page; without one, the text of a link stays. */
export function withDocs(markdown: string, pageOf: (page: string) => string | undefined): string {
  return markdown.replaceAll(/\[([^\]\n]*)\]\(archc-docs:([\w./-]+)(#[\w-]*)?\)/g, (_, text: string, page: string, anchor = '') => {
    const address = pageOf(page);
    return address === undefined ? text : `[${text}](${address}${anchor})`;
  });
}
