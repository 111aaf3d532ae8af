import { randomFrom } from '../random.js';
import { judgeCells } from './judged-cells.js';

const conventions = ['spherical', 'authalic'] as const;
const ordersTo28 = Array.from({ length: 28 }, (_, i) => i + 1);

/** Points of even density on the sphere, longitudes of both habits. */
function randomPoints(count: number, seed: number): readonly [Float64Array, Float64Array] {
  const random = randomFrom(seed);
  const lat = new Float64Array(count);
  const lon = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    // One draw has 32 bits, too few for the cells of order 29.
    const fine = random() / 2 ** 32;
    lat[i] = (Math.asin(2 * (random() + fine) - 1) * 180) / Math.PI;
    lon[i] = 360 * (random() + fine) - (i % 2 === 0 ? 180 : 0);
  }
  return [lat, lon];
}

/** The double that is `steps` doubles further from zero. */
function further(value: number, steps: number): number {
  const bits = new BigInt64Array(Float64Array.of(value).buffer);
  bits[0] = bits[0]! + BigInt(steps);
  return new Float64Array(bits.buffer)[0]!;
}

/** Poles, corners and edges of base cells, the meridians where longitudes wrap, each also a rounding to both sides. */
function seamPoints(capDeg: number): readonly [Float64Array, Float64Array] {
  const caps = [capDeg - 1e-7, ...[-3, -1, 0, 1, 3].map(steps => further(capDeg, steps)), capDeg + 1e-7];
  const north = [...caps, 45, 89.9999999, further(90, -1), 90, 1e-9];
  const lats = [0, ...north, ...north.map(lat => -lat)];
  const turns = Array.from({ length: 17 }, (_, i) => 45 * (i - 8));
  const lons = [...turns, ...turns.filter(lon => lon !== 0).map(lon => further(lon, -1)), ...[45, 90, 180, 270].map(lon => further(lon, 1)), 1e-300, -1e-300, -1e-17, -1e-14];
  const points = lats.flatMap(lat => lons.map(lon => [lat, lon] as const));
  return [Float64Array.from(points, ([lat]) => lat), Float64Array.from(points, ([, lon]) => lon)];
}

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

test.each(conventions)('%s: a million random points at orders 1 to 28 lie where healpy puts them', latitude => {
  const verdict = judgeCells(...randomPoints(36_000, 20181013), ordersTo28, latitude, 'healpy');
  expect(verdict.wrong).toEqual([]);
  expect(verdict.compared).toBe(28 * 36_000);
  // Doubles are good to 1e-16: before order 24 an edge is met by one point in 1e8.
  expect(Object.keys(verdict.differ).filter(order => Number(order) < 24)).toEqual([]);
  expect(sum(verdict.differ)).toBeLessThanOrEqual(3);
});

test.each([['spherical', 1_000_000], ['authalic', 200_000]] as const)('%s: %d random points at order 29 lie where healpy puts them', (latitude, count) => {
  const verdict = judgeCells(...randomPoints(count, 29), [29], latitude, 'healpy');
  expect(verdict.wrong).toEqual([]);
  expect(verdict.compared).toBe(count);
  expect(sum(verdict.differ)).toBeLessThanOrEqual(5);
});

// |z| = 2/3: sin(lat) or q(lat) / q(90)
test.each([['spherical', (Math.asin(2 / 3) * 180) / Math.PI], ['authalic', 41.937853910160136]] as const)('%s: poles, corners of base cells and seams lie where healpy puts them, or on the edge between both', (latitude, capDeg) => {
  const verdict = judgeCells(...seamPoints(capDeg), [0, 29], latitude, 'healpy');
  expect(verdict.wrong).toEqual([]);
  expect(verdict.compared).toBeGreaterThan(2000);
});

test.each(conventions)('%s: exact arithmetic finds the same cells at order 29', latitude => {
  const [lat, lon] = randomPoints(600, 5);
  // Distances from the pole of 1 down to 1e-12 degrees, where arcsines lose their digits.
  for (let i = 0; i < 300; i++) lat[i] = (i % 2 === 0 ? 1 : -1) * (90 - 10 ** (-i / 25));
  const verdict = judgeCells(lat, lon, [29], latitude, 'exact');
  expect(verdict.wrong).toEqual([]);
  expect(sum(verdict.differ)).toBeLessThanOrEqual(1);
  expect(verdict.compared).toBe(600);
});
