import { hardKeywords } from '../../../../grammar/tokens.js';
import { isBasicKind } from '../../../2-check/modules/kinds.js';
import { dtypes } from '../../../ops/types.js';
import { isStandardFile } from '../../../standard-file.js';
import { meant, type Named } from '../../names/named.js';

/** Why something cannot be renamed, whatever the new name; undefined if it can. */
export function whyFixed(named: Named, written: string): string | undefined {
  const { kind, name, span } = named;
  switch (kind) {
    case 'operator':
    case 'option':
    case 'built-in':
    case 'kind':
    case 'initializer':
      return `\`${name}\` is built in`;
    default:
  }
  if (span === undefined) return `where \`${name}\` is declared is not known`;
  if (isStandardFile(span.file)) return `\`${name}\` belongs to the standard library`;
  if (kind === 'storage' && written !== name) return `\`${written}\` is the text after \`named\`, which is changed there`;
  return undefined;
}

/** Why a name cannot be given to something, whatever else has it; undefined if it can. */
export function whyUnfit(text: string, named: Named): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(text))
    return `\`${text}\` is not a name: names consist of letters, digits and \`_\`, and do not begin with a digit`;
  if (text === '_') return '`_` is for values without a name';
  if (hardKeywords.includes(text)) return `\`${text}\` is a reserved word`;
  const { kind } = meant(named);
  if (kind === 'entry' && !/^[a-z0-9_]+$/.test(text)) return 'the names of entries consist of lower-case letters, digits and `_`';
  if (kind === 'label' || kind === 'storage' || kind === 'field') return undefined;
  if (dtypes.some((dtype) => dtype === text)) return `\`${text}\` is an element type`;
  if (isBasicKind(text)) return `\`${text}\` is a kind`;
  return undefined;
}
