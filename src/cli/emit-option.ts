import type { Emission } from '../api/module.js';
import { emissions } from '../demand-options.js';
import { suggest } from '../diagnostics/suggest.js';
import type { ParsedOptions } from './arguments.js';
import { UsageError } from './usage-error.js';

/** What `--emit onnx,js,dts` asks for. Throws `UsageError`. */
export function emissionsOf(options: ParsedOptions): readonly Emission[] {
  const wanted = (options.value('emit') ?? 'onnx').split(',').map((word) => word.trim());
  const found = emissions.filter((emission) => wanted.includes(emission));
  const unknown = wanted.find((word) => !emissions.some((emission) => emission === word));
  if (unknown !== undefined) {
    const [near] = suggest(unknown, emissions);
    const list = `it takes ${emissions.join(', ')}, with commas between them`;
    throw new UsageError(
      `\`--emit\` cannot be \`${unknown}\``,
      near === undefined ? list : `did you mean \`${near}\`? It takes ${emissions.join(', ')}`,
    );
  }
  if (found.includes('js') && !found.includes('onnx'))
    throw new UsageError('`--emit js` also needs `onnx`: the module loads the files', 'write `--emit onnx,js`');
  return found;
}
