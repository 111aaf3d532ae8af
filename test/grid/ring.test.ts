import { fillNestedIds, fillRingIds, nestedToRing, ringToNested } from '../../src/grid/index.js';
import { judgeJson } from '../judge.js';
import { randomFrom } from '../random.js';
import { ALL_ORDERS, someCells } from './some-cells.js';

type Judged = readonly [string, readonly string[]];
const cells = someCells(ALL_ORDERS, 60, 21);
const theirs = judgeJson<Judged[]>('grid/ids.py', [], JSON.stringify(cells.map(({ id, order }) => [id.toString(), order])));

test("ring ids are healpy's at every order, at seams, poles and between, and come back", () => {
  const rings = cells.map(({ id, order }) => nestedToRing(id, order));
  expect(rings.map(String)).toEqual(theirs.map(([ring]) => ring));
  expect(rings.map((ring, i) => ringToNested(ring, cells[i]!.order))).toEqual(cells.map(({ id }) => id));
});

test('arrays of numbers give the ids of the bigints, also in place', () => {
  for (let order = 0; order <= 24; order++) {
    const own = cells.flatMap((cell, i) => (cell.order === order ? [[Number(cell.id), Number(theirs[i]![0])] as const] : []));
    const nested = Float64Array.from(own, ([id]) => id);
    const ring = Float64Array.from(own, ([, id]) => id);
    const out = new Float64Array(own.length + 1).fill(-7);
    fillRingIds(nested, order, out);
    expect(out).toEqual(Float64Array.of(...ring, -7));
    fillNestedIds(ring, order, ring);
    expect(ring).toEqual(nested);
  }
});

test('every cell of orders 0 to 5 has one ring id', () => {
  for (let order = 0; order <= 5; order++) {
    const all = Float64Array.from({ length: 12 * 4 ** order }, (_, i) => i);
    const rings = new Float64Array(all.length);
    fillRingIds(all, order, rings);
    expect(rings.slice().sort()).toEqual(all);
    expect(Float64Array.from(rings, ring => Number(ringToNested(BigInt(ring), order)))).toEqual(all);
  }
});

test('the first and last ids of every ring of a cap, where the square root decides', () => {
  const random = randomFrom(8);
  for (const order of [20, 24, 29]) {
    const nside = 2n ** BigInt(order);
    const rings = [1n, 2n, 3n, nside - 1n, nside - 2n, ...Array.from({ length: 200 }, () => BigInt(1 + Math.floor(random() * (Number(nside) - 1))))];
    const ids = rings.flatMap(r => [2n * r * (r - 1n), 2n * r * (r + 1n) - 1n]).flatMap(id => [id, 12n * nside * nside - 1n - id]);
    for (const id of ids) if (nestedToRing(ringToNested(id, order), order) !== id) throw new Error(`ring id ${id} at order ${order}`);
    if (order > 24) continue;
    const numbers = Float64Array.from(ids, Number);
    const nested = new Float64Array(ids.length);
    fillNestedIds(numbers, order, nested);
    expect([...nested].map(BigInt)).toEqual(ids.map(id => ringToNested(id, order)));
  }
});

test('what is no id, order or room is refused', () => {
  expect(() => nestedToRing(12n, 0)).toThrow('expected a nested id from 0 to 11 at order 0, found 12');
  expect(() => ringToNested(-1n, 3)).toThrow('found -1');
  expect(() => fillRingIds(new Float64Array(2), 25, new Float64Array(2))).toThrow('expected a HEALPix order from 0 to 24, found 25');
  expect(() => fillNestedIds(new Float64Array(2), 3, new Float64Array(1))).toThrow('expected room for 2 ids, found 1');
  for (const bad of [-1, 12, 0.5, NaN, Infinity]) expect(() => fillRingIds(Float64Array.of(3, bad), 0, new Float64Array(2))).toThrow(`expected ids from 0 to 11 at order 0, found ${bad} at place 1`);
});
