import { checkDeclarations } from '../../src/2-check/check.js';
import { checkModel } from '../../src/2-check/models/check-model.js';
import { isComplete, modelsOf } from '../../src/2-check/models/choose-model.js';
import { elaborate } from '../../src/3-graph/elaborate.js';
import { printGraph } from '../../src/3-graph/print.js';
import { InternalError } from '../../src/diagnostics/internal-error.js';
import { createMemoryHost } from '../../src/memory-host.js';
import { choiceOf, start } from '../../src/stages.js';

/** The graphs of the models of a file that need no settings, as text: without the origins of nodes, and with what is needed first at the front, so that the order
 * of statements does not matter. Undefined for a file with errors. */
export function modelGraphs(files: Readonly<Record<string, string>>, path: string): readonly string[] | undefined {
  const { report, session, module } = start(path, createMemoryHost(files), {});
  checkDeclarations(session, module);
  if (report.hasErrors) return undefined;
  const choice = choiceOf(session, {}, false);
  const graphs = modelsOf(module).flatMap((decl) => {
    if (!isComplete(session, module, decl) || choice === undefined) return [];
    const checked = checkModel(session, module, decl, choice);
    const program = checked && elaborate(checked, report, session.limits, {});
    if (program === undefined && !report.hasErrors) throw new InternalError(`${decl.name.text} has no graph`);
    return (program?.entries ?? []).map(({ graph }) => ordered(printGraph(graph).replaceAll(/ +#.*$/gm, '')));
  });
  return report.hasErrors ? undefined : graphs;
}

/** The same graph with its nodes in the order in which the outputs need them. */
function ordered(text: string): string {
  const [head = '', ...blocks] = text.split(/\n(?= {2}\S)/);
  const lines = blocks.map(withoutOrder);
  const nodes = new Map<string, string>();
  for (const line of lines) {
    const [, name] = /^ {2}(%\d+)/.exec(line) ?? [];
    for (const part of name === undefined ? [] : (line.slice(0, line.indexOf(' = ')).match(/%\d+/g) ?? [])) nodes.set(part, line);
  }
  const numbers = new Map<string, string>();
  const found: string[] = [];
  const visit = (line: string): string =>
    line.replaceAll(/%\d+/g, (name) => {
      const node = nodes.get(name);
      if (node !== undefined && node !== line && !numbers.has(name)) {
        const given = node.slice(node.indexOf(' = '));
        nodes.delete(name);
        const written = visit(given);
        const made = node.slice(0, node.indexOf(' = ')).match(/%\d+/g) ?? [];
        for (const one of made) numbers.set(one, `%${numbers.size}`);
        found.push(`${made.map((one) => numbers.get(one)).join(', ')}${written}`);
      }
      return numbers.get(name) ?? name;
    });
  const others = lines.filter((line) => !/^ {2}%\d+/.test(line));
  const outputs = others.filter((line) => line.startsWith('  output ')).map(visit);
  return [head, ...others.filter((line) => !line.startsWith('  output ')).sort(), ...found, ...outputs].join('\n');
}

/** A node whose steps are written with what they read in full, so that their order does not matter. */
function withoutOrder(block: string): string {
  const [first = '', ...inner] = block.split('\n').filter((line) => line !== '');
  const steps = new Map<string, string>();
  const others: string[] = [];
  const inFull = (text: string): string => text.replaceAll(/%\d+/g, (name) => (steps.has(name) ? `(${steps.get(name)})` : name));
  for (const line of inner) {
    const [, names = '', given = ''] = /^\s*(%\d+(?:, %\d+)*) = (.*)$/.exec(line) ?? [];
    if (names === '') others.push(inFull(line));
    else for (const [i, name] of names.split(', ').entries()) steps.set(name, `${inFull(given)} ${i}`);
  }
  return [first, ...others].join('\n');
}
