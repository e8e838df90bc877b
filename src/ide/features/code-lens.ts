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

const titles = { compile: 'Compile', run: 'Run', graph: 'Show Graph' } as const;

/** What can be done with models, and what they cost, as soon as that is known. `kinds` are those that the editor can show. */
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
    const commands = isComplete(session, module, decl) ? (['compile', 'run', 'graph'] as const) : [];
    const lenses: CodeLens[] = commands.filter((kind) => kinds.has(kind)).map((kind) => ({ span, kind, title: titles[kind], model }));
    const cost = insights.summary(view, model);
    // The costs of open sizes may be longer than a line.
    return cost === undefined || !kinds.has('cost') ? lenses : [...lenses, { span, kind: 'cost', title: cost, model }];
  });
}
