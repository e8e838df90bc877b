import { describe, expect, it } from 'vitest';
import { SnapshotMap } from '../../src/snapshot-map.js';

describe('a map whose content can be kept', () => {
  it('keeps what it held when the snapshot was taken', () => {
    const map = new SnapshotMap<string, number>();
    map.set('a', 1);
    const before = map.snapshot();
    map.set('b', 2);
    map.delete('a');
    expect([...before]).toEqual([['a', 1]]);
    expect([...map]).toEqual([['b', 2]]);
  });

  it('goes back to a snapshot, any number of times', () => {
    const map = new SnapshotMap(new Map([['a', 1]]));
    const before = map.snapshot();
    for (const value of [2, 3]) {
      map.set('a', value);
      expect(map.get('a')).toBe(value);
      map.restore(before);
      expect([...map.entries()]).toEqual([['a', 1]]);
    }
  });

  it('is the same map for an unchanged snapshot', () => {
    const map = new SnapshotMap<string, number>();
    expect(map.snapshot()).toBe(new SnapshotMap<string, number>().snapshot());
    map.set('a', 1);
    expect(map.snapshot()).toBe(map.snapshot());
  });
});
