import type { Dim } from '../dims/dim.js';
import { nth } from '../ops/only.js';
import { Body, type ControlNode, inputValues, mapInputs, type Node, type Region, type Value } from './graph.js';
import { sizesMadeBy } from './made-sizes.js';
import { attrsWith, typeWith } from './replace-sizes.js';

/**
 * Copies the nodes of a region into another one, before its node `place` or at its end. `values` maps the inputs of the region to values there, and is extended
 * by all others. Sizes that the data decide get new names in the copy. Returns the values of the outputs.
 */
export function copyInto(to: Region, from: Region, values: Map<Value, Value>, place?: Node): readonly Value[] {
  return new Copy(values, new Map()).nodes(to, from, place);
}

/** Copies one node to the end of its region; what it reads is replaced as `values` says. Returns the results of the copy. */
export function copyNode(region: Region, node: Node, values: ReadonlyMap<Value, Value>): readonly Value[] {
  return new Copy(new Map([...inputValues(node)].map((value) => [value, values.get(value) ?? value])), new Map()).node(region, node);
}

/** A copy of a body for a node in the region `outer`. */
export function copyOfBody(outer: Region, body: Body): Body {
  return new Copy(new Map(), new Map()).body(outer, body);
}

class Copy {
  readonly #values: Map<Value, Value>;
  /** The new sizes for those that are made in what is copied. */
  readonly #sizes: Map<string, Dim>;

  constructor(values: Map<Value, Value>, sizes: Map<string, Dim>) {
    this.#values = values;
    this.#sizes = sizes;
  }

  nodes(to: Region, from: Region, place?: Node): readonly Value[] {
    for (const node of from.nodes) {
      for (const made of sizesMadeBy(node, from.newSizes))
        if (!this.#sizes.has(made.name)) this.#sizes.set(made.name, to.copySize(made, this.#sizes).size);
      const copies = this.#node(to, node, place);
      for (const [i, output] of node.outputs.entries()) this.#values.set(output, nth(copies, i));
    }
    return from.outputs.map(({ value }) => this.#find(value));
  }

  node(to: Region, node: Node): readonly Value[] {
    for (const made of sizesMadeBy(node, to.newSizes)) this.#sizes.set(made.name, to.copySize(made, this.#sizes).size);
    return this.#node(to, node, undefined);
  }

  body(outer: Region, body: Body): Body {
    const copy = new Body(outer);
    const values = new Map(body.inputs.map((value) => [value, copy.input(value.hint ?? 'input', typeWith(value.type, this.#sizes))]));
    const results = new Copy(values, this.#sizes).nodes(copy, body);
    for (const [i, { name }] of body.outputs.entries()) copy.output(name, nth(results, i));
    return copy;
  }

  #find(value: Value): Value {
    // Anything but a constant is defined before it is used.
    return value.source.kind === 'constant' ? value : (this.#values.get(value) as Value);
  }

  #node(to: Region, node: Node, place: Node | undefined): readonly Value[] {
    const types = node.outputs.map((value) => typeWith(value.type, this.#sizes));
    const find = (value: Value) => this.#find(value);
    if (node.kind === 'cond' || node.kind === 'scan') return this.#control(to, node, place);
    const inputs = mapInputs(node.inputs, find);
    if (node.kind === 'op') return to.op(node.op, inputs, attrsWith(node.attrs, this.#sizes), types, node.origin, place);
    // Inputs of ONNX nodes are never lists.
    return to.onnx(node.call, inputs as readonly (Value | undefined)[], types, node.origin, place);
  }

  #control(to: Region, node: ControlNode, place: Node | undefined): readonly Value[] {
    const types = node.outputs.map((value) => typeWith(value.type, this.#sizes));
    const inputs = inputValues(node).map((value) => this.#find(value));
    if (node.kind === 'scan') {
      const steps = { ...node.steps, length: node.steps.length.substitute(this.#sizes) };
      return to.scan(inputs, steps, this.body(to, node.bodies[0]), types, node.origin, place);
    }
    const [yes, no] = node.bodies;
    return to.cond(inputs, [this.body(to, yes), this.body(to, no)], types, node.origin, place);
  }
}
