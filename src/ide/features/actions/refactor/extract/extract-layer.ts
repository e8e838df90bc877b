import { eachNode } from '../../../../../1-syntax/walk.js';
import { format } from '../../../../../format.js';
import type { TensorType } from '../../../../../ops/types.js';
import type { FileItem } from '../../../../file-view.js';
import { keyOf, type Named, type Occurrence } from '../../../../names/named.js';
import { insert, isInside, type NamingEdit, type Offer, type Place, replace } from '../../action.js';
import { tensorOf } from '../../shapes.js';
import { keepsChecks } from '../../tried.js';
import { freshName, indentAt, moved } from '../tree.js';
import { type Part, selectedPart } from './part.js';
import { mayHaveWeights } from './part-weights.js';
import { kindText, knownAt, SignatureText, tensorIn } from './signature-text.js';

/** Moves selected stages or statements into a layer of their own. Where they have weights, the label `_` keeps their names. */
export function extractLayerOffers(place: Place): readonly Offer[] {
  const { item } = place;
  const part = item && selectedPart(place, item);
  if (item === undefined || part === undefined) return [];
  return [
    {
      title: mayHaveWeights(place, item, part) ? 'extract into a layer (weights keep their names)' : 'extract into a layer',
      kind: 'refactor.extract',
      isSlow: true,
      edits: () => {
        const edits = extracted(place, item, part, false);
        // The facts around it, only where something needs them.
        return edits && (keepsChecks(place, edits) ? edits : extracted(place, item, part, true));
      },
    },
  ];
}

/** A tensor that the part reads or makes. */
interface Tensor {
  readonly name: string;
  readonly type: TensorType;
}

function extracted(place: Place, item: FileItem, part: Part, hasFacts: boolean): readonly NamingEdit[] | undefined {
  const { view, text } = place;
  const types = view.types(item);
  const all = view.occurrencesIn(item);
  const inside = all.filter(({ span }) => isInside(span, part));
  const free = freeNames(inside, item, part);
  const inputs: Tensor[] = [];
  const hypers = new Map<string, string>();
  const sizes: Named[] = [];
  for (const { named, span } of free) {
    if (inputs.some(({ name }) => name === named.name) || hypers.has(named.name)) continue;
    const known = knownAt(types, span.start, named.name);
    const type = tensorIn(known);
    if (named.kind === 'size') sizes.push(named);
    else if (type !== undefined) inputs.push({ name: named.name, type });
    else {
      const kind = kindText(named, known, text);
      if (kind === undefined) return undefined;
      hypers.set(named.name, kind);
    }
  }
  const results = resultsOf(place, item, part, all);
  const piped = part.kind === 'stages' ? tensorOf(part.from, place, item) : undefined;
  if (results === undefined || (part.kind === 'stages' && piped === undefined)) return undefined;
  const x = part.kind === 'stages' ? freeName('x', [...inside.map(({ named }) => named.name), ...inputs.map(({ name }) => name)]) : '';
  const tensors = piped === undefined ? inputs : [{ name: x, type: piped }, ...inputs];
  if (tensors.length === 0) return undefined;
  const signature = new SignatureText(place, item, [...hypers.keys()]);
  const made = new Set(inside.filter(({ named, role }) => named.kind === 'size' && role === 'definition').map(({ named }) => named.name));
  const isMade = ({ shape }: TensorType) => shape.some((size) => [...size.variables()].some((one) => made.has(one)));
  if (![...results, ...tensors].every(({ type }) => signature.isPlain(type) && !isMade(type))) return undefined;
  const written = tensors.map(({ name, type }) => `${name}: ${signature.input(type)}`);
  for (const { name } of sizes) if (!signature.sizes.has(name) && !written.some((one) => one.includes(`*${name}`))) hypers.set(name, 'int');
  for (const record of signature.records) if (!hypers.has(record)) hypers.set(record, recordKind(item, record, text) ?? 'any');
  const name = freshName(place, item, 'Extracted');
  const known = new Set(hypers.keys());
  const outputs = results.map((result) => ({ name: result.name, type: signature.result(result.type, known) }));
  const facts = hasFacts ? factsOf(place, item, new Set([...known, ...signature.sizes])) : [];
  const declaration = layerText(place, part, { name, hypers, written, outputs, x, facts });
  const call = hypers.size === 0 ? name : `${name}(${[...hypers.keys()].join(', ')})`;
  const others = tensors.slice(1).map((tensor) => tensor.name);
  const label = mayHaveWeights(place, item, part) ? '_: ' : '';
  const stage = `${label}${call}${others.length === 0 ? '' : `(${others.join(', ')})`}`;
  const targets = outputs.map((output) => output.name);
  const target = targets.length === 1 ? targets[0] : `(${targets.join(', ')})`;
  const use = part.kind === 'stages' ? stage : `${target} = ${tensors[0]?.name} -> ${stage}`;
  const nameAt = use.lastIndexOf(stage) + label.length;
  const edit = { ...replace({ file: view.path, start: part.start, end: part.end }, use), nameAt };
  const formatted = format(view.path, declaration).text?.trimEnd() ?? declaration;
  return [edit, insert(view.path, item.span.end, `\n\n${formatted}`)];
}

function freeName(stem: string, taken: readonly string[]): string {
  for (let i = 0; ; i++) {
    const name = i === 0 ? stem : `${stem}${i}`;
    if (!taken.includes(name)) return name;
  }
}

/** The names that the part reads and that the declaration around it declares. */
function freeNames(inside: readonly Occurrence[], item: FileItem, part: Part): readonly Occurrence[] {
  return inside.filter(({ named, role }) => {
    const { span, kind } = named;
    if (role === 'definition' || kind === 'label' || kind === 'output' || kind === 'option' || span === undefined) return false;
    if (role === 'write' || span.file !== item.span.file || !isInside(span, item.span) || isInside(span, part)) return false;
    return span.start !== item.name.span.start;
  });
}

/** The variables that the part assigns and that are read after it; for stages, their one result. */
function resultsOf(place: Place, item: FileItem, part: Part, all: readonly Occurrence[]): readonly Tensor[] | undefined {
  if (part.kind === 'stages') {
    const type = tensorOf(part.to, place, item);
    return type && [{ name: '', type }];
  }
  const types = place.view.types(item);
  const written = all.filter(({ span, role, named }) => role !== 'read' && named.kind === 'variable' && isInside(span, part));
  const results: Tensor[] = [];
  const inputs = all.filter(({ span, role, named }) => role === 'write' && named.kind === 'input' && isInside(span, part));
  for (const { named } of [...written, ...inputs]) {
    if (results.some(({ name }) => name === named.name)) continue;
    const key = keyOf(named);
    const isRead = all.some(
      ({ span, role, named: other }) =>
        role === 'read' && keyOf(other) === key && (span.start >= part.end || (part.isInLoop && !isInside(span, part))),
    );
    if (!isRead) continue;
    const last = [...written, ...inputs].filter((other) => keyOf(other.named) === key).at(-1);
    const type = last && tensorIn(knownAt(types, last.span.start, named.name));
    if (type === undefined) return undefined;
    results.push({ name: named.name, type });
  }
  return results.length === 0 ? undefined : results;
}

function recordKind(item: FileItem, record: string, text: string): string | undefined {
  const hyper = item.kind === 'layer' || item.kind === 'model' ? item.hyper : undefined;
  const type = hyper?.find(({ name }) => name.text === record)?.type;
  return type && text.slice(type.span.start, type.span.end);
}

interface Written {
  readonly name: string;
  readonly hypers: ReadonlyMap<string, string>;
  readonly written: readonly string[];
  readonly outputs: readonly { readonly name: string; readonly type: string }[];
  readonly x: string;
  readonly facts: readonly string[];
}

function layerText({ text }: Place, part: Part, { name, hypers, written, outputs, x, facts }: Written): string {
  const hyper = hypers.size === 0 ? '' : `(${[...hypers].map(([one, kind]) => `${one}: ${kind}`).join(', ')})`;
  const [first] = outputs;
  const result = outputs.length === 1 ? (first?.type ?? '') : `(${outputs.map((output) => `${output.name}: ${output.type}`).join(', ')})`;
  const where = facts.length === 0 ? ' ' : `\n  where ${facts.join(', ')}\n`;
  const head = `layer ${name}${hyper}(${written.join(', ')}) -> ${result}${where}{`;
  const body = text.slice(part.start, part.end);
  const indent = indentAt(text, part.start);
  if (part.kind === 'stages') return `${head}\n  return ${x}${body.includes('\n') ? '\n    ' : ' '}-> ${moved(body, indent, '    ')}\n}`;
  const names = outputs.map((output) => output.name);
  return `${head}\n  ${moved(body, indent, '  ')}\n  return ${names.length === 1 ? names[0] : `(${names.join(', ')})`}\n}`;
}

/** The facts of the declaration that speak of nothing else. */
function factsOf({ text }: Place, item: FileItem, known: ReadonlySet<string>): readonly string[] {
  if (item.kind !== 'layer' && item.kind !== 'model') return [];
  return item.where
    .filter((fact) => {
      let isKnown = true;
      eachNode(fact, (node) => {
        if (node.kind === 'name' && !known.has((node as { name?: string }).name ?? '')) isKnown = false;
      });
      return isKnown;
    })
    .map(({ span }) => text.slice(span.start, span.end));
}
