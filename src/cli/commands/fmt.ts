import { format } from '../../1-syntax/format.js';
import { parse } from '../../1-syntax/parse.js';
import { Report } from '../../diagnostics/report.js';
import { HostError } from '../../host.js';
import { writeAtomically } from '../../node/write-atomically.js';
import { type CommandInput, exit } from '../command.js';
import { commandHost, sourcePath } from '../input.js';
import { limitsOf } from '../limits.js';
import { line, lines } from '../plain-text.js';
import { reportFindings } from '../reporting.js';
import { UsageError } from '../usage-error.js';
import { counted } from '../wording.js';

/** `archc fmt FILE...`: formats files in place; with `--check`, only reports which are not formatted. */
export function formatFiles({ positionals, options, terminal }: CommandInput): number {
  if (positionals.length === 0) throw new UsageError('`archc fmt` needs a file', '`-` formats standard input');
  const isCheck = options.has('check');
  const host = commandHost();
  const limits = limitsOf(options);
  const report = new Report();
  const sources = new Map<string, string>();
  const changed: string[] = [];
  for (const word of positionals) {
    const path = sourcePath(word);
    const text = host.read(path);
    if (text === undefined) throw new HostError(`${path} does not exist`);
    sources.set(path, text);
    const own = new Report();
    const tree = parse(path, text, own, limits);
    for (const d of own.diagnostics) report.push(d);
    // The tree of a broken file omits what could not be read, so its text is kept.
    const formatted = own.hasErrors ? text : format(tree);
    if (formatted !== text) changed.push(path);
    if (isCheck) continue;
    if (word === '-') terminal.out.write(new TextEncoder().encode(formatted));
    else if (formatted !== text) writeAtomically(path, [new TextEncoder().encode(formatted)]);
  }
  const code = reportFindings({ diagnostics: report.diagnostics, sources }, options, terminal, positionals.includes('-'));
  const isQuiet = options.has('quiet');
  if (isCheck) terminal.err.write(lines(changed.map((path) => `${path} is not formatted`)));
  else if (!isQuiet && !positionals.includes('-'))
    terminal.err.write(line(`formatted ${counted(changed.length, 'file')} of ${positionals.length}`));
  return code !== exit.ok || (isCheck && changed.length > 0) ? exit.diagnostics : exit.ok;
}
