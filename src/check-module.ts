import { type CompiledModel, ownEntries } from './compile.js';
import type { Report } from './diagnostics/report.js';
import { entryMember, ownMembers } from './module/names.js';

/** Reports names for which a module has no place: a training that is called as its model, and entries that are called as another member. */
export function checkModule(model: CompiledModel, report: Report): void {
  const { name, checked, training } = model;
  if (training?.checked.name === name)
    report.add('module-export', training.checked.model.span, { name }, { notes: [{ span: checked.span, text: 'the model' }] });
  const entries = ownEntries(model);
  for (const entry of entries) {
    const member = entryMember({ entries }, entry.name);
    if (member !== undefined && ownMembers.has(member)) report.add('module-method', entry.checked.span, { name: member });
  }
}
