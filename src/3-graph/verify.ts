import { decideEqual } from '../dims/decide.js';
import type { Facts } from '../dims/facts.js';
import type { NewSize } from '../dims/new-size.js';
import { bindInputs } from '../ops/bind.js';
import { placesIn, withSizes } from '../ops/requested-sizes.js';
import { SymbolicRule } from '../ops/symbolic-rule.js';
import { showType, type TensorType } from '../ops/types.js';
import {
  bodiesOf,
  type ControlNode,
  type Graph,
  inputValues,
  mapInputs,
  type Node,
  type OpNode,
  operatorName,
  type Region,
  type User,
  type Value,
} from './graph.js';
import { sizesMadeBy } from './made-sizes.js';

/**
 * What is wrong with a graph, in words for the people who write passes; empty for a legal one. Every value has one definition, which comes before its uses, and
 * knows its users; bodies of control flow read nothing from the regions around them but constants; the types of results are those that the operators' shape rules give;
 * sizes that the data decide are made once; names of inputs, parameters and outputs are unique.
 */
export function verify(graph: Graph): readonly string[] {
  const verification = new Verification(graph.facts, graph.newSizes);
  verification.region(graph, graph.parameters);
  verification.users();
  const { problems } = verification;
  for (const name of twice([...graph.inputs, ...graph.parameters].map((v) => v.hint ?? ''))) problems.push(`two values are called ${name}`);
  for (const name of twice(graph.outputs.map((o) => o.name))) problems.push(`two outputs are called ${name}`);
  return problems;
}

class Verification {
  readonly problems: string[] = [];
  readonly #facts: Facts;
  readonly #newSizes: readonly NewSize[];
  /** The sizes that the data decide and no node has made so far. */
  readonly #unmade: Set<string>;
  readonly #uses = new Map<Value, Set<User>>();
  readonly #defined = new Set<Value>();
  #count = 0;

  constructor(facts: Facts, newSizes: readonly NewSize[]) {
    this.#facts = facts;
    this.#newSizes = newSizes;
    this.#unmade = new Set(newSizes.flatMap(({ name, by }) => (by === 'data' ? [name] : [])));
  }

  region(region: Region, parameters: readonly Value[] = []): void {
    const defined = new Set<Value>([...region.inputs, ...parameters]);
    const isDefined = (value: Value) => value.source.kind === 'constant' || defined.has(value);
    for (const node of region.nodes) {
      const name = `node ${this.#count++} (${operatorName(node)})`;
      for (const input of inputValues(node)) {
        if (!isDefined(input)) this.problems.push(`${name} uses a value before it is defined`);
        this.#use(input, node);
      }
      for (const [k, output] of node.outputs.entries()) {
        if (defined.has(output)) this.problems.push(`output ${k} of ${name} is defined twice`);
        if (output.source.kind !== 'node' || output.source.node !== node || output.source.index !== k)
          this.problems.push(`output ${k} of ${name} points elsewhere`);
        defined.add(output);
      }
      for (const problem of this.#wrongSizes(node)) this.problems.push(`${name} ${problem}`);
      for (const body of bodiesOf(node)) this.region(body);
      for (const problem of this.#wrongTypes(node)) this.problems.push(`${name}: ${problem}`);
    }
    for (const output of region.outputs) {
      if (!isDefined(output.value)) this.problems.push(`the output ${output.name} is not defined`);
      this.#use(output.value, output);
    }
    for (const value of defined) this.#defined.add(value);
  }

  /** Compares the users that values know with those that were met. */
  users(): void {
    for (const value of new Set([...this.#defined, ...this.#uses.keys()])) {
      const [known, actual] = [value.users, this.#uses.get(value) ?? new Set<User>()];
      if (known.size !== actual.size || ![...actual].every((user) => known.has(user)))
        this.problems.push(`a value of type ${showType(value.type)} has ${actual.size} users, but knows ${known.size}`);
    }
  }

  #use(value: Value, user: User): void {
    const users = this.#uses.get(value);
    if (users === undefined) this.#uses.set(value, new Set([user]));
    else users.add(user);
  }

  /** Faults in the sizes that the data decide in each evaluation: one node makes each of them, before its uses. */
  #wrongSizes(node: Node): readonly string[] {
    if (this.#newSizes.length === 0) return [];
    const made = sizesMadeBy(node, this.#newSizes);
    const again = made.filter(({ name }) => !this.#unmade.delete(name));
    const mentioned = node.outputs.flatMap(({ type }) => type.shape.flatMap((size) => [...size.variables()]));
    return [
      ...again.map(({ name }) => `makes the size ${name} again`),
      ...mentioned.filter((name) => this.#unmade.has(name)).map((name) => `has the size ${name} before it is made`),
    ];
  }

  /** Types that differ from those of the shape rule or of a body, as far as that can be decided under the facts of the graph. */
  #wrongTypes(node: Node): readonly string[] {
    if (node.kind === 'onnx') return [];
    return node.kind === 'op' ? this.#wrongResults(node) : this.#wrongBodies(node);
  }

  #wrongResults({ op, inputs, attrs, outputs }: OpNode): readonly string[] {
    const rule = new SymbolicRule(this.#facts, () => {});
    let types: readonly TensorType[];
    try {
      types = op.infer(
        rule,
        bindInputs(
          op,
          mapInputs(inputs, (value) => value.type),
        ),
        attrs,
      );
    } catch (error) {
      return [String(error)];
    }
    const results = outputs.map((value) => value.type);
    const sizes = placesIn(rule.newSizes, types, results);
    const expected = types.map((type) => withSizes(type, sizes));
    return this.#differences('output', outputs, expected);
  }

  #wrongBodies(node: ControlNode): readonly string[] {
    const given = inputValues(node);
    if (node.kind === 'cond') {
      const condition = given[0]?.type;
      const isBool = condition?.dtype === 'bool' && condition.shape.length === 0;
      return [
        ...(isBool ? [] : ['its condition is not a boolean']),
        ...node.bodies.flatMap((body) => [
          ...this.#differences('input', body.inputs, typesOf(given.slice(1))),
          ...this.#differences('output', node.outputs, typesOf(body.outputs.map(({ value }) => value))),
        ]),
      ];
    }
    const { carries, operandAxes, emitAxes, length } = node.steps;
    const [body] = node.bodies;
    const results = body.outputs.map(({ value }) => value.type);
    const isOperand = (i: number) => i >= carries && i < carries + operandAxes.length;
    return [
      ...this.#differences(
        'input',
        body.inputs,
        given.map(({ type }, i) => (isOperand(i) ? without(type, operandAxes[i - carries] ?? 0) : type)),
      ),
      ...this.#differences('output', node.outputs.slice(0, carries), results.slice(0, carries)),
      ...this.#differences(
        'result',
        node.outputs.slice(carries),
        results.slice(carries).map(({ dtype, shape }, i) => ({ dtype, shape: shape.toSpliced(emitAxes[i] ?? 0, 0, length) })),
      ),
    ];
  }

  #differences(what: string, values: readonly Value[], types: readonly TensorType[]): readonly string[] {
    if (types.length !== values.length) return [`${values.length} ${what}s, not ${types.length}`];
    return types.flatMap((type, k) => {
      const got = values[k]?.type;
      if (got === undefined || (got.dtype === type.dtype && this.#sameShape(got, type))) return [];
      return [`${what} ${k} has the type ${showType(got)}, not ${showType(type)}`];
    });
  }

  #sameShape(a: TensorType, b: TensorType): boolean {
    return (
      a.shape.length === b.shape.length &&
      a.shape.every((size, axis) => {
        const other = b.shape[axis];
        return other !== undefined && decideEqual(size, other, this.#facts).kind === 'proved';
      })
    );
  }
}

function typesOf(values: readonly Value[]): readonly TensorType[] {
  return values.map(({ type }) => type);
}

/** A slice of a type at one position of an axis. */
function without({ dtype, shape }: TensorType, axis: number): TensorType {
  return { dtype, shape: shape.toSpliced(axis, 1) };
}

function twice(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(names.filter((name) => seen.size === seen.add(name).size));
}
