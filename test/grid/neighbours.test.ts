import { cellsAround, fillNeighbours, NEIGHBOUR_DIRECTIONS, neighbours } from '../../src/grid/index.js';
import { judgeJson } from '../judge.js';
import { ALL_ORDERS, someCells } from './some-cells.js';

type Judged = readonly [string, readonly string[]];
const cells = someCells(ALL_ORDERS, 30, 22);
const theirs = judgeJson<Judged[]>('grid/ids.py', [], JSON.stringify(cells.map(({ id, order }) => [id.toString(), order])));

test("neighbours are healpy's at every order, in its order of directions", () => {
  expect(cells.map(({ id, order }) => neighbours(id, order).map(other => String(other ?? -1)))).toEqual(theirs.map(([, list]) => list));
  expect(NEIGHBOUR_DIRECTIONS.join()).toBe('SW,W,NW,N,NE,E,SE,S');
});

test('arrays of numbers give the same', () => {
  for (let order = 0; order <= 24; order++) {
    const own = cells.flatMap((cell, i) => (cell.order === order ? [[Number(cell.id), theirs[i]![1].map(Number)] as const] : []));
    const out = new Float64Array(8 * own.length);
    fillNeighbours(Float64Array.from(own, ([id]) => id), order, out);
    expect([...out]).toEqual(own.flatMap(([, list]) => list));
  }
});

test('who is a neighbour has one', () => {
  for (let order = 0; order <= 4; order++) {
    const all = Float64Array.from({ length: 12 * 4 ** order }, (_, i) => i);
    const out = new Float64Array(8 * all.length);
    fillNeighbours(all, order, out);
    const pairs = new Set<number>();
    out.forEach((other, i) => other >= 0 && pairs.add((i >> 3) * all.length + other));
    expect([...pairs].filter(pair => !pairs.has((pair % all.length) * all.length + Math.floor(pair / all.length)))).toEqual([]);
    // Three base cells meet at 8 points, and each of the three cells there lacks one.
    expect(out.filter(other => other < 0)).toHaveLength(24);
  }
});

test('cells around a cell: rings of 8 k, less at corners of three, at most the sphere', () => {
  const { id, order } = { id: 3n * 4n ** 10n + 98765n, order: 10 };
  expect([...cellsAround(id, order, 0)]).toEqual([id]);
  const one = new Set([id, ...neighbours(id, order)]);
  expect(new Set(cellsAround(id, order, 1))).toEqual(one);
  expect(new Set(cellsAround(id, order, 2))).toEqual(new Set([...one].flatMap(cell => [...neighbours(cell!, order)])));
  expect(cellsAround(id, order, 12)).toHaveLength(25 * 25);
  expect([...cellsAround(7n, 1, 9)]).toEqual(Array.from({ length: 48 }, (_, i) => BigInt(i)));
  // Over the north pole.
  expect(cellsAround(4n ** 8n - 1n, 8, 3)).toHaveLength(49);
  const sorted = cellsAround(id, order, 3);
  expect(sorted).toEqual(sorted.slice().sort());
});

test('what is no id, order, room or number of rings is refused', () => {
  expect(() => neighbours(48n, 1)).toThrow('expected a nested id from 0 to 47');
  expect(() => cellsAround(48n, 1, 0)).toThrow('expected a nested id from 0 to 47');
  expect(() => fillNeighbours(new Float64Array(2), 3, new Float64Array(15))).toThrow('expected room for the 16 neighbours of 2 cells, found 15');
  expect(() => fillNeighbours(Float64Array.of(48), 1, new Float64Array(8))).toThrow('found 48 at place 0');
  expect(() => fillNeighbours(new Float64Array(1), 25, new Float64Array(8))).toThrow('found 25');
  for (const bad of [-1, 0.5, 1001, NaN]) expect(() => cellsAround(0n, 3, bad)).toThrow(`expected 0 to 1000 rings around a cell, found ${bad}`);
});
