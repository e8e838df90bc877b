import { directiveIn } from '../../diagnostics/allowed.js';
import { catalog } from '../../diagnostics/catalog.js';
import type { Report } from '../../diagnostics/report.js';
import { suggest } from '../../diagnostics/suggest.js';
import type { Module } from '../modules/modules.js';

/** Warns about comments that are meant for archc and have no effect. */
export function checkAllowComments(report: Report, { file }: Module): void {
  for (const { text, span, ownLine } of file.comments) {
    const found = directiveIn(text);
    if (found === undefined) continue;
    const say = (problem: 'unknown' | 'error' | 'form' | 'place', code = '', near: readonly string[] = []) =>
      report.add('bad-allow', span, { problem, code, near });
    if (found.verb !== 'allow' || found.codes.length === 0) say('form');
    else if (!ownLine) say('place');
    else {
      for (const code of found.codes) {
        const severity = severityOf(code);
        if (severity === 'error') say('error', code);
        else if (severity === undefined) say('unknown', code, suggest(code, warnings));
      }
    }
  }
}

const severities: ReadonlyMap<string, string> = new Map(Object.entries(catalog).map(([code, { severity }]) => [code, severity]));
const warnings = [...severities].flatMap(([code, severity]) => (severity === 'warning' ? [code] : []));

function severityOf(code: string): string | undefined {
  return severities.get(code);
}
