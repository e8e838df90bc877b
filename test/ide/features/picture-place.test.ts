import { describe, expect, test } from 'vitest';
import { picturePlace } from '../../../src/ide/features/picture-place.js';
import { opened, textAt } from '../../kit/ide.js';

const layers = `layer Pooled(base: int)(x: Tensor[N, C, H, W]) -> Tensor[N, base, H // 2, W // 2] {
  return x -> max_pool2d(2) -> down: Conv2d(base, 1)
}
`;

/** The text whose block is marked for the cursor in the body of a model; a place without a name is itself. */
function marked(body: string): string {
  const source = `${layers}
model Net(base = 8)(image: Tensor[N, 3, H, W]) -> (y: Tensor[N, base, H // 2, W // 2]) {
${body}
}
`;
  const { workspace, path, offset } = opened(source);
  const span = picturePlace(workspace, path, offset);
  return span.start === span.end && span.start === offset ? 'the cursor' : textAt(workspace, span);
}

describe('the block that a picture marks for the cursor', () => {
  test('is that of a label', () => {
    expect(marked('  return image -> po‸ol: Pooled(base)')).toBe('Pooled(base)');
    expect(marked('  return image -> pool‸: Pooled(base) -> relu')).toBe('Pooled(base)');
  });

  test('is what makes a variable', () => {
    expect(marked('  ‸a = image -> pool: Pooled(base) -> relu\n  return a')).toBe('relu');
    expect(marked('  a = image -> pool: Pooled(base)\n  return ‸a')).toBe('Pooled(base)');
    expect(marked('  a = image -> pool: Pooled(base)\n  a = ‸a * 2.0\n  return a')).toBe('Pooled(base)');
    expect(marked('  a = image -> pool: Pooled(base)\n  a = a * 2.0\n  return ‸a')).toBe('a * 2.0');
  });

  test('is in a layer that is labeled `_`', () => {
    expect(marked('  return image -> _: Poo‸led(base)')).toBe('Conv2d(base, 1)');
    expect(marked('  return image -> ‸_: Pooled(base)')).toBe('Conv2d(base, 1)');
    expect(marked('  ‸a = image -> _: Pooled(base)\n  return a')).toBe('Conv2d(base, 1)');
  });

  test('is that around the cursor elsewhere', () => {
    expect(marked('  return image -> pool: Pool‸ed(base)')).toBe('the cursor');
    expect(marked('  return image -> pool: Pooled(ba‸se)')).toBe('the cursor');
    expect(marked('‸')).toBe('the cursor');
    expect(marked('  return image -> pool‸: ')).not.toBe('pool');
  });
});
