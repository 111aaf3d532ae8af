import { authalicLatitude, cellBoundary, cellCentre, fillCellBoundaries, neighbours, nestedId } from '../../src/grid/index.js';
import { judgeJson } from '../judge.js';
import { ALL_ORDERS, someCells } from './some-cells.js';

const conventions = ['authalic', 'spherical'] as const;
const RADIANS = Math.PI / 180;

const cells = someCells(ALL_ORDERS, 4, 31).map(({ id, order }, i) => ({ id, order, n: [1, 2, 3, 7][i % 4]! }));
let theirs: [number, number, number][][] = [];
beforeAll(() => {
  theirs = judgeJson('grid/boundaries.py', [], JSON.stringify(cells.map(({ id, order, n }) => [id.toString(), order, n])));
});

test.each(conventions)("%s: points are healpy's, in its order", latitude => {
  let worst = 0;
  expect(theirs.map(points => points.length)).toEqual(cells.map(({ n }) => 4 * n));
  cells.forEach(({ id, order, n }, i) => {
    const { lonDeg, latDeg } = cellBoundary(id, order, latitude, n);
    if (lonDeg.length !== 4 * n || latDeg.length !== 4 * n) throw new Error(`${latDeg.length} points for ${n} on an edge`);
    theirs[i]!.forEach(([z, lon, across], k) => {
      const xi = (latitude === 'authalic' ? authalicLatitude(latDeg[k]!) : latDeg[k]!) * RADIANS;
      const apart = (lonDeg[k]! - lon) * RADIANS;
      worst = Math.max(worst, Math.hypot(Math.sin(xi - Math.atan2(z, across)), across * Math.sin(apart / 2) * 2));
    });
  });
  // Degrees near 180 are rounded by 5e-16 rad, by healpy's side too.
  expect(worst).toBeLessThan(2e-15);
});

test.each(conventions)('%s: exact arithmetic finds the same points at orders 0, 12 and 29', latitude => {
  const cells = someCells([0, 12, 29], 12, 32).filter((_, i) => i % 2 === 0).map(({ id, order }, i) => ({ id, order, n: [1, 3, 4][i % 3]! }));
  const exact = judgeJson<[number | null, number][][]>('grid/boundaries_exact.py', [latitude], JSON.stringify(cells.map(({ id, order, n }) => [id.toString(), order, n])));
  const worst = { lat: 0, lon: 0, spread: 0 };
  let poles = 0;
  cells.forEach(({ id, order, n }, i) => {
    const { lonDeg, latDeg } = cellBoundary(id, order, latitude, n);
    const centre = cellCentre(id, order, latitude).lonDeg;
    exact[i]!.forEach(([lon, lat], k) => {
      worst.lat = Math.max(worst.lat, Math.abs(latDeg[k]! - lat));
      if (lon === null) {
        poles++;
        expect(Math.abs(latDeg[k]!)).toBe(90);
        expect(lonDeg[k]).toBe(centre);
      } else {
        const apart = lonDeg[k]! - lon;
        // The exact ones are not in our turn: 0 to 360, or below 0.
        worst.lon = Math.max(worst.lon, Math.abs(apart - 360 * Math.round(apart / 360)));
        worst.spread = Math.max(worst.spread, Math.abs(lonDeg[k]! - centre));
      }
    });
  });
  // A unit in the last place of 90 degrees is 1.4e-14, that of 360 5.7e-14: two roundings of each.
  expect(worst.lat).toBeLessThan(3e-14);
  expect(worst.lon).toBeLessThan(6e-14);
  expect(worst.spread).toBe(45);
  expect(poles).toBeGreaterThanOrEqual(12);
});

test('cells share their corners bit by bit, across base cells too', () => {
  for (const { id, order } of someCells([0, 1, 5, 18, 29], 20, 33)) {
    const key = (cell: bigint): string[] => {
      const { lonDeg, latDeg } = cellBoundary(cell, order, 'authalic', 4);
      return Array.from(latDeg, (lat, k) => `${lat} ${Math.abs(lat) === 90 ? '' : (lonDeg[k]! + 360) % 360}`);
    };
    const own = key(id);
    // In the directions SW, NW, NE, SE a whole edge is shared.
    const [southWest, , northWest, , northEast, , southEast] = neighbours(id, order);
    const edges = [[northWest, [0, 1, 2, 3, 4]], [southWest, [4, 5, 6, 7, 8]], [southEast, [8, 9, 10, 11, 12]], [northEast, [12, 13, 14, 15, 0]]] as const;
    for (const [other, places] of edges) expect(key(other!)).toEqual(expect.arrayContaining(places.map(k => own[k]!)));
  }
});

test('longitudes run on over the meridians of 180 and 0 degrees', () => {
  // The two base cells there: middle at 180, taken as -180, and at 0.
  expect([...cellBoundary(6n, 0, 'spherical').lonDeg]).toEqual([-180, -225, -180, -135]);
  expect([...cellBoundary(4n, 0, 'spherical').lonDeg]).toEqual([0, -45, 0, 45]);
  // East of the meridian its cells count from -180, west of it to 180.
  const east = cellBoundary(nestedId(6, 1, 0, 1), 1, 'authalic').lonDeg;
  const west = cellBoundary(nestedId(6, 0, 1, 1), 1, 'authalic').lonDeg;
  expect([...east]).toEqual([-157.5, -180, -157.5, -135]);
  expect([...west]).toEqual([157.5, 135, 157.5, 180]);
});

test('many cells at once give the points of each, from numbers and from 64-bit integers', () => {
  for (const order of [0, 3, 14, 15, 16, 24, 29]) {
    const cells = someCells([order], 9, 34);
    for (const n of [1, 5]) {
      const out = { lonDeg: new Float64Array(4 * n * cells.length + 1), latDeg: new Float64Array(4 * n * cells.length + 1) };
      const expected = cells.map(({ id }) => cellBoundary(id, order, 'authalic', n));
      const kinds = order > 24 ? [BigUint64Array.from(cells, c => c.id)] : [BigUint64Array.from(cells, c => c.id), Float64Array.from(cells, c => Number(c.id))];
      for (const ids of kinds) {
        out.lonDeg.fill(999);
        out.latDeg.fill(999);
        fillCellBoundaries(ids, order, 'authalic', n, out);
        expect(out.lonDeg).toEqual(Float64Array.from([...expected.flatMap(e => [...e.lonDeg]), 999]));
        expect(out.latDeg).toEqual(Float64Array.from([...expected.flatMap(e => [...e.latDeg]), 999]));
      }
    }
  }
});

test('what is no id, order, room or number of points is refused', () => {
  const out = { lonDeg: new Float64Array(8), latDeg: new Float64Array(7) };
  expect(() => cellBoundary(12n, 0, 'authalic')).toThrow('expected a nested id from 0 to 11');
  for (const bad of [0, 1.5, 1025, NaN]) expect(() => cellBoundary(0n, 0, 'authalic', bad)).toThrow(`expected 1 to 1024 points on the edge of a cell, found ${bad}`);
  expect(() => fillCellBoundaries(new Float64Array(2), 0, 'authalic', 1, out)).toThrow('expected room for the 8 boundary points of 2 cells, found 7');
  expect(() => fillCellBoundaries(new Float64Array(1), 25, 'authalic', 1, out)).toThrow('expected a HEALPix order from 0 to 24, found 25');
  expect(() => fillCellBoundaries(Float64Array.of(12), 0, 'authalic', 1, out)).toThrow('found 12 at place 0');
  for (const order of [0, 14, 15, 29]) {
    expect(() => fillCellBoundaries(BigUint64Array.of(12n << BigInt(2 * order)), order, 'authalic', 1, out)).toThrow('expected a nested id from 0');
    fillCellBoundaries(BigUint64Array.of((12n << BigInt(2 * order)) - 1n), order, 'authalic', 1, out);
  }
});
