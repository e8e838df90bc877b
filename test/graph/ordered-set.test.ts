import { expect, test } from 'vitest';
import { OrderedSet } from '../../src/3-graph/ordered-set.js';
import { randomNumbers } from '../kit/random.js';

interface Item {
  readonly name: string;
}

function setOf(names: string): { readonly set: OrderedSet<Item>; readonly items: Readonly<Record<string, Item>> } {
  const set = new OrderedSet<Item>();
  const items = Object.fromEntries([...names].map((name) => [name, { name }]));
  for (const item of Object.values(items)) set.insert(item);
  return { set, items };
}

function text(items: Iterable<Item>): string {
  return [...items].map(({ name }) => name).join('');
}

test('inserts before an item or at the end, and deletes anywhere', () => {
  const { set, items } = setOf('abc');
  const { a, b, c } = items as Record<'a' | 'b' | 'c', Item>;
  set.insert({ name: 'x' }, a);
  set.insert({ name: 'y' }, c);
  set.insert({ name: 'z' });
  expect(text(set)).toBe('xabycz');
  set.delete(b);
  set.delete(c);
  expect(text(set)).toBe('xayz');
  expect(text(set.reversed())).toBe('zyax');
  expect(set.size).toBe(4);
  expect([set.has(a), set.has(b)]).toEqual([true, false]);
  expect(() => set.delete(b)).toThrow(RangeError);
  expect(() => set.insert({ name: 'w' }, b)).toThrow(RangeError);
  expect(() => set.insert(a)).toThrow(RangeError);
});

test('may be edited during a walk, in both directions', () => {
  const { set } = setOf('abcd');
  const seen: string[] = [];
  for (const item of set) {
    seen.push(item.name);
    set.insert({ name: item.name.toUpperCase() }, item);
    if ('bd'.includes(item.name)) set.delete(item);
  }
  expect(seen.join('')).toBe('abcd');
  expect(text(set)).toBe('AaBCcD');
  for (const item of set.reversed()) set.delete(item);
  expect(text(set)).toBe('');
});

test('500 random edits leave the order of a list that is edited in the same way', () => {
  const random = randomNumbers(3);
  const set = new OrderedSet<Item>();
  const list: Item[] = [];
  for (let i = 0; i < 500; i++) {
    const at = Math.floor(random() * (list.length + 1));
    if (random() < 0.65) {
      const item = { name: String.fromCharCode(0x4e00 + i) };
      set.insert(item, list[at]);
      list.splice(at, 0, item);
    } else if (list[at] !== undefined) {
      set.delete(list[at]);
      list.splice(at, 1);
    }
  }
  expect(list.length).toBeGreaterThan(50);
  expect(text(set)).toBe(text(list));
  expect(text(set.reversed())).toBe(text(list.toReversed()));
});
