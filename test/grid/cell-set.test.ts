import { CellSet, parentId } from '../../src/grid/index.js';
import { judgeJson } from '../judge.js';
import { randomFrom } from '../random.js';
import { ALL_ORDERS } from './some-cells.js';

interface Told {
  readonly ranges: readonly (readonly [string, string])[];
  readonly cells: Readonly<Record<string, readonly string[]>>;
}
type Part = readonly [order: number, ids: readonly bigint[]];

const random = randomFrom(77);
/** Ids crowded around a few places, so that sets meet, touch and fill whole parents; unordered and repeated. */
function crowded(order: number, count: number, places: readonly bigint[]): readonly bigint[] {
  const cells = 12n << BigInt(2 * order);
  return Array.from({ length: count }, () => {
    const near = places[Math.floor(random() * places.length)]! >> BigInt(2 * (29 - order));
    const id = near + BigInt(Math.floor(random() * 40)) - 20n;
    return id < 0n ? 0n : id >= cells ? cells - 1n : id;
  });
}
const places = [0n, (12n << 58n) - 1n, 5n << 58n, (3n << 58n) + 123456789012345678n, 1n << 32n];
const pick = (...orders: number[]): readonly Part[] => orders.map(order => [order, crowded(order, 60, places)] as const);
const pairs: readonly (readonly [readonly Part[], readonly Part[]])[] = [
  [pick(3), pick(3)], [pick(6), pick(8)], [pick(12, 10), pick(11)], [pick(29), pick(29)], [pick(29, 27, 24), pick(28, 13, 2)], [pick(0), pick(29, 15)],
  [pick(13, 14), pick(14)], [[[2, []]], pick(4)], [pick(1, 5, 9), [[7, []]]]
];

/** Made of bigints; the first half of the orders by way of single cells. */
const build = (parts: readonly Part[]): CellSet =>
  CellSet.fromMixed(parts.flatMap(([order, ids]) => ids.map(id => ({ id, order }))));

function told(set: CellSet): Told['ranges'] {
  const bounds = [...set.toRanges()].map(String);
  return Array.from({ length: bounds.length / 2 }, (_, i) => [bounds[2 * i]!, bounds[2 * i + 1]!] as const);
}

test('sets, their union, intersection and difference are those of healpix-geo at every order', () => {
  const theirs = judgeJson<Record<'a' | 'b' | 'union' | 'intersection' | 'difference', Told>[]>(
    'grid/cell_sets.py', [], JSON.stringify(pairs.map(pair => pair.map(parts => parts.map(([order, ids]) => [order, ids.map(String)]))))
  );
  expect(theirs).toHaveLength(pairs.length);
  pairs.forEach(([partsA, partsB], i) => {
    const a = build(partsA);
    const b = build(partsB);
    const ours = { a, b, union: a.union(b), intersection: a.intersection(b), difference: a.difference(b) };
    for (const [name, set] of Object.entries(ours)) {
      const expected = theirs[i]![name as 'a'];
      expect([i, name, told(set)]).toEqual([i, name, expected.ranges]);
      if (set.order <= 24) {
        const json = Object.fromEntries(Object.entries(set.toJson()).map(([order, ids]) => [order, ids.map(String)]));
        expect([i, name, json]).toEqual([i, name, expected.cells]);
      }
      expect(set.order).toBe(Math.max(0, ...Object.keys(expected.cells).map(Number)));
    }
    expect(a.intersection(b).equals(b.intersection(a))).toBe(true);
    expect(a.difference(b).union(b).equals(a.union(b))).toBe(true);
    // De Morgan.
    expect(a.complement().intersection(b.complement()).equals(a.union(b).complement())).toBe(true);
  });
});

test('cells as numbers and as 64-bit integers, sorted or not, are one set', () => {
  for (const order of [0, 5, 13, 14, 24]) {
    const ids = crowded(order, 200, places);
    const set = CellSet.from(BigUint64Array.from(ids), order);
    expect(CellSet.from(Float64Array.from(ids, Number), order).equals(set)).toBe(true);
    expect(CellSet.from(BigUint64Array.from(ids).sort(), order).equals(set)).toBe(true);
    expect(build([[order, ids]]).equals(set)).toBe(true);
    expect([...set.toOrder(order)]).toEqual([...new Set(ids)].sort((a, b) => (a < b ? -1 : 1)));
    expect(set.count(order)).toBe(BigInt(new Set(ids).size));
  }
});

test('a set touches and contains what its cells do', () => {
  const order = 6;
  const ids = [...new Set(crowded(order, 300, places))];
  const set = CellSet.from(BigUint64Array.from(ids), order);
  const have = new Set(ids);
  for (const other of [4, 5, 6, 8]) {
    const near = crowded(other, 400, places);
    for (const id of near) {
      const below = other > order ? [parentId(id, other, order)] : Array.from({ length: 4 ** (order - other) }, (_, k) => (id << BigInt(2 * (order - other))) + BigInt(k));
      expect(set.contains(id, other)).toBe(below.every(cell => have.has(cell)));
      expect(set.touches(id, other)).toBe(below.some(cell => have.has(cell)));
    }
  }
  expect(set.touches((12n << 58n) - 1n, 29)).toBe(have.has((12n << 12n) - 1n));
});

test.each([29, 28, 14, 13, 6, 0])('degraded to order %d a set has the parents of its cells', order => {
  for (const from of ALL_ORDERS.filter(o => o >= order && o % 3 === 2)) {
    const ids = crowded(from, 50, places);
    const set = CellSet.from(BigUint64Array.from(ids), from);
    const parents = new Set(ids.map(id => parentId(id, from, order)));
    const degraded = set.degraded(order);
    expect(degraded.equals(CellSet.from(BigUint64Array.from(parents), order))).toBe(true);
    expect(set.count(order)).toBe(BigInt(parents.size));
    expect(new Set(set.toOrder(order))).toEqual(parents);
    expect(degraded.order).toBeLessThanOrEqual(order);
    expect(set.difference(degraded).isEmpty).toBe(true);
  }
});

test('the empty set and the sphere', () => {
  const { EMPTY, SPHERE } = CellSet;
  expect([EMPTY.isEmpty, EMPTY.order, EMPTY.rangeCount, EMPTY.areaShare, EMPTY.count(29)]).toEqual([true, 0, 0, 0, 0n]);
  expect([SPHERE.isEmpty, SPHERE.order, SPHERE.rangeCount, SPHERE.areaShare, SPHERE.count(29)]).toEqual([false, 0, 1, 1, 12n << 58n]);
  expect(EMPTY.complement().equals(SPHERE) && SPHERE.complement().equals(EMPTY)).toBe(true);
  expect(EMPTY.toJson()).toEqual({});
  expect(SPHERE.toJson()).toEqual({ 0: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] });
  expect([EMPTY.touches(0n, 0), EMPTY.contains(5n, 29), SPHERE.contains(11n, 0)]).toEqual([false, false, true]);
  expect(CellSet.from(BigUint64Array.from({ length: 48 }, (_, i) => BigInt(i)), 1).equals(SPHERE)).toBe(true);
  expect(CellSet.from(Float64Array.of(7, 8, 9), 3).areaShare).toBe(3 / 768);
  expect(() => SPHERE.toOrder(12)).toThrow('expected at most 16777216 cells to list, found 201326592 at order 12; choose a lower order');
  expect(SPHERE.toOrder(2)).toEqual(BigUint64Array.from({ length: 192 }, (_, i) => BigInt(i)));
});

test('a set is not changed from outside', () => {
  const ids = BigUint64Array.of(1n, 2n);
  const set = CellSet.from(ids, 29);
  ids[0] = 9n;
  set.toRanges()[0] = 0n;
  expect([...set.toRanges()]).toEqual([1n, 3n]);
});

test('ids beyond 2^32 cells in a row are listed over the carry', () => {
  const first = 2n ** 32n - 2n;
  const set = CellSet.from(BigUint64Array.from({ length: 4 }, (_, i) => first + BigInt(i)), 20);
  expect([...set.toOrder(20)]).toEqual([first, first + 1n, first + 2n, first + 3n]);
});

test('100,000 scattered cells are joined, compared and written', () => {
  const fine = randomFrom(5);
  const ids = Float64Array.from({ length: 100_000 }, () => Math.floor(fine() * 12 * 4 ** 12));
  const set = CellSet.from(ids, 12);
  const expected = new Set(ids);
  expect(set.count(12)).toBe(BigInt(expected.size));
  const back = CellSet.fromJson(JSON.parse(JSON.stringify(set.toJson())));
  expect(back.equals(set)).toBe(true);
  expect(set.union(set.complement()).equals(CellSet.SPHERE)).toBe(true);
});

test('what is no id or order is refused', () => {
  expect(() => CellSet.from(BigUint64Array.of(3n, 12n), 0)).toThrow('expected a nested id from 0 to 11 at order 0, found 12');
  expect(() => CellSet.from(BigUint64Array.of(12n << 58n), 29)).toThrow('expected a nested id');
  expect(() => CellSet.from(Float64Array.of(0.5), 3)).toThrow('found 0.5 at place 0');
  expect(() => CellSet.from(Float64Array.of(1), 25)).toThrow('expected a HEALPix order from 0 to 24');
  expect(() => CellSet.from(BigUint64Array.of(1n), 30)).toThrow('expected a HEALPix order from 0 to 29');
  expect(() => CellSet.fromMixed([{ id: -1n, order: 3 }])).toThrow('found -1');
  expect(() => CellSet.SPHERE.degraded(-1)).toThrow('expected a HEALPix order');
  expect(() => CellSet.SPHERE.contains(12n, 0)).toThrow('expected a nested id');
  expect(() => CellSet.SPHERE.touches(0n, 30)).toThrow('expected a HEALPix order');
});
