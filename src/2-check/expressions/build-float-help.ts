import type { Op } from '../../ops/define.js';
import type { RuleFailure } from '../../ops/rule.js';
import type { DType } from '../../ops/types.js';

/**
 * What to write where a tensor of f32 meets one of the build's float type: `cast(mask, f32)` is right in an f32 build, but not with `--dtype f16`. `dtypes` are those of the operator's inputs. Undefined for
 * other mistakes.
 */
export function buildFloatHelp({ code }: RuleFailure, op: Op, dtypes: readonly (DType | undefined)[], float: DType): string | undefined {
  if (code !== 'dtype-mismatch' || float === 'f32' || !dtypes.includes(float)) return undefined;
  const name = Object.keys(op.inputs)[dtypes.indexOf('f32')];
  return name === undefined ? undefined : `convert \`${name}\` with \`cast(.., float_type)\`, which is ${float} in this build`;
}
