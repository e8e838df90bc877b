import { type JsonNode, parseJson } from '../2-check/settings/json-tree.js';
import type { ProjectBuild } from '../api/project.js';
import { Report } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/span.js';
import type { Host, HostError } from '../host.js';
import { defaultLimits } from '../limits.js';

/** Reports that a file of a build cannot be read or written, at the place in the project file that names it, so that other builds can continue. */
export function reportUnreadable(
  { message }: HostError,
  { name, span }: Pick<ProjectBuild, 'name' | 'span'>,
  text: string,
  host: Pick<Host, 'resolve'>,
  report: Report,
): void {
  const root = parseJson({ file: span.file, text, example: '' }, new Report(), defaultLimits.nesting);
  const values = stringsIn(memberOf(memberOf(root, 'builds'), name));
  const named = values.filter(({ value }) => isNamed(host.resolve(value, span.file), message));
  const [longest] = named.sort((a, b) => b.value.length - a.value.length);
  report.add('build-file', longest?.span ?? span, { build: name, problem: message });
}

function memberOf(node: JsonNode | undefined, key: string): JsonNode | undefined {
  return node?.kind === 'object' ? node.members.get(key)?.value : undefined;
}

function stringsIn(node: JsonNode | undefined): { readonly value: string; readonly span: Span }[] {
  switch (node?.kind) {
    case 'string':
      return [node];
    case 'array':
      return node.items.flatMap(stringsIn);
    case 'object':
      return [...node.members.values()].flatMap(({ value }) => stringsIn(value));
    default:
      return [];
  }
}

/** Whether a message is about this path, and not about one that is longer. */
function isNamed(path: string, message: string): boolean {
  const at = message.indexOf(path);
  const [before, after] = [message[at - 1] ?? ' ', message.slice(at + path.length)];
  return path !== '' && at >= 0 && /[\s`"]/.test(before) && /^(?:[\s`":,;]|$)/.test(after);
}
