import { checkModel } from '../../2-check/models/check-model.js';
import { asDeclared } from '../../2-check/models/choice.js';
import { isComplete, modelsOf } from '../../2-check/models/choose-model.js';
import { elaborate } from '../../3-graph/elaborate.js';
import type { OnnxGraph } from '../../5-optimize/lowering/onnx-graph.js';
import { lowerToOnnx, optimize } from '../../5-optimize/pipeline.js';
import { costOf, type LayerCost } from '../../6-emit/cost.js';
import type { CompileOptions } from '../../api/options.js';
import { compile } from '../../compile.js';
import { Report } from '../../diagnostics/report.js';
import { HostError } from '../../host.js';
import { byteFormula, grouped, shortFormula } from '../../quantities.js';
import type { FileItem, FileView } from '../file-view.js';
import { paragraphs, plain } from '../present/markdown.js';
import { onnxNames } from '../present/onnx-form.js';
import type { Workspace } from '../workspace.js';

/** What unfolding a model has shown. */
interface ModelInsight {
  readonly name: string;
  readonly rows: readonly LayerCost[];
  readonly nodes: readonly LayerNode[];
}

/** An ONNX node, with the path of the layer that it belongs to. */
interface LayerNode {
  readonly path: string;
  readonly opType: string;
  readonly domain: string;
}

/** Costs of the models of files, with the settings of their builds, else with their defaults. Finding them takes longer than an answer may take, so it is done in pauses, and they are known until the next edit. */
export class Insights {
  readonly #workspace: Workspace;
  readonly #optionsFor: (path: string, model: string) => CompileOptions;
  readonly #known = new WeakMap<FileView, Map<string, ModelInsight | undefined>>();

  /** `optionsFor` gives the options of the build of a model, none if it has no build. */
  constructor(workspace: Workspace, optionsFor: (path: string, model: string) => CompileOptions = () => ({})) {
    this.#workspace = workspace;
    this.#optionsFor = optionsFor;
  }

  /** The models of a file about which nothing is known yet, and that can be compiled. */
  missing(path: string): readonly string[] {
    const view = this.#workspace.view(path);
    if (view === undefined || view.checked.failed) return [];
    const { session, module } = view.inside;
    const known = this.#known.get(view);
    return modelsOf(module)
      .filter((decl) => isComplete(session, module, decl) && known?.has(decl.name.text) !== true)
      .map(({ name }) => name.text);
  }

  /** Finds the costs of a model. */
  compute(path: string, model: string): void {
    const view = this.#workspace.view(path);
    if (view === undefined) return;
    const known = this.#known.get(view) ?? new Map<string, ModelInsight | undefined>();
    this.#known.set(view, known);
    // Is not tried twice if it fails.
    known.set(model, undefined);
    const options = this.#optionsFor(path, model);
    known.set(model, Object.keys(options).length === 0 ? insightOf(view, model) : this.#ofBuild(path, model, options));
  }

  #ofBuild(path: string, model: string, options: CompileOptions): ModelInsight | undefined {
    try {
      const compiled = compile(path, this.#workspace.sources(), { ...options, model }).model;
      if (compiled === undefined) return undefined;
      const { entries } = compiled;
      return { name: model, rows: entries.flatMap(({ graph }) => costOf(graph)), nodes: entries.flatMap(({ onnx }) => nodesOf(onnx)) };
    } catch (error) {
      if (error instanceof HostError) return undefined;
      throw error;
    }
  }

  /** The parameters, operations and bytes of a model as Markdown; undefined if they are not known yet. */
  costOfModel(view: FileView, name: string): string | undefined {
    return this.#costsOf(view, name)?.map(plain).join('\n\n');
  }

  /** The same in a line of plain text. */
  summary(view: FileView, name: string): string | undefined {
    return this.#costsOf(view, name)?.join(' | ');
  }

  /** For each entry of a model. */
  #costsOf(view: FileView, name: string): readonly string[] | undefined {
    const rows = this.#known.get(view)?.get(name)?.rows;
    return rows?.filter(({ scope }) => scope === 'model').map(costLine);
  }

  /** Those of what a label in a declaration names, in each model of the file in which it is used. */
  costOfLabel(view: FileView, item: FileItem, label: string): string | undefined {
    const lines: string[] = [];
    for (const model of this.#known.get(view)?.values() ?? []) {
      if (model === undefined) continue;
      const uses = model.rows.filter((row) => row.scope === 'layer' && isLabeled(row, label, item.name.text, model));
      const [first] = uses;
      if (first === undefined) continue;
      const times = uses.length === 1 ? '' : `, ${uses.length} times`;
      const of = this.#known.get(view)?.size === 1 ? '' : ` in ${model.name}`;
      lines.push(paragraphs(plain(`${costLine(first)}${times}${of}`), onnxNames(model.nodes.filter(({ path }) => isIn(path, first.path)))));
    }
    return lines.length === 0 ? undefined : [...new Set(lines)].join('\n\n');
  }
}

function nodesOf({ nodes }: OnnxGraph): readonly LayerNode[] {
  return nodes.map(({ path, opType, domain }) => ({ path: path.join('.'), opType, domain }));
}

function isIn(path: string, layer: string): boolean {
  return path === layer || path.startsWith(`${layer}.`);
}

/** Whether a layer has a label in a declaration: `blocks.3` is labeled `blocks`. */
function isLabeled({ path }: LayerCost, label: string, declaration: string, { name, rows }: ModelInsight): boolean {
  const parts = path.split('.');
  while (parts.length > 1 && /^\d+$/.test(parts.at(-1) ?? '')) parts.pop();
  if (parts.at(-1) !== label) return false;
  const around = parts.slice(0, -1).join('.');
  return around === '' ? declaration === name : rows.some((row) => row.path === around && row.kind === declaration);
}

function costLine({ parameters, flops, activationBytes }: LayerCost): string {
  return `${grouped(parameters)} parameters, ${shortFormula(`${flops}`)} FLOPs, ${byteFormula(`${activationBytes}`)} of activations`;
}

/** Unfolds a model, as a build does before it writes anything, without leaving a trace in what is known about the file. */
function insightOf({ inside: { session, module } }: FileView, name: string): ModelInsight | undefined {
  const decl = modelsOf(module).find((other) => other.name.text === name);
  if (decl === undefined) return undefined;
  let found: ModelInsight | undefined;
  session.observe(
    () => undefined,
    () => {
      const checked = checkModel(session, module, decl, asDeclared);
      const report = new Report();
      const program = checked && elaborate(checked, report, session.limits);
      if (program === undefined || report.hasErrors) return;
      for (const { graph } of program.entries) optimize(graph);
      found = {
        name,
        rows: program.entries.flatMap(({ graph }) => costOf(graph)),
        nodes: program.entries.flatMap(({ graph }) => nodesOf(lowerToOnnx(graph))),
      };
    },
  );
  return found;
}
