import { snakeCase } from '../../../2-check/layers/labels.js';
import type { CheckValue } from '../../../2-check/values/values.js';
import type { FileItem, FileView } from '../../file-view.js';
import type { Named } from '../../names/named.js';
import type { Workspace } from '../../workspace.js';
import { unlabelledUses } from './unlabelled.js';
import { type FileUses, homeOf } from './uses.js';

/** What a rename changes besides the text: names that checkpoints, settings and programs use. */
export function warningsFor(workspace: Workspace, named: Named, newName: string, uses: readonly FileUses[]): readonly string[] {
  const home = homeOf(workspace, named);
  switch (named.kind) {
    case 'label':
      return [weights(named.name, `${newName}.*`), ...generated(home, newName)];
    case 'storage':
      return storageWarnings(named, newName);
    case 'variable':
      return home !== undefined && namesWeights(home, named) ? [weights(named.name, `${newName}.*`)] : [];
    case 'layer':
    case 'model':
      return isUnlabelled(named, uses) ? [weights(named.name, `${snakeCase(newName)}.*`, ' without a label')] : [];
    case 'field':
      return named.source?.kind === 'param' && named.source.param.from === undefined
        ? [`\`--config\` reads the field from the key \`${newName}\`: \`from "${named.name}"\` keeps the old key`]
        : [];
    case 'hyperparameter':
      return home?.item.kind === 'model'
        ? [`settings of \`${home.item.name.text}\` must say \`${newName}\` instead of \`${named.name}\``]
        : [];
    case 'entry':
      return [`the file of the entry has another name, and \`--entry\` must say \`${newName}\``];
    case 'input':
    case 'output':
      return home?.item.kind === 'model'
        ? [`programs that run \`${home.item.name.text}\` must say \`${newName}\` instead of \`${named.name}\``]
        : [];
    default:
      return [];
  }
}

/** Short, with the names first, because editors cut long messages. */
function weights(name: string, now: string, which = ''): string {
  return which === ''
    ? `\`${name}.*\` is now \`${now}\`: old checkpoints will not fit`
    : `\`${now}\` is the new name of weights of \`${name}\`${which}: old checkpoints will not fit`;
}

function storageWarnings({ name, source }: Named, newName: string): readonly string[] {
  if (source?.kind !== 'storage' || source.statement.named !== undefined) return [];
  if (source.statement.storage === 'state') return [`programs that run the model must say \`${newName}\` instead of \`${name}\``];
  return [`\`${name}\` is now \`${newName}\`: old checkpoints will not fit`];
}

interface Home {
  readonly view: FileView;
  readonly item: FileItem;
}

/** Whether a variable gives its name to the weights of a layer that is bound to it. */
function namesWeights({ view, item }: Home, { name, span }: Named): boolean {
  const isNamed = (value: CheckValue): boolean => {
    if (value.kind === 'list' || value.kind === 'tuple') return value.items.some(isNamed);
    const label = value.kind === 'layer' ? value.shared?.label : undefined;
    return label === name || label?.startsWith(`${name}.`) === true;
  };
  for (const [node, { value }] of view.types(item)) if (node.span.start === span?.start && isNamed(value)) return true;
  return false;
}

/** Whether a layer is somewhere used without a label, so that its weights have its name. */
function isUnlabelled({ span }: Named, uses: readonly FileUses[]): boolean {
  return uses.some(({ view }) =>
    view
      .items()
      .some((item) =>
        unlabelledUses(item, view.types(item)).some(
          ({ decl }) => decl.name.span.start === span?.start && decl.name.span.file === span.file,
        ),
      ),
  );
}

/** A label takes the name that a layer without a label has. */
function generated(home: Home | undefined, newName: string): readonly string[] {
  if (home === undefined) return [];
  const stems = unlabelledUses(home.item, home.view.types(home.item)).map(({ decl }) => snakeCase(decl.name.text));
  return stems.includes(newName.replace(/_\d+$/, ''))
    ? [`a layer without a label was called \`${newName}\` here: old checkpoints will not fit`]
    : [];
}
