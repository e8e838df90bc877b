import { checkModel } from '../../src/2-check/models/check-model.js';
import { chooseModel } from '../../src/2-check/models/choose-model.js';
import { elaborate } from '../../src/3-graph/elaborate.js';
import type { Graph } from '../../src/3-graph/graph.js';
import { openForGradient } from '../../src/5-optimize/pipeline.js';
import type { CompileOptions } from '../../src/api/options.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { only } from '../../src/ops/only.js';
import { choiceOf, start } from '../../src/stages.js';

/** The graph of a program as it is differentiated: checked, unfolded, and with open composites. Undefined if the program is refused. */
export function openGraph(files: Readonly<Record<string, string>>, options: CompileOptions): Graph | undefined {
  const { session, module, report } = start('main.arch', createMemoryHost(files), options);
  const decl = chooseModel(session, module, options.model);
  const choice = decl && choiceOf(session, options, true);
  const checked = decl && choice && !report.hasErrors ? checkModel(session, module, decl, choice) : undefined;
  const program = checked && elaborate(checked, report, session.limits);
  if (program === undefined || report.hasErrors) return undefined;
  const { graph } = only(program.entries);
  openForGradient(graph);
  return graph;
}
