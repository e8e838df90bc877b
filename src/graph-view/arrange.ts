import { Graph, layout } from '@dagrejs/dagre';

/** A thing to be placed. */
interface Sized {
  readonly width: number;
  readonly height: number;
}

/** A placed thing: its middle and its size. */
export interface Spot extends Sized {
  readonly x: number;
  readonly y: number;
}

/** An edge, with the size of its label, which is 0 for none. */
export interface Link extends Sized {
  readonly from: string;
  readonly to: string;
  /** How much it matters that it is short; 0 for one that is only there to keep an order. */
  readonly weight: number;
  /** By how many rows it goes down at least. */
  readonly rows: number;
}

export interface ArrangedLink {
  /** One place for each row that it crosses. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** The middle of its label. */
  readonly x: number;
  readonly y: number;
}

export interface Arranged {
  readonly spots: ReadonlyMap<string, Spot>;
  /** In the order of the given links. */
  readonly links: readonly ArrangedLink[];
}

const gap = { between: 26, ranks: 38, edges: 14 } as const;

/** The part of the library's graph that is used. Its own declarations refer to a package that is not installed. */
interface Arranging {
  setGraph(label: object): void;
  setNode(name: string, label: Sized): void;
  setEdge(from: string, to: string, label: object, name: string): void;
  node(name: string): Spot;
  edge(from: string, to: string, name: string): ArrangedLink;
}

/** Places things in rows, so that all edges go down, short and with few crossings. */
export function arrange(things: ReadonlyMap<string, Sized>, links: readonly Link[]): Arranged {
  const graph = new Graph({ multigraph: true });
  const typed = graph as Arranging;
  typed.setGraph({ rankdir: 'TB', nodesep: gap.between, ranksep: gap.ranks, edgesep: gap.edges, marginx: 0, marginy: 0 });
  for (const [name, { width, height }] of things) typed.setNode(name, { width, height });
  for (const [i, { from, to, weight, rows, width, height }] of links.entries())
    typed.setEdge(from, to, { width, height, weight, minlen: rows, labelpos: 'c' }, String(i));
  layout(graph);
  return {
    spots: new Map([...things.keys()].map((name) => [name, typed.node(name)])),
    links: links.map(({ from, to }, i) => {
      const { points, x, y } = typed.edge(from, to, String(i));
      return { points: points.slice(1, -1), x: x ?? 0, y: y ?? 0 };
    }),
  };
}
