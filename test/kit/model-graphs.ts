import { checkDeclarations } from '../../src/2-check/check.js';
import { checkModel } from '../../src/2-check/models/check-model.js';
import { isComplete, modelsOf } from '../../src/2-check/models/choose-model.js';
import { elaborate } from '../../src/3-graph/elaborate.js';
import { printGraph } from '../../src/3-graph/print.js';
import { InternalError } from '../../src/diagnostics/internal-error.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { choiceOf, start } from '../../src/stages.js';

/** The graphs of the models of a file that need no settings, as text, without the origins of nodes. Undefined for a file with errors. */
export function modelGraphs(files: Readonly<Record<string, string>>, path: string): readonly string[] | undefined {
  const { report, session, module } = start(path, createMemoryHost(files), {});
  checkDeclarations(session, module);
  if (report.hasErrors) return undefined;
  const choice = choiceOf(session, {}, false);
  const graphs = modelsOf(module).flatMap((decl) => {
    if (!isComplete(session, module, decl) || choice === undefined) return [];
    const checked = checkModel(session, module, decl, choice);
    const program = checked && elaborate(checked, report, session.limits, {});
    if (program === undefined && !report.hasErrors) throw new InternalError(`${decl.name.text} has no graph`);
    return (program?.entries ?? []).map(({ graph }) => printGraph(graph).replaceAll(/ +#.*$/gm, ''));
  });
  return report.hasErrors ? undefined : graphs;
}
