import type { Graph, Node, Value } from '../3-graph/graph.js';
import { Dim } from '../dims/dim.js';
import { append } from '../lists.js';
import { nth } from '../ops/only.js';
import type { NdArray, TensorType } from '../ops/types.js';
import { type Group, type Grouped, originOf } from './groups.js';

/** Constants with no more elements than this are equal if their elements are. */
const fewElements = 64;

/**
 * Replaces equal layers in a row, each of which reads what the one before makes, by the first of them, which represents all. Their labels differ only in the number at the end: `layers.0`,
 * `layers.1`. Nothing else may read what the inner ones make.
 */
export function fold({ root, outer }: Grouped, graph: Graph): void {
  new Folding(root, outer, graph).foldIn(root);
}

/** What makes a layer equal to another: a text, and the values that correspond to each other by their positions. */
interface Structure {
  readonly key: string;
  /** What it reads from outside, in the order of the first reads. */
  readonly externals: readonly Value[];
  readonly made: readonly Value[];
  /** How often it reads each value. */
  readonly reads: ReadonlyMap<Value, number>;
}

class Folding {
  readonly #outer: ReadonlyMap<Value, Value>;
  readonly #newNames: ReadonlySet<string>;
  readonly #reads = new Map<Value, number>();
  readonly #arrays = new Map<NdArray, number>();

  constructor(root: Group, outer: ReadonlyMap<Value, Value>, graph: Graph) {
    this.#outer = outer;
    this.#newNames = new Set(graph.newSizes.map(({ name }) => name));
    this.#count(root, this.#reads);
  }

  foldIn(group: Group): void {
    const items: Group[] = [];
    for (let start = 0; start < group.items.length; ) {
      const members = this.#run(group.items, start);
      const first = nth(members, 0);
      if (members.length > 1) first.members = members;
      this.foldIn(first);
      items.push(first);
      start += members.length;
    }
    group.items.length = 0;
    append(group.items, items);
  }

  /** The longest run of equal layers from a position on. */
  #run(items: readonly Group[], start: number): readonly Group[] {
    const run = [nth(items, start)];
    let before: Structure | undefined;
    let links: string | undefined;
    for (let next = start + 1; next < items.length; next++) {
      const [last, group] = [nth(run, run.length - 1), nth(items, next)];
      if (last.kind !== 'layer' || group.kind !== 'layer' || last.type !== group.type || !isNextLabel(last, group)) break;
      before ??= this.#structure(last);
      const structure = this.#structure(group);
      const found = structure.key === before.key ? this.#links(before, structure) : undefined;
      if (found === undefined || (links !== undefined && links !== found)) break;
      links = found;
      before = structure;
      run.push(group);
    }
    return run;
  }

  /** How a layer reads what the one before makes, as text; undefined if it does not, or if others do. */
  #links(before: Structure, after: Structure): string | undefined {
    const positions = new Map(before.made.map((value, i) => [value, i]));
    const links = after.externals.map((value, i) => (value === before.externals[i] ? 'same' : positions.get(value)));
    if (links.includes(undefined) || links.every((link) => link === 'same')) return undefined;
    const isInside = (value: Value) => this.#reads.get(value) === sum(before.reads.get(value), after.reads.get(value));
    return before.made.every((value) => !this.#reads.has(value) || isInside(value)) ? links.join() : undefined;
  }

  #count(group: Group, counts: Map<Value, number>): void {
    for (const read of group.reads) {
      const value = originOf(read, this.#outer);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    for (const item of group.items) this.#count(item, counts);
  }

  #structure(group: Group): Structure {
    const parts: string[] = [];
    const numbers = new Map<Value, number>();
    const externals: Value[] = [];
    const made: Value[] = [];
    const reads = new Map<Value, number>();
    const prefix = `${group.path.join('.')}.`;
    const sizes = new Map<string, string>();
    const typed = (type: TensorType) => this.#typeText(type, sizes);
    const read = (inner: Value): string => {
      const value = originOf(inner, this.#outer);
      reads.set(value, (reads.get(value) ?? 0) + 1);
      const { source } = value;
      if (source.kind === 'constant') return this.#arrayText(source.array);
      if (source.kind === 'parameter') {
        const { name, type, trainable } = source.parameter;
        return `${name.startsWith(prefix) ? `.${name.slice(prefix.length)}` : name}${trainable ? '' : '!'}${typeKey(type)}`;
      }
      const known = numbers.get(value);
      if (known !== undefined) return `%${known}`;
      numbers.set(value, numbers.size);
      externals.push(value);
      return `outer ${typed(value.type)}`;
    };
    const visit = (part: Group, depth: number): void => {
      parts.push(part.kind, depth === 0 || part.kind === 'next' ? '' : part.label, part.type);
      if (part.node !== undefined) parts.push(nodeText(part.node, (text) => this.#sizeText(text, sizes)));
      for (const value of part.reads) parts.push(read(value));
      for (const value of part.makes) {
        numbers.set(value, numbers.size);
        made.push(value);
        parts.push(typed(value.type));
      }
      parts.push('(');
      for (const item of part.items) visit(item, depth + 1);
      parts.push(')');
    };
    visit(group, 0);
    return { key: parts.join(' '), externals, made, reads };
  }

  #typeText(type: TensorType, sizes: Map<string, string>): string {
    return this.#sizeText(typeKey(type), sizes);
  }

  /** A text in which sizes that come into being in a run have the same names in equal layers. */
  #sizeText(text: string, sizes: Map<string, string>): string {
    if (this.#newNames.size === 0) return text;
    return text.replaceAll(/[A-Za-z_][\w.]*/g, (name) => {
      if (!this.#newNames.has(name)) return name;
      const known = sizes.get(name) ?? `?${sizes.size}`;
      sizes.set(name, known);
      return known;
    });
  }

  #arrayText(array: NdArray): string {
    const { dtype, shape, data } = array;
    if (data.length <= fewElements) return `${dtype}[${shape.join()}]{${data.join()}}`;
    const known = this.#arrays.get(array) ?? this.#arrays.size;
    this.#arrays.set(array, known);
    return `array ${known}`;
  }
}

/** Equal for equal types. */
function typeKey({ dtype, shape }: TensorType): string {
  let key: string = dtype;
  for (const size of shape) key += `,${size.constant ?? size.key}`;
  return key;
}

function sum(a = 0, b = 0): number {
  return a + b;
}

/** Whether a label is that of the layer before, with the next number at the end. */
function isNextLabel({ label: before }: Group, { label: after }: Group): boolean {
  const [a, b] = [splitLabel(before), splitLabel(after)];
  return a !== undefined && b !== undefined && a.stem === b.stem && a.number + 1 === b.number;
}

/** `layers.11` as `layers.` and 11. */
export function splitLabel(label: string): { readonly stem: string; readonly number: number } | undefined {
  const [, stem, digits] = /^(.*?)(\d+)$/s.exec(label) ?? [];
  return stem === undefined || digits === undefined ? undefined : { stem, number: Number(digits) };
}

/** What a node does, regardless of the values that it reads. */
function nodeText(node: Node, sized: (text: string) => string): string {
  const inputs = node.inputs.map((input) => (input === undefined ? '-' : 'type' in input ? '+' : input.length)).join('');
  switch (node.kind) {
    case 'op':
      return `${inputs} ${sized(optionTexts(node.attrs).join())}`;
    case 'onnx':
      return `${inputs} ${node.call.domain} ${JSON.stringify(node.call.attrs)}`;
    case 'cond':
      return inputs;
    case 'scan': {
      const { length, ...steps } = node.steps;
      return `${inputs} ${JSON.stringify(steps)} ${sized(String(length))}`;
    }
  }
}

function optionTexts(attrs: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(attrs).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${optionText(value)}`]));
}

/** The value of an option as text. */
export function optionText(value: unknown): string {
  if (value instanceof Dim) return String(value);
  if (Array.isArray(value)) return `[${value.map(optionText).join(', ')}]`;
  return typeof value === 'string' ? `"${value}"` : String(value);
}
