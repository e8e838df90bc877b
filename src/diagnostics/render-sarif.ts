import type { FilePlace } from '../host.js';
import { rangesIn } from './located.js';
import type { Diagnostic } from './record.js';
import type { Span } from './span.js';

export interface SarifOptions {
  readonly version: string;
  /** The location of the pages of the codes, with a slash at the end. */
  readonly docsUri?: string;
  /** Why the run produced no result. */
  readonly failure?: { readonly message: string; readonly exitCode: number; readonly place?: FilePlace | undefined };
}

/** The page that explains a code, in the published package of that version. */
export function docsUriOf(version: string): string {
  return `https://unpkg.com/archc@${version}/docs/errors/`;
}

/** A SARIF 2.1.0 log with one run, for code scanning services. */
export function renderSarif(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>, options: SarifOptions): string {
  const rangeOf = rangesIn(sources);
  const region = (span: Span) => {
    const { start, end } = rangeOf(span);
    return {
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column,
      charOffset: span.start,
      charLength: Math.max(0, span.end - span.start),
    };
  };
  const location = (span: Span) => ({
    physicalLocation: { artifactLocation: artifact(span.file), region: region(span) },
  });
  const codes = [...new Set<string>(diagnostics.map((d) => d.code))].sort();
  const docs = options.docsUri ?? docsUriOf(options.version);
  const results = diagnostics.map((d) => ({
    ruleId: d.code,
    ruleIndex: codes.indexOf(d.code),
    level: d.severity,
    message: { text: [d.message, d.label, d.help === undefined ? undefined : `help: ${d.help}`].filter((t) => t !== undefined).join('\n') },
    locations: [location(d.span)],
    relatedLocations: d.notes.map((note, id) => ({ id, ...location(note.span), message: { text: note.text } })),
    fixes: d.fixes.map((fix) => ({
      description: { text: fix.title },
      artifactChanges: [...new Set(fix.edits.map((edit) => edit.span.file))].map((file) => ({
        artifactLocation: artifact(file),
        replacements: fix.edits
          .filter((edit) => edit.span.file === file)
          .map((edit) => ({ deletedRegion: region(edit.span), insertedContent: { text: edit.text } })),
      })),
    })),
  }));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'archc',
            version: options.version,
            informationUri: 'https://www.npmjs.com/package/archc',
            rules: codes.map((code) => ({
              id: code,
              name: pascalCase(code),
              shortDescription: { text: code.replaceAll('-', ' ') },
              helpUri: `${docs}${code}.md`,
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        ...(options.failure === undefined ? {} : { invocations: [failedInvocation(options.failure)] }),
        results,
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function failedInvocation({ message, exitCode, place }: NonNullable<SarifOptions['failure']>): object {
  const region = { startLine: place?.line, startColumn: place?.column };
  const locations = place === undefined ? {} : { locations: [{ physicalLocation: { artifactLocation: artifact(place.file), region } }] };
  return {
    executionSuccessful: false,
    exitCode,
    toolExecutionNotifications: [{ level: 'error', message: { text: message }, ...locations }],
  };
}

/** A path as a URI reference: absolute paths become `file:` URIs, relative ones stay relative to the root of the checkout. */
function artifact(file: string): { readonly uri: string } {
  const parts = file.replaceAll('\\', '/').split('/').map(encodeURIComponent);
  if (file.startsWith('/')) return { uri: `file://${parts.join('/')}` };
  if (/^[A-Za-z]:[\\/]/.test(file)) return { uri: `file:///${file.slice(0, 2)}/${parts.slice(1).join('/')}` };
  return { uri: parts.join('/') };
}

function pascalCase(code: string): string {
  return code.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
