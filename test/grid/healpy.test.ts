import { cellCentre, createEncoder, encodePoint, encodeTwoLevel, nestedId } from '../../src/grid/index.js';
import { judge } from '../judge.js';
import { randomFrom } from '../random.js';

/** Nested ids of rows of (order, latitude, longitude). */
function healpyIds(rows: Float64Array): BigInt64Array {
  const answer = judge('grid/healpy_cells.py', [], new Uint8Array(rows.buffer));
  return new BigInt64Array(new Uint8Array(answer).buffer);
}

const CAP_DEG = (Math.asin(2 / 3) * 180) / Math.PI;
const orders = Array.from({ length: 29 }, (_, i) => i + 1);

test('a million random points at orders 1 to 29 lie where healpy puts them', () => {
  const coarse = randomFrom(20181013);
  // All 53 bits: with 32 the points would lie on the edges of small cells.
  const random = (): number => (Math.floor(coarse() * 67108864) * 134217728 + Math.floor(coarse() * 134217728)) / 9007199254740992;
  const count = Math.ceil(1e6 / orders.length);
  const rows = new Float64Array(3 * count * orders.length);
  for (let i = 0; i < rows.length; i += 3) {
    rows[i] = orders[Math.floor(i / 3 / count)]!;
    rows[i + 1] = (Math.asin(2 * random() - 1) * 180) / Math.PI;
    rows[i + 2] = 360 * random() - (i % 2 === 0 ? 180 : 0);
  }
  const expected = healpyIds(rows);
  const different: number[] = [];
  orders.forEach((order, o) => {
    const lat = Float64Array.from({ length: count }, (_, k) => rows[3 * (o * count + k) + 1]!);
    const lon = Float64Array.from({ length: count }, (_, k) => rows[3 * (o * count + k) + 2]!);
    const cells = { face: new Int32Array(count), x: new Int32Array(count), y: new Int32Array(count) };
    expect(createEncoder(order, 'spherical').encode(lat, lon, count, cells)).toBe(0);
    for (let k = 0; k < count; k++) {
      if (nestedId(cells.face[k]!, cells.x[k]!, cells.y[k]!, order) !== expected[o * count + k]) different.push(order);
    }
  });
  // healpy's own rounding of the latitude reaches 1e-16 rad: one point in millions lies so close to an edge of order 29.
  expect(different.filter(order => order < 26)).toEqual([]);
  expect(different.length).toBeLessThanOrEqual(3);
});

test('poles, base-cell corners and seams: the cell is healpy\'s, or the point lies on the edge between both', () => {
  const lats = [90, -90, 0, CAP_DEG, -CAP_DEG, 89.9999999, -89.9999999, 45, -45, CAP_DEG + 1e-6, CAP_DEG - 1e-6];
  const lons = [0, 45, 90, 135, 180, -180, -90, -45, 270, 359.999999999, 1e-9, -1e-9, 12.3];
  const points = orders.flatMap(order => lats.flatMap(lat => lons.map(lon => ({ order, lat, lon }))));
  const expected = healpyIds(Float64Array.from(points.flatMap(({ order, lat, lon }) => [order, lat, lon])));
  const step = 1e-8;
  points.forEach(({ order, lat, lon }, i) => {
    const theirs = expected[i]!;
    if (encodePoint(lat, lon, order, 'spherical') === theirs) return;
    const at = Math.min(order, 24);
    const near = [-step, 0, step].flatMap(dLat => [-step, 0, step].map(dLon => encodePoint(Math.max(-90, Math.min(90, lat + dLat)), Math.abs(lat) === 90 ? dLon * 1e10 : lon + dLon, at, 'spherical')));
    expect(near).toContain(theirs >> BigInt(2 * (order - at)));
  });
});

test('parent and child give the same cells as whole ids', () => {
  const random = randomFrom(7);
  const lat = Float64Array.from({ length: 10_000 }, () => 180 * random() - 90);
  const lon = Float64Array.from({ length: 10_000 }, () => 720 * random() - 360);
  lat[17] = NaN;
  for (const [order, parentOrder] of [[12, 6], [29, 14], [24, 24], [15, 0]] as const) {
    const out = { parent: new Float64Array(10_000), child: new Int32Array(10_000) };
    expect(encodeTwoLevel(createEncoder(order, 'authalic'), lat, lon, 10_000, parentOrder, out)).toBe(1);
    lat.forEach((value, i) => {
      if (i === 17) expect(out.parent[i]).toBe(-1);
      else expect((BigInt(out.parent[i]!) << BigInt(2 * (order - parentOrder))) + BigInt(out.child[i]!)).toBe(encodePoint(value, lon[i]!, order, 'authalic'));
    });
  }
});

test('rows without position are told apart, at every way of having none', () => {
  const lat = Float64Array.of(NaN, 90.0001, -91, 0, 0, 0, 3.4e38, Infinity, 10);
  const lon = Float64Array.of(0, 0, 0, NaN, 361, -Infinity, 0, 0, 360);
  const cells = { face: new Int32Array(9), x: new Int32Array(9), y: new Int32Array(9) };
  expect(createEncoder(5, 'authalic').encode(lat, lon, 9, cells)).toBe(8);
  expect(Array.from(cells.face, f => f < 0)).toEqual([true, true, true, true, true, true, true, true, false]);
  expect(() => encodePoint(91, 0, 5, 'authalic')).toThrow('expected a latitude from -90 to 90');
});

test.each(['authalic', 'spherical'] as const)('centres come back to their cells at every order, %s', latitude => {
  const random = randomFrom(11);
  for (let order = 0; order <= 24; order++) {
    for (let i = 0; i < 200; i++) {
      const id = BigInt(Math.floor(random() * 12 * 4 ** order));
      const { latDeg, lonDeg } = cellCentre(id, order, latitude);
      expect(lonDeg).toBeGreaterThanOrEqual(-180);
      expect(lonDeg).toBeLessThan(180);
      expect(encodePoint(latDeg, lonDeg, order, latitude)).toBe(id);
    }
  }
});
