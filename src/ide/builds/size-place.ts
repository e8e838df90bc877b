import type { ProjectBuild } from '../../api/project.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';

/** Says of a fact which the sizes of a build break that the build gives them, at the place of the size in the project file. */
export function atBoundSize(diagnostic: Diagnostic, { name, options }: ProjectBuild, clause: string): Diagnostic {
  const part = options.writtenIn?.bind;
  if (diagnostic.code !== 'unmet-fact' || part === undefined) return diagnostic;
  const text = part.text.slice(part.start, part.end);
  for (const [, size = ''] of clause.matchAll(/\b([A-Za-z_]\w*)\b/g)) {
    const found = new RegExp(`"(?:\\w+\\.)?${size}"\\s*:\\s*(\\d+)`).exec(text);
    const [whole = '', value = ''] = found ?? [];
    if (found === null) continue;
    const end = part.start + found.index + whole.length;
    return {
      ...diagnostic,
      message: `build \`${name}\` sets ${size} = ${value}, but ${diagnostic.message.replace(', but ', ': ')}`,
      span: { file: part.file, start: end - value.length, end },
      label: value,
      notes: [{ span: diagnostic.span, text: diagnostic.label ?? '' }, ...diagnostic.notes],
      fixes: [],
    };
  }
  return diagnostic;
}
