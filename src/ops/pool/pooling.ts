import { Dim } from '../../dims/dim.js';
import type { Padding } from '../attrs.js';
import { demandNotEmpty } from '../option-bounds.js';
import { recode } from '../recode.js';
import type { Rule } from '../rule.js';
import { concrete } from '../sizes.js';
import type { Shape, TensorType } from '../types.js';
import { covered, demandFit, demandWindowOptions, imageForm, perAxis, reach, type WindowAxis, windowAxes } from '../window.js';

/** The options that max and average pooling share. */
export interface PoolAttrs {
  readonly kernel: Shape;
  /** The window's own side if it is omitted. */
  readonly stride: Shape | undefined;
  readonly padding: Padding;
  readonly dilation?: Shape;
  readonly ceil_mode: boolean;
}

/** The windows over the spatial axes of `[N, C, ..]`. */
export function poolAxes(x: Shape, attrs: PoolAttrs): readonly WindowAxis[] {
  return windowAxes(x.slice(2), attrs.kernel, windowOptions(attrs));
}

/** How far the last window of an axis extends beyond the end and its padding, in ceil mode. */
export function hangover(axis: WindowAxis): Dim {
  return covered(axis).sub(axis.input).sub(axis.end).max(0);
}

/** Output of a pooling over `count` spatial axes. */
export function inferPool(rule: Rule, count: number, x: TensorType, attrs: PoolAttrs): readonly TensorType[] {
  rule.dtype('x', x, 'float');
  rule.rank('x', x, count + 2, imageForm(count));
  demandImage(rule, x);
  demandWindowOptions(rule, count, { kernel: attrs.kernel, ...windowOptions(attrs) });
  const axes = poolAxes(x.shape, attrs);
  if (attrs.padding !== 'same') {
    for (const axis of axes) {
      for (const pad of [axis.begin, axis.end]) {
        recode('bad-option', () =>
          rule.atLeast(reach(axis), pad.mul(2), () => ({
            message: `padding can be at most half of the window, which spans ${reach(axis)}, but is ${pad}`,
            attr: 'padding',
          })),
        );
      }
    }
  }
  demandFit(rule, 'a window', x.shape, axes, attrs.ceil_mode);
  return [{ dtype: x.dtype, shape: [...x.shape.slice(0, 2), ...axes.map((axis) => axis.output)] }];
}

/** Refuses images without channels or positions, as PyTorch does; a batch may be empty. */
export function demandImage(rule: Rule, x: TensorType): void {
  demandNotEmpty(rule, 'a pooling', 'x', x, [...x.shape.keys()].slice(1));
}

/** The number of elements of one window over `count` axes. */
export function windowSize(kernel: Shape, count: number): Dim {
  return perAxis(kernel, count).reduce((a, b) => a.mul(b), Dim.one);
}

/** The sides of the window as numbers. */
export function kernelOf(axes: readonly WindowAxis[]): readonly number[] {
  return axes.map((axis) => concrete(axis.kernel));
}

function windowOptions(attrs: PoolAttrs) {
  return { stride: attrs.stride ?? attrs.kernel, dilation: attrs.dilation ?? [Dim.one], padding: attrs.padding, ceil: attrs.ceil_mode };
}
