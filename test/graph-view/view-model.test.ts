import { describe, expect, test } from 'vitest';
import { type Node, operatorName, type Value } from '../../src/3-graph/graph.js';
import { regionsIn } from '../../src/3-graph/regions.js';
import { costOf } from '../../src/6-emit/cost.js';
import { compile } from '../../src/compile.js';
import { Dim } from '../../src/dims/dim.js';
import { pathsOf } from '../../src/graph-view/expansion.js';
import { type Flows, flowOf } from '../../src/graph-view/flow.js';
import { fold } from '../../src/graph-view/fold.js';
import { type Group, type Grouped, groupsOf, originOf } from '../../src/graph-view/groups.js';
import type { BlockView } from '../../src/index.js';
import { createNodeHost } from '../../src/node/node-host.js';
import { examples, special, viewed } from './examples.js';

const models = [...examples, ...Object.keys(special).map((name) => [name, {}] as const)];

function folded(graph: Parameters<typeof groupsOf>[0]): Grouped {
  const grouped = groupsOf(graph);
  fold(grouped, graph);
  return grouped;
}

function blocksIn(block: BlockView): readonly BlockView[] {
  return [block, ...block.children.flatMap(blocksIn)];
}

describe.each(models)('the view of %s', (name, options) => {
  const { view, graphs } = viewed(name, options);

  test('has every operator in exactly one block', () => {
    for (const [i, graph] of graphs.entries()) {
      const found: Node[] = [];
      const visit = (group: Group): void => {
        if (group.node !== undefined) found.push(group.node);
        for (const item of group.items) for (const member of item.members ?? [item]) visit(member);
      };
      visit(folded(graph).root);
      const all = regionsIn(graph).flatMap((region) => [...region.nodes]);
      expect(found.length).toBe(all.length);
      expect(new Set(found)).toEqual(new Set(all));
      const counted = (block: BlockView): number =>
        block.repeat * ((block.kind === 'operator' ? 1 : 0) + block.children.reduce((sum, child) => sum + counted(child), 0));
      const operators = all.filter((node) => node.kind === 'op' || node.kind === 'onnx');
      expect(counted(view.entries[i]!.root)).toBe(operators.length);
    }
  });

  test('has all parameters and all operations', () => {
    for (const [i, graph] of graphs.entries()) {
      const { root } = view.entries[i]!;
      const rows = new Map(costOf(graph).flatMap((row) => (row.scope === 'outside' ? [] : [[row.path, row] as const])));
      const total = rows.get('')!;
      expect([root.parameters, root.buffers, String(root.flops)]).toEqual([total.parameters, total.buffers, String(total.flops)]);
      const layers = blocksOutsideLoops(root).filter(({ kind }) => kind === 'layer');
      for (const layer of layers) {
        // The costs of a layer that is used twice are those of all uses.
        if (layers.filter(({ path }) => path === layer.path).length > 1) continue;
        const own = pathsOf(layer).map((path) => rows.get(path)!);
        expect(layer.parameters, layer.id).toBe(own.reduce((sum, row) => sum + row.parameters, 0));
        expect(layer.buffers, layer.id).toBe(own.reduce((sum, row) => sum + row.buffers, 0));
        expect(String(layer.flops), layer.id).toBe(String(own.reduce((sum, row) => sum.add(row.flops), Dim.zero)));
      }
      for (const block of blocksIn(root)) {
        const inside = block.children.reduce((sum, { parameters }) => sum + parameters, 0);
        expect(inside * block.repeat, block.id).toBeLessThanOrEqual(block.parameters);
      }
    }
  });

  test('has edges where the graph has them', () => {
    for (const graph of graphs) {
      const grouped = folded(graph);
      const tracing = new Tracing(grouped, flowOf(grouped));
      tracing.checkAll();
      expect(tracing.wrong).toEqual([]);
      expect(tracing.count).toBeGreaterThan(0);
    }
  });

  test('is plain data with unique ids', () => {
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
    const ids = view.entries.flatMap(({ root }) => blocksIn(root).map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of view.expanded) expect(ids).toContain(id);
    for (const block of view.entries.flatMap(({ root }) => blocksIn(root)))
      for (const { from, to } of block.edges) {
        expect((from.child < 0 ? block.inputs : block.children[from.child]!.outputs)[from.port]).toBeDefined();
        expect((to.child < 0 ? block.outputs : block.children[to.child]!.inputs)[to.port]).toBeDefined();
      }
  });

  test('shows a readable number of blocks', () => {
    const expanded = new Set(view.expanded);
    const shown = (block: BlockView): number => (expanded.has(block.id) ? block.children.reduce((sum, child) => sum + shown(child), 0) : 1);
    const closed = view.entries.reduce((sum, { root }) => sum + root.children.length, 0);
    expect(view.entries.reduce((sum, { root }) => sum + shown(root), 0)).toBeLessThanOrEqual(Math.max(42, closed));
  });
});

/** The blocks whose operations are those of a whole run of the model. */
function blocksOutsideLoops(block: BlockView): readonly BlockView[] {
  return block.kind === 'loop' || block.kind === 'cond' ? [] : [block, ...block.children.flatMap(blocksOutsideLoops)];
}

/** Follows the edges of a view back from every group that reads to the group that makes. */
class Tracing {
  readonly wrong: string[] = [];
  count = 0;
  readonly #grouped: Grouped;
  readonly #flows: Flows;

  constructor(grouped: Grouped, flows: Flows) {
    this.#grouped = grouped;
    this.#flows = flows;
  }

  checkAll(): void {
    this.#check(this.#grouped.root, []);
  }

  #check(group: Group, around: readonly Group[]): void {
    if (group.reads.length > 0) {
      const origins = group.reads.map((value) => originOf(value, this.#grouped.outer));
      const wanted = [...new Set(origins.filter(({ source }) => source.kind !== 'constant' && source.kind !== 'parameter'))];
      const { inputs } = this.#flows.of(group);
      if (inputs.length !== wanted.length || wanted.some((value) => !inputs.includes(value)))
        this.wrong.push(`${group.label} has other inputs`);
      for (const [port, value] of inputs.entries()) this.#follow(group, port, value, around);
    }
    for (const item of group.items) this.#check(item, [...around, group]);
  }

  /** Finds where the edge to an input of a group comes from: up to the group around it, or down into one beside it. */
  #follow(group: Group, port: number, value: Value, around: readonly Group[]): void {
    const outer = around.at(-1)!;
    const child = outer.items.indexOf(group);
    const edges = this.#flows.of(outer).edges.filter(({ to }) => to.child === child && to.port === port);
    if (edges.length !== 1) {
      this.wrong.push(`${edges.length} edges lead to input ${port} of ${group.path.join('.')} ${group.label}`);
      return;
    }
    const { from } = edges[0]!;
    if (from.child < 0) this.#follow(outer, from.port, value, around.slice(0, -1));
    else this.#descend(outer.items[from.child]!, from.port, value, outer.items[from.child]!.members !== undefined);
  }

  #descend(group: Group, port: number, value: Value, isFolded: boolean): void {
    const output = this.#flows.of(group).outputs[port];
    if (group.items.length > 0) {
      const edge = this.#flows.of(group).edges.find(({ to }) => to.child < 0 && to.port === port);
      const inside = edge === undefined ? undefined : group.items[edge.from.child];
      if (edge === undefined || inside === undefined) this.wrong.push(`nothing leads to output ${port} of ${group.label}`);
      else this.#descend(inside, edge.from.port, value, isFolded || inside.members !== undefined);
      return;
    }
    this.count++;
    // Of equal layers, the picture shows the first, but the last makes the value.
    const maker = value.source.kind === 'node' ? operatorName(value.source.node) : '';
    const isRight = isFolded
      ? group.node !== undefined && operatorName(group.node) === maker
      : output === value && group.makes.includes(value);
    if (!isRight) this.wrong.push(`${group.label} is not the maker of what is read`);
  }
}

describe('the optimizer opens some operators and shares work, so', () => {
  test.each(examples)('%s has the parameters of `archc cost`, and nearly its operations', (name, options) => {
    const { view } = viewed(name, options);
    const { model } = compile(`examples/${name}/model.arch`, createNodeHost(), options);
    for (const [i, { graph }] of model!.entries.entries()) {
      const [total] = costOf(graph);
      const { root, sizes } = view.entries[i]!;
      expect([root.parameters, root.buffers]).toEqual([total!.parameters, total!.buffers]);
      // Copies of a graph may have other names for the sizes that the data decide.
      if (root.count === undefined || [...total!.flops.variables()].some((size) => sizes[size] === undefined)) continue;
      const wanted = total!.flops.evaluate(new Map(Object.entries(sizes)));
      expect(Math.abs(root.count - wanted) / wanted).toBeLessThan(0.05);
    }
  });
});

test('equal layers in a row are one block, unless something else reads what an inner one makes', () => {
  const labels = (name: string) =>
    viewed(name)
      .view.entries[0]!.root.children.filter(({ kind }) => kind === 'layer')
      .map(({ label, repeat }) => [label, repeat]);
  expect(labels('apart')).toEqual([
    ['layers.0 – 1', 2],
    ['layers.2', 1],
    ['rest.0 – 3', 4],
  ]);
  expect(labels('data')).toEqual([['layers.0 – 2', 3]]);
  expect(labels('llama')).toContainEqual(['model.layers.0 – 31', 32]);
});

test('each use of a layer is a block; its weights belong to the first', () => {
  const { children } = viewed('shared').view.entries[0]!.root;
  const uses = children.filter(({ kind }) => kind === 'layer');
  expect(uses.map(({ id, parameters, inputs, outputs }) => [id, parameters, inputs.length, outputs.length])).toEqual([
    ['forward/two', 72, 1, 1],
    ['forward/two#2', 0, 1, 1],
  ]);
});

test('layers are expanded by depth and by patterns, with those around them', () => {
  const expanded = (options: Parameters<typeof viewed>[1]) => viewed('transformer', options).view.expanded;
  expect(expanded({ depth: 0 })).toEqual(['forward']);
  expect(expanded({ depth: 1 })).toContain('forward/fc');
  expect(expanded({ depth: 0, expand: ['encoder.self_attn'] })).toEqual(['forward', 'forward/encoder', 'forward/encoder/self_attn']);
  expect(viewed('llama', { depth: 0, expand: ['model.layers[5].mlp'] }).view.expanded).toContain('forward/model.layers.0/mlp');
  expect(viewed('llama', { depth: 0, expand: ['model.layers[32]'] }).unmatched).toEqual(['model.layers[32]']);
  expect(viewed('llama', { depth: 0, expand: ['model.layers[5]'] }).view.expanded).toContain('forward/model.layers.0');
  expect(viewed('llama', { expand: ['encoder'] }).unmatched).toEqual(['encoder']);
});

test('a layer is where the source uses it', () => {
  const { view } = viewed('llama');
  const layers = blocksIn(view.entries[0]!.root).filter(({ kind }) => kind === 'layer');
  const lines = Object.fromEntries(layers.map(({ label, code }) => [label, code]));
  expect(lines['model.layers.0 – 31']).toBe('h = h -> "model.layers"[i]: LlamaLayer(c, i)(position_ids, mask)');
  expect(lines.q_proj).toBe('-> q_proj: Proj(c.heads * d)');
  expect(lines.mlp).toContain('mlp: SwiGLU(c.ff)');
});
