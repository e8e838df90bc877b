import { Dim } from '../../dims/dim.js';
import { nth } from '../only.js';
import type { OnnxCall, Outputs, Translation } from './call.js';

/** Moves the positions in a block from before the channels to after them, or back. */
function reordered<V>(c: OnnxCall<V>, x: V, block: number, positionsFirst: boolean): V {
  const { g } = c;
  const [batch, channels, height, width] = [nth(g.shape(x), 0), nth(g.shape(x), 1), nth(g.shape(x), 2), nth(g.shape(x), 3)];
  const positions = Dim.of(block * block);
  const own = channels.floorDiv(positions);
  const apart = g.reshape(x, [batch, ...(positionsFirst ? [positions, own] : [own, positions]), height, width]);
  return g.reshape(g.transpose(apart, [0, 2, 1, 3, 4]), [batch, channels, height, width]);
}

function depthToSpace<V>(c: OnnxCall<V>): Outputs<V> {
  c.rule.rank('input', c.type(0), 4, '[N, C, H, W]');
  const factor = c.int('blocksize', 1);
  const channels = nth(c.shape(0), 1);
  c.rule.divides(factor * factor, channels, () => ({ message: `${channels} channels do not make blocks of ${factor} by ${factor}` }));
  const x = c.string('mode', 'DCR') === 'CRD' ? c.in(0) : reordered(c, c.in(0), factor, true);
  return [c.g.op('pixel_shuffle', [x], { factor })];
}

function spaceToDepth<V>(c: OnnxCall<V>): Outputs<V> {
  const factor = c.int('blocksize', 1);
  return [reordered(c, c.g.op('pixel_unshuffle', [c.in(0)], { factor }), factor, false)];
}

export const blocks: Readonly<Record<string, Translation>> = { DepthToSpace: depthToSpace, SpaceToDepth: spaceToDepth };
