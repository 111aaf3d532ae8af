import { authalicLatitude, cellCentre, encodePoint, latitudeRange, longitudeRange, nestedId, parentId, type LatitudeConvention } from '../../src/grid/index.js';
import { judgeJson } from '../judge.js';
import { randomFrom } from '../random.js';
import { ALL_ORDERS, someCells } from './some-cells.js';

const conventions = ['authalic', 'spherical'] as const;
const sphereLatitude = (latDeg: number, latitude: LatitudeConvention): number => (latitude === 'authalic' ? authalicLatitude(latDeg) : latDeg);

const cells = someCells(ALL_ORDERS, 4, 3);
type Point = readonly [z: number, lonDeg: number, across: number];
let theirs: (readonly Point[])[] = [];
beforeAll(() => {
  theirs = judgeJson('grid/boundaries.py', [], JSON.stringify(cells.map(({ id, order }) => [id.toString(), order, 2])));
});

test.each(conventions)('%s: the latitudes of a cell are those of its boundary in healpy, widened by 1e-9 degrees', latitude => {
  cells.forEach(({ id, order }, i) => {
    const { southDeg, northDeg } = latitudeRange(id, order, latitude);
    const lats = theirs[i]!.map(([z, , across]) => (Math.atan2(z, across) * 180) / Math.PI);
    const south = sphereLatitude(southDeg, latitude) - Math.min(...lats);
    const north = sphereLatitude(northDeg, latitude) - Math.max(...lats);
    // healpy's own rounding near the poles is 1e-8 degrees in places.
    if (southDeg > -90) expect([id, order, south < 0 && south > -1.01e-9]).toEqual([id, order, true]);
    else expect(Math.min(...lats)).toBeLessThan(-90 + 1.1e-9);
    if (northDeg < 90) expect([id, order, north > 0 && north < 1.01e-9]).toEqual([id, order, true]);
    else expect(Math.max(...lats)).toBeGreaterThan(90 - 1.1e-9);
  });
});

test.each(conventions)('%s: every point lies in the ranges of its cell at every order', latitude => {
  const random = randomFrom(12);
  const lats = [0, 90, -90, 89.9999999, 41.810314895778596, 41.937853910160136, ...Array.from({ length: 60 }, () => 90 * random())];
  for (const lat of lats) {
    for (const lon of [-180, -90, -1e-17, 0, 45, 90, 180, 360 * random() - 180]) {
      const signed = random() < 0.5 ? lat : -lat;
      const id = encodePoint(signed, lon, 29, latitude);
      for (const order of ALL_ORDERS) {
        const { southDeg, northDeg } = latitudeRange(parentId(id, 29, order), order, latitude);
        expect(signed >= southDeg && signed <= northDeg).toBe(true);
        const range = longitudeRange(parentId(id, 29, order), order);
        if (range) expect([lon >= range.westDeg && lon <= range.eastDeg, lon, range]).toEqual([true, lon, range]);
      }
    }
  }
});

test('the longitudes of a cell are those of its boundary in healpy, but at the poles and the meridian of 180 degrees', () => {
  let without = 0;
  cells.forEach(({ id, order }, i) => {
    const range = longitudeRange(id, order);
    // The corners of a boundary with two points on an edge.
    const [north, west, south, east] = [0, 2, 4, 6].map(k => theirs[i]![k]!) as [Point, Point, Point, Point];
    if (!range) {
      without++;
      const atPole = Math.min(north[2], south[2]) < 1e-15;
      expect(atPole || west[1] > east[1] || Math.max(Math.abs(west[1]), Math.abs(east[1])) > 180 - 1e-9).toBe(true);
    } else {
      expect([Math.abs(range.westDeg + 1e-9 - west[1]) < 1e-12, Math.abs(range.eastDeg - 1e-9 - east[1]) < 1e-12]).toEqual([true, true]);
      expect(cellCentre(id, order, 'spherical').lonDeg).toBeGreaterThan(range.westDeg);
      expect(cellCentre(id, order, 'spherical').lonDeg).toBeLessThan(range.eastDeg);
    }
  });
  expect(without).toBeGreaterThan(100);
  expect(longitudeRange(nestedId(0, 0, 0, 3), 3)).toBeDefined();
});

test('the cells of a ring share their latitudes, and rings overlap by half', () => {
  expect(latitudeRange(nestedId(4, 3, 5, 4), 4, 'authalic')).toEqual(latitudeRange(nestedId(7, 5, 3, 4), 4, 'authalic'));
  const { northDeg } = latitudeRange(nestedId(4, 3, 5, 4), 4, 'authalic');
  expect(northDeg - 1e-9).toBeCloseTo(cellCentre(nestedId(4, 4, 5, 4), 4, 'authalic').latDeg, 12);
  expect(() => latitudeRange(12n, 0, 'authalic')).toThrow('expected a nested id from 0 to 11');
  expect(() => longitudeRange(0n, 30)).toThrow('expected a HEALPix order');
});
