import { isComplete, modelsOf } from '../../2-check/models/choose-model.js';
import { plainSpan, type Span } from '../../diagnostics/span.js';
import type { Insights } from '../insights/insights.js';
import type { Workspace } from '../workspace.js';

/** A line above a declaration. */
export interface CodeLens {
  readonly span: Span;
  readonly kind: 'cost' | 'compile' | 'run' | 'graph';
  readonly title: string;
  readonly model: string;
}

/** What models cost, as soon as it is known, and what can be done with them. `kinds` are those that the editor can show. */
export function codeLenses(
  workspace: Workspace,
  path: string,
  insights: Insights,
  kinds: ReadonlySet<CodeLens['kind']>,
): readonly CodeLens[] {
  const view = workspace.view(path);
  if (view === undefined) return [];
  const { session, module } = view.inside;
  return modelsOf(module).flatMap((decl) => {
    const span = plainSpan(decl.name.span);
    const model = decl.name.text;
    const cost = insights.summary(view, model);
    const lenses: CodeLens[] = cost === undefined || !kinds.has('cost') ? [] : [{ span, kind: 'cost', title: cost, model }];
    if (!isComplete(session, module, decl)) return lenses;
    const titles = { compile: 'Compile', run: 'Run', graph: 'Show Graph' } as const;
    for (const kind of ['compile', 'run', 'graph'] as const) if (kinds.has(kind)) lenses.push({ span, kind, title: titles[kind], model });
    return lenses;
  });
}
