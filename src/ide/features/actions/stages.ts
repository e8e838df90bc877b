import type { DimExpr, Expr, LayerDecl, ReturnStmt, TensorTypeExpr } from '../../../1-syntax/ast.js';
import { eachNode } from '../../../1-syntax/walk.js';
import type { Diagnostic, Edit } from '../../../diagnostics/record.js';
import { Dim } from '../../../dims/dim.js';
import type { FileItem } from '../../file-view.js';
import { layerOf } from '../rename/unlabelled.js';
import { insert, isInside, type Offer, type Place } from './action.js';
import { shapeOf } from './shapes.js';
import { corrects } from './tried.js';

const codes: readonly string[] = ['result-mismatch', 'argument-rank', 'argument-shape'];

/** Stages that give a tensor the form which the next stage or the result needs: `flatten`, `rearrange`, `reshape`. */
export function stageOffers(place: Place): readonly Offer[] {
  return place.diagnostics.flatMap((diagnostic): readonly Offer[] => {
    const item = codes.includes(diagnostic.code) ? place.view.itemAt(diagnostic.span.start) : undefined;
    const gap = item && gapAt(place, item, diagnostic);
    if (item === undefined || gap === undefined) return [];
    const { shape, wanted, edit } = gap;
    return changes(shape, wanted, place, item)
      .map(({ stage, title }) => ({ title, edits: [edit(stage)] }))
      .filter(({ edits }) => corrects(place, diagnostic, edits))
      .map(({ title, edits }) => ({
        title: `insert \`${title}\``,
        kind: 'quickfix' as const,
        diagnostics: [diagnostic],
        edits: () => edits,
      }));
  });
}

/** A tensor, the type that it should have, and how a stage between them is written. */
interface Gap {
  readonly shape: readonly Dim[];
  readonly wanted: Wanted;
  readonly edit: (stage: string) => Edit;
}

interface Wanted {
  readonly dims: readonly DimExpr[];
  /** The sizes that have a meaning where the tensor is; undefined for axes on which any size fits. */
  sizeOf(dim: DimExpr): Dim | undefined;
}

function gapAt(place: Place, item: FileItem, { code, span }: Diagnostic): Gap | undefined {
  const { path } = place.view;
  let gap: Gap | undefined;
  eachNode(item, (node) => {
    if (code === 'result-mismatch' && node.kind === 'return') {
      const { value } = node as ReturnStmt;
      const shape = value.span.start === span.start && value.span.end === span.end ? shapeOf(value, place, item) : undefined;
      const type = shape === undefined ? undefined : resultOf(item);
      if (shape !== undefined && type !== undefined)
        gap = { shape, wanted: { dims: type.dims, sizeOf: writtenSize }, edit: (stage) => insert(path, value.span.end, ` -> ${stage}`) };
    }
    if (code !== 'result-mismatch' && node.kind === 'pipe') {
      const { left, stage } = node as Extract<Expr, { kind: 'pipe' }>;
      const shape = isInside(span, stage.span) ? shapeOf(left, place, item) : undefined;
      const wanted = shape && inputOf(stage, place, item);
      if (shape !== undefined && wanted !== undefined)
        gap = { shape, wanted, edit: (text) => insert(path, stage.span.start, `${text} -> `) };
    }
  });
  return gap;
}

function resultOf(item: FileItem): TensorTypeExpr | undefined {
  const outputs = item.kind === 'layer' || item.kind === 'model' || item.kind === 'fn' ? (item.result?.outputs ?? []) : [];
  return outputs.length === 1 ? outputs[0]?.type : undefined;
}

/** A size as it is written in the declaration that is checked: a number or a name. */
function writtenSize(dim: DimExpr): Dim | undefined {
  if (dim.kind === 'rest') return undefined;
  return sizeIn(dim.size);
}

function sizeIn(size: Expr): Dim | undefined {
  if (size.kind === 'number' && size.isInt) return Dim.of(size.value);
  if (size.kind === 'name') return Dim.variable(size.name);
  if (size.kind !== 'binary' || size.op !== '*') return undefined;
  const left = sizeIn(size.left);
  const right = sizeIn(size.right);
  return left && right && left.mul(right);
}

function inputOf(stage: Expr, { view }: Place, item: FileItem): Wanted | undefined {
  const layer = layerOf(stage, view.types(item));
  const type = layer?.decl.inputs?.[0]?.type;
  if (layer === undefined || type?.kind !== 'tensor-type') return undefined;
  return { dims: type.dims, sizeOf: (dim) => givenSize(dim, layer) };
}

/** A number, or a hyperparameter with a value; any size fits a name. */
function givenSize(
  dim: DimExpr,
  { hyper }: { readonly decl: LayerDecl; readonly hyper?: ReadonlyMap<string, unknown> | undefined },
): Dim | undefined {
  if (dim.kind === 'rest') return undefined;
  if (dim.size.kind === 'number') return Dim.of(dim.size.value);
  const value =
    dim.size.kind === 'name' ? (hyper?.get(dim.size.name) as { readonly kind?: string; readonly dim?: Dim } | undefined) : undefined;
  return value?.kind === 'int' ? value.dim : undefined;
}

interface Change {
  readonly stage: string;
  readonly title: string;
}

const letters: Readonly<Record<number, readonly string[]>> = { 3: ['N', 'T', 'C'], 4: ['N', 'C', 'H', 'W'], 5: ['N', 'C', 'D', 'H', 'W'] };

/** The stages after which the sizes fit. */
function changes(shape: readonly Dim[], wanted: Wanted, place: Place, item: FileItem): readonly Change[] {
  if (wanted.dims.some(({ kind }) => kind === 'rest')) return [];
  const found: Change[] = [];
  const offer = (after: readonly Dim[], stage: string) => {
    if (fits(after, wanted)) found.push({ stage, title: stage });
  };
  const [first = Dim.one, ...others] = shape;
  if (shape.length > 2) offer([first, others.reduce((product, size) => product.mul(size), Dim.one)], 'flatten');
  const names = axisNames(shape, place, item);
  const moved = (order: readonly number[]) => {
    const to = order.map((i) => names[i] ?? '');
    offer(
      order.map((i) => shape[i] ?? Dim.one),
      `rearrange([${names.join(', ')}] => [${to.join(', ')}])`,
    );
  };
  if (shape.length === 2) moved([1, 0]);
  if (shape.length === 3) moved([0, 2, 1]);
  if (shape.length === 4)
    for (const order of [
      [0, 2, 3, 1],
      [0, 3, 1, 2],
      [0, 2, 1, 3],
    ])
      moved(order);
  if (shape.length === 4) {
    const [n = '', c = '', h = '', w = ''] = names;
    const [, channels = Dim.one, height = Dim.one, width = Dim.one] = shape;
    offer([first, height.mul(width), channels], `rearrange([${n}, ${c}, ${h}, ${w}] => [${n}, ${h} * ${w}, ${c}])`);
  }
  const reshaped = reshape(shape, wanted, place);
  return reshaped === undefined ? found : [...found, reshaped];
}

function fits(shape: readonly Dim[], { dims, sizeOf }: Wanted): boolean {
  if (shape.length !== dims.length) return false;
  return dims.every((dim, i) => {
    const size = sizeOf(dim);
    return size === undefined || size.key === shape[i]?.key;
  });
}

/** Names for the axes: their sizes, if those are different names, or the usual letters. */
function axisNames(shape: readonly Dim[], { view }: Place, item: FileItem): readonly string[] {
  const taken = new Set(view.occurrencesIn(item).map(({ named }) => named.name));
  const used = new Set<string>();
  return shape.map((size, i) => {
    const own = size.variableName;
    const free = (name: string) => !used.has(name) && (name === own || !taken.has(name));
    const usual = letters[shape.length]?.[i] ?? `a${i}`;
    const lower = usual.toLowerCase();
    const name = own !== undefined && /^[A-Za-z_]\w*$/.test(own) && !used.has(own) ? own : ([usual, lower].find(free) ?? `axis${i}`);
    used.add(name);
    return name;
  });
}

/** `reshape` to the sizes that are written, if they hold as many elements. */
function reshape(shape: readonly Dim[], { dims, sizeOf }: Wanted, { text }: Place): Change | undefined {
  const sizes = dims.map(sizeOf);
  const product = (all: readonly (Dim | undefined)[]) => all.reduce<Dim>((whole, size) => whole.mul(size ?? 0), Dim.one);
  if (sizes.length === 0 || sizes.includes(undefined) || product(sizes).key !== product(shape).key) return undefined;
  const isLocal = dims.every((dim) => dim.kind === 'size' && (dim.size.kind === 'number' || sizeOf === writtenSize));
  const written = dims.map(({ span }) => text.slice(span.start, span.end));
  const stage = `reshape([${isLocal && sizeOf === writtenSize ? written.join(', ') : sizes.join(', ')}])`;
  return { stage, title: stage };
}
