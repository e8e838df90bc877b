import type { ModelView } from '../../api/model-view.js';
import { unfold } from '../../compile.js';
import { viewOf } from '../../graph-view/view-model.js';
import { HostError } from '../../host.js';
import type { Builds } from '../builds/builds.js';
import type { Workspace } from '../workspace.js';

/** A model of a file as a picture shows it, with the settings of the build of the file; without a name, that of the build, or the only one. Undefined if it cannot be built. */
export function graphView(workspace: Workspace, builds: Builds, path: string, model?: string): ModelView | undefined {
  try {
    const options = builds.compileOptions(path, model);
    const { program, checked, sources } = unfold(path, workspace.sources(), { ...options, model: model ?? options.model });
    return program && viewOf({ ...program, doc: checked?.doc }, { sources }).view;
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}
