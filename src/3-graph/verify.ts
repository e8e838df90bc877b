import { decideEqual } from '../dims/decide.js';
import { bindInputs } from '../ops/bind.js';
import { placesIn, withSizes } from '../ops/requested-sizes.js';
import { SymbolicRule } from '../ops/symbolic-rule.js';
import { showType, type TensorType } from '../ops/types.js';
import { type Graph, inputValues, mapInputs, type OpNode, operatorName, type User, type Value } from './graph.js';

/**
 * What is wrong with a graph, in words for the people who write passes; empty for a legal one. Every value has one definition, which comes before its uses, and
 * knows its users; the types of results are those that the operators' shape rules give; names of inputs, parameters and outputs are unique.
 */
export function verify(graph: Graph): readonly string[] {
  const problems: string[] = [];
  const uses = new Map<Value, Set<User>>();
  const use = (value: Value, user: User) => {
    const users = uses.get(value);
    if (users === undefined) uses.set(value, new Set([user]));
    else users.add(user);
  };
  const defined = new Set<Value>([...graph.inputs, ...graph.parameters]);
  const isDefined = (value: Value) => value.source.kind === 'constant' || defined.has(value);
  let i = 0;
  for (const node of graph.nodes) {
    const name = `node ${i++} (${operatorName(node)})`;
    for (const input of inputValues(node)) {
      if (!isDefined(input)) problems.push(`${name} uses a value before it is defined`);
      use(input, node);
    }
    for (const [k, output] of node.outputs.entries()) {
      if (defined.has(output)) problems.push(`output ${k} of ${name} is defined twice`);
      if (output.source.kind !== 'node' || output.source.node !== node || output.source.index !== k)
        problems.push(`output ${k} of ${name} points elsewhere`);
      defined.add(output);
    }
    if (node.kind === 'op') for (const problem of wrongTypes(graph, node)) problems.push(`${name}: ${problem}`);
  }
  for (const output of graph.outputs) {
    if (!isDefined(output.value)) problems.push(`the output ${output.name} is not defined`);
    use(output.value, output);
  }
  for (const value of new Set([...defined, ...uses.keys()])) {
    const [known, actual] = [value.users, uses.get(value) ?? new Set<User>()];
    if (known.size !== actual.size || ![...actual].every((user) => known.has(user)))
      problems.push(`a value of type ${showType(value.type)} has ${actual.size} users, but knows ${known.size}`);
  }
  for (const name of twice([...graph.inputs, ...graph.parameters].map((v) => v.hint ?? ''))) problems.push(`two values are called ${name}`);
  for (const name of twice(graph.outputs.map((o) => o.name))) problems.push(`two outputs are called ${name}`);
  return problems;
}

/** Types of results that differ from those of the shape rule, as far as that can be decided under the facts of the graph. */
function wrongTypes({ facts }: Graph, { op, inputs, attrs, outputs }: OpNode): readonly string[] {
  const rule = new SymbolicRule(facts, () => {});
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
  if (types.length !== outputs.length) return [`${outputs.length} outputs, not ${types.length}`];
  const results = outputs.map((value) => value.type);
  return withSizes(types, placesIn(rule.newSizes, types, results)).flatMap((type, k) => {
    const got = outputs[k]?.type;
    if (got === undefined || (got.dtype === type.dtype && sameShape(got, type))) return [];
    return [`output ${k} has the type ${showType(got)}, not ${showType(type)}`];
  });

  function sameShape(a: TensorType, b: TensorType): boolean {
    return (
      a.shape.length === b.shape.length &&
      a.shape.every((size, axis) => {
        const other = b.shape[axis];
        return other !== undefined && decideEqual(size, other, facts).kind === 'proved';
      })
    );
  }
}

function twice(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(names.filter((name) => seen.size === seen.add(name).size));
}
