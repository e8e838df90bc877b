import { isComplete, modelsOf } from '../../2-check/models/choose-model.js';
import { check } from '../../check.js';
import { type Host, HostError } from '../../host.js';
import { plainPath } from '../../project/forms.js';
import { start } from '../../stages.js';

/** A model of a source file. */
export interface FoundModel {
  readonly name: string;
  /** Whether each of its hyperparameters has a value. */
  readonly isComplete: boolean;
  /** Whether its file has no mistakes. */
  readonly isCorrect: boolean;
}

/** The models of a file, even of one with mistakes. For a file that cannot be part of a project, a text that says why. */
export function modelsIn(file: string, host: Host): readonly FoundModel[] | string {
  if (!new RegExp(plainPath).test(file)) return 'its name has a backslash or a control character';
  try {
    const { session, module, report } = start(file, host, {});
    const isCorrect = !report.hasErrors && !check(file, host, {}).failed;
    const models = modelsOf(module).map((decl) => ({
      name: decl.name.text,
      isComplete: report.hasErrors || isComplete(session, module, decl),
      isCorrect,
    }));
    return models.length === 0 && report.hasErrors ? `it has mistakes, which \`archc check ${file}\` shows` : models;
  } catch (error) {
    if (error instanceof HostError) return error.message;
    throw error;
  }
}
