import { rangesIn } from './located.js';
import type { Diagnostic } from './record.js';
import { printableText } from './text-width.js';

/** GitHub Actions workflow commands: each diagnostic becomes an annotation at its line of the pull request. */
export function renderGithub(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>): string {
  const rangeOf = rangesIn(sources);
  return diagnostics
    .map((d) => {
      const { start, end } = rangeOf(d.span);
      const properties: Partial<Record<'file' | 'line' | 'endLine' | 'col' | 'endColumn' | 'title', string | number>> = {
        file: d.span.file,
        line: start.line,
        endLine: end.line,
      };
      // GitHub shows columns only for an annotation of a single line.
      if (start.line === end.line) Object.assign(properties, { col: start.column, endColumn: Math.max(end.column, start.column) });
      properties.title = d.code;
      const texts = [d.message, d.label, ...d.notes.map((note) => note.text), d.help === undefined ? undefined : `help: ${d.help}`].filter(
        (line) => line !== undefined,
      );
      return githubCommand(d.severity, properties, texts);
    })
    .join('');
}

/** One workflow command, with the lines of its text. */
export function githubCommand(
  severity: Diagnostic['severity'],
  properties: Readonly<Record<string, string | number>>,
  texts: readonly string[],
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${severity}${list.length === 0 ? '' : ` ${list.join(',')}`}::${texts.map(escapeData).join(lineBreak)}\n`;
}

const lineBreak = '%0A';

/** What ends a command is escaped in GitHub's format; nothing else may control the terminal that shows the log. */
function escapeData(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '%': '%25', '\r': '%0D', '\n': lineBreak };
  return text.replaceAll(/[%\r\n]|[^\r\n%]+/g, (part) => escapes[part] ?? printableText(part));
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
