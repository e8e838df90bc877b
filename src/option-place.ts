import type { CompileOptions, PlacedOption } from './api/options.js';
import type { Span } from './diagnostics/span.js';

/**
 * Where the text of an option is written, for messages about it: in the file that `writtenIn` names, or in a source of its own, `--train Fit`. `text` is the value of the option. `sources` gets the
 * source.
 */
export function placeOfOption(
  option: PlacedOption,
  text: string,
  { writtenIn = {} }: Pick<CompileOptions, 'writtenIn'>,
  sources: Map<string, string>,
): Span {
  const part = writtenIn[option];
  const start = (part?.start ?? 0) + 1;
  // With escapes, the characters of a JSON string are not where those of its value are.
  if (part?.text.startsWith(text, start)) {
    sources.set(part.file, part.text);
    return { file: part.file, start, end: start + text.length };
  }
  const [file, shown] = [`--${option}`, `--${option} `];
  sources.set(file, shown + text);
  return { file, start: shown.length, end: shown.length + text.length };
}
