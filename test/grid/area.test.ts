import { cellAreaM2, EARTH_AREA_M2, equalAreaM2, nestedId } from '../../src/grid/index.js';
import { judgeJson } from '../judge.js';
import { someCells } from './some-cells.js';

const relative = (ours: number, theirs: number): number => Math.abs(ours / theirs - 1);

test('authalic cells are equal shares of the ellipsoid', () => {
  // WGS84's surface, m2: 510 065 621.724 km2.
  expect(EARTH_AREA_M2 / 1e6).toBeCloseTo(510_065_621.724, 2);
  expect(equalAreaM2(0)).toBeCloseTo(EARTH_AREA_M2 / 12, 0);
  for (const { id, order } of someCells([0, 12, 29], 3, 41)) expect(cellAreaM2(id, order, 'authalic')).toBe(equalAreaM2(order));
});

test.each([0, 1, 6, 20])('spherical cells of order %d have the area that an integral over the ellipsoid gives', order => {
  const cells = someCells([order], 5, 42).filter((_, i) => i % 4 === 0);
  const theirs = judgeJson<number[]>('grid/areas.py', [String(order)], JSON.stringify(cells.map(({ id }) => id.toString())));
  cells.forEach(({ id }, i) => expect(relative(cellAreaM2(id, order, 'spherical'), theirs[i]!)).toBeLessThan(1e-13));
});

test('spherical cells fill the ellipsoid, smaller at the equator, larger at the poles', () => {
  for (const order of [0, 1, 4]) {
    let sum = 0;
    for (let id = 0; id < 12 * 4 ** order; id++) sum += cellAreaM2(BigInt(id), order, 'spherical');
    expect(relative(sum, EARTH_AREA_M2)).toBeLessThan(1e-13);
  }
  const mean = equalAreaM2(10);
  expect(cellAreaM2(nestedId(4, 512, 511, 10), 10, 'spherical') / mean).toBeCloseTo(0.9955, 4);
  expect(cellAreaM2(nestedId(0, 1023, 1023, 10), 10, 'spherical') / mean).toBeCloseTo(1.009, 4);
  // At order 29 no digit is lost: the ratio to the mean is that of any other order at the same place.
  expect(relative(cellAreaM2(4n ** 29n - 1n, 29, 'spherical') / equalAreaM2(29), cellAreaM2(4n ** 20n - 1n, 20, 'spherical') / equalAreaM2(20))).toBeLessThan(1e-10);
});

test('what is no cell is refused', () => {
  expect(() => cellAreaM2(12n, 0, 'authalic')).toThrow('expected a nested id from 0 to 11');
  expect(() => equalAreaM2(30)).toThrow('expected a HEALPix order');
});
