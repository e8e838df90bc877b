import type { FormEvent, History, PassEvent, RuleEvent } from '../5-optimize/history.js';
import { rules, storedWeightRules } from '../5-optimize/rules/index.js';
import type { CompiledModel } from '../compile.js';
import { rangesIn } from '../diagnostics/located.js';
import type { Span } from '../diagnostics/span.js';
import { suggest } from '../diagnostics/suggest.js';
import type { ParsedOptions } from './arguments.js';
import { joined, lines, type PlainText } from './plain-text.js';
import { columns, wrapped } from './table.js';
import { UsageError } from './usage-error.js';
import { counted } from './wording.js';

/** What `--explain` can explain: the rules, and the passes that record what they did to each weight. */
const explained: readonly { readonly name: string; readonly summary: string }[] = [
  ...rules,
  ...storedWeightRules,
  { name: 'quantize', summary: 'stores weights in fewer bits' },
  { name: 'fold-weights', summary: 'stores values that depend only on weights, instead of the weights' },
];

/** Throws `UsageError` if a rule is to be explained that does not exist. */
export function demandRules(options: ParsedOptions): void {
  for (const name of options.values('explain')) {
    if (name === 'all' || explained.some((rule) => rule.name === name)) continue;
    const names = explained.map((rule) => rule.name);
    const [near] = suggest(name, names);
    throw new UsageError(
      `there is no rule \`${name}\``,
      near === undefined ? `the rules are ${names.join(', ')}` : `did you mean \`${near}\`?`,
    );
  }
}

/** What `--print-passes` and `--explain` say about a model, entry by entry. */
export function optimizationReport(
  { entries }: Pick<CompiledModel, 'entries'>,
  options: ParsedOptions,
  sources: ReadonlyMap<string, string>,
  width: number,
): readonly PlainText[] {
  const wanted = options.values('explain');
  return entries.flatMap(({ name, history }) => {
    if (history === undefined) return [];
    const title = entries.length === 1 ? [] : [lines([`${name}:`])];
    const passes = options.has('print-passes') ? [passTable(history, width), ...formTable(history, width)] : [];
    const found = wanted.includes('all')
      ? allExplanations(history, sources, width)
      : [...new Set(wanted)].map((rule) => explanation(rule, history, sources, width));
    return passes.length + found.length === 0 ? [] : [...title, ...passes, ...found];
  });
}

function passTable({ passes }: History, width: number): PlainText {
  const row = ({ pass, changes, nodes, summary }: PassEvent) => [pass, `${changes}`, `${nodes}`, summary];
  return columns([['pass', 'changes', 'nodes', 'what it does'], ...passes.map(row)], { right: [1, 2], width, hasHead: true });
}

/** In which form the operators that have several were written. */
function formTable({ forms }: History, width: number): readonly PlainText[] {
  if (forms.length === 0) return [];
  const row = ({ operator, calls, form }: FormEvent) => [operator, `${calls}`, form ?? 'its definition'];
  return [lines(['']), columns([['operator', 'calls', 'written as'], ...forms.map(row)], { right: [1], width, hasHead: true })];
}

/** What each rule that found something did, and the names of the others. */
function allExplanations(history: History, sources: ReadonlyMap<string, string>, width: number): readonly PlainText[] {
  const found = new Set(history.rules.map(({ rule }) => rule));
  const names = explained.map(({ name }) => name);
  const others = names.filter((name) => !found.has(name));
  const texts = names.filter((name) => found.has(name)).map((name) => explanation(name, history, sources, width));
  if (others.length === 0) return texts;
  return [...texts, lines(wrapped(`no match in this model: ${others.join(', ')}`, width, 2))];
}

/** Where a rule applied, and where it matched but was refused, with the reason. */
function explanation(name: string, { rules: events }: History, sources: ReadonlyMap<string, string>, width: number): PlainText {
  const own = events.filter(({ rule }) => rule === name).sort(byPlace);
  const applied = own.filter(({ refusal }) => refusal === undefined).length;
  const refused = own.length - applied;
  const summary = explained.find((rule) => rule.name === name)?.summary ?? '';
  const count = own.length === 0 ? 'no match in this model' : `applied ${times(applied)}, not applied ${times(refused)}`;
  const rangeOf = rangesIn(sources);
  const placeOf = (span: Span) => `${span.file}:${rangeOf(span).start.line}:${rangeOf(span).start.column}`;
  const row = ({ path, span, refusal, note }: RuleEvent, others: number) => [
    `  ${span === undefined ? '' : placeOf(span)}`,
    others === 0 ? path.join('.') : `${path.join('.')} and ${others} like it`,
    refusal !== undefined ? `not applied: ${refusal}` : note === undefined ? 'applied' : `applied: ${note}`,
  ];
  const head = lines([...wrapped(`${name}: ${summary}`, width, 4), `  ${count}`]);
  return own.length === 0
    ? head
    : joined([
        head,
        columns(
          grouped(own).map(([first, count]) => row(first, count - 1)),
          { width },
        ),
      ]);
}

/** The first of the events that differ only in numbers, such as those of equal layers, with how many there are. */
function grouped(events: readonly RuleEvent[]): readonly (readonly [RuleEvent, number])[] {
  const groups = new Map<string, [RuleEvent, number]>();
  for (const event of events) {
    const { path, span, refusal, note } = event;
    const what = [...path, refusal, note].map((text) => `${text}`.replaceAll(/\d+/g, '#'));
    const key = [span?.file, span?.start, span?.end, ...what].join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event, 1]);
    else group[1]++;
  }
  return [...groups.values()];
}

function byPlace({ span: a }: RuleEvent, { span: b }: RuleEvent): number {
  if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
  return a.file === b.file ? a.start - b.start || a.end - b.end : a.file < b.file ? -1 : 1;
}

function times(count: number): string {
  return counted(count, 'time');
}
