import { plainDiagnostic } from '../diagnostics/diagnostic.js';
import { Report } from '../diagnostics/report.js';
import type { Host, HostError } from '../host.js';
import { reportUnreadable } from '../project/report-unreadable.js';
import type { BuildSettings } from './build-settings.js';
import { failure, type Problem, problemsOf, withoutRoot } from './problem.js';

/** Where a build of `archc.json` names a file that cannot be read, its place is shown there. */
export function unreadable(
  error: HostError,
  build: BuildSettings['build'],
  sources: ReadonlyMap<string, string>,
  host: Host,
  root: string,
): Problem {
  const text = build && sources.get(build.span.file);
  if (build !== undefined && text !== undefined) {
    const report = new Report();
    reportUnreadable(error, build, text, host, report);
    const [problem] = problemsOf(report.diagnostics.map(plainDiagnostic), sources, root);
    if (problem !== undefined) return problem;
  }
  const { place } = error;
  const said = failure(withoutRoot(error.message, root));
  if (place === undefined) return said;
  return { ...said, place: { file: place.file, line: place.line, column: place.column - 1, length: 1, lineText: '' } };
}
