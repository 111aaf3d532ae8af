import { cellCentre, createEncoder, encodePoint, encodeTwoLevel, facePosition, nestedId, nestedNumber, parentId, type FaceRows } from '../../src/grid/index.js';
import { randomFrom } from '../random.js';

test('parent and child give the same cells as whole ids', () => {
  const random = randomFrom(7);
  const lat = Float64Array.from({ length: 2_000 }, () => 180 * random() - 90);
  const lon = Float64Array.from({ length: 2_000 }, () => 720 * random() - 360);
  lat[17] = NaN;
  for (const [order, parentOrder] of [[12, 6], [29, 14], [24, 24], [15, 0]] as const) {
    const out = { parent: new Float64Array(2_000), child: new Int32Array(2_000) };
    expect(encodeTwoLevel(createEncoder(order, 'authalic'), lat, lon, 2_000, parentOrder, out)).toBe(1);
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

const cellsOf = (count: number): FaceRows => ({ face: new Int32Array(count), x: new Int32Array(count), y: new Int32Array(count) });

test.each([0, 1, 12, 24, 29])('order %d: face and position of a row are those of its id', order => {
  const random = randomFrom(order);
  const lat = Float64Array.from({ length: 500 }, () => 180 * random() - 90);
  const lon = Float64Array.from({ length: 500 }, () => 720 * random() - 360);
  const { face, x, y } = cellsOf(500);
  createEncoder(order, 'authalic').encode(lat, lon, 500, { face, x, y });
  lat.forEach((value, i) => {
    const id = encodePoint(value, lon[i]!, order, 'authalic');
    expect(nestedId(face[i]!, x[i]!, y[i]!, order)).toBe(id);
    expect(facePosition(id, order)).toEqual({ face: face[i], x: x[i], y: y[i] });
    if (order <= 24) expect(nestedNumber(face[i]!, x[i]!, y[i]!, order)).toBe(Number(id));
  });
});

test('columns of 32-bit floats are encoded as their values', () => {
  const random = randomFrom(32);
  const lat = Float32Array.from({ length: 1000 }, () => 180 * random() - 90);
  const lon = Float32Array.from({ length: 1000 }, () => 360 * random());
  const narrow = cellsOf(1000);
  const wide = cellsOf(1000);
  const encoder = createEncoder(29, 'authalic');
  encoder.encode(lat, lon, 1000, narrow);
  encoder.encode(Float64Array.from(lat), Float64Array.from(lon), 1000, wide);
  expect(narrow).toEqual(wide);
});

test('longitudes a full turn apart mean the same cell', () => {
  const lat = Float64Array.of(-89.5, -42, 0.5, 30, 67);
  for (const order of [0, 12, 29]) {
    for (const lon of [-350.25, -180, -90, -0.5]) {
      for (const value of lat) expect(encodePoint(value, lon + 360, order, 'authalic')).toBe(encodePoint(value, lon, order, 'authalic'));
    }
  }
});

test.each(['authalic', 'spherical'] as const)('rounding at the corners of base cells never leads out of the grid, %s', latitude => {
  const capDeg = latitude === 'authalic' ? 41.937853910160136 : (Math.asin(2 / 3) * 180) / Math.PI;
  const turns = [-360, -270, -180, -90, -1e-17, 0, 90, 180, 270, 360, 89.99999999999999, 359.99999999999994, -89.99999999999999];
  const points = Array.from({ length: 101 }, (_, i) => capDeg + (i - 50) * 7.105427357601002e-15).flatMap(lat => turns.flatMap(lon => [[lat, lon], [-lat, lon]] as const));
  for (const order of [0, 1, 29]) {
    const cells = cellsOf(points.length);
    expect(createEncoder(order, latitude).encode(Float64Array.from(points, p => p[0]), Float64Array.from(points, p => p[1]), points.length, cells)).toBe(0);
    expect(cells.face.every(face => face >= 0 && face < 12)).toBe(true);
    expect([cells.x, cells.y].every(values => values.every(value => value >= 0 && value < 2 ** order))).toBe(true);
  }
});

test('rows beyond the count are left as they are, and too little room is refused', () => {
  const cells = cellsOf(3);
  cells.face.fill(99);
  const encoder = createEncoder(3, 'spherical');
  encoder.encode(Float64Array.of(1, 2, 3), Float64Array.of(1, 2, 3), 2, cells);
  expect(cells.face[2]).toBe(99);
  expect(() => encoder.encode(new Float64Array(4), new Float64Array(4), 4, cells)).toThrow('expected room for the cells of 4 rows, found 3');
  expect(() => createEncoder(30, 'authalic')).toThrow('expected a HEALPix order from 0 to 29, found 30');
  expect(() => createEncoder(1.5, 'authalic')).toThrow('found 1.5');
});

test('centres beyond order 24 lie where the cell is', () => {
  for (const order of [25, 27, 29]) {
    for (const [lat, lon] of [[70.123, -45.5], [-80.3, 10.7], [12.5, 100.1], [-41.9, -3.2], [89.9999, 44]] as const) {
      const id = encodePoint(lat, lon, order, 'authalic');
      const centre = cellCentre(id, order, 'authalic');
      // A cell of order 25 is 2e-6 degrees wide, longitudes near the pole more.
      expect(Math.abs(centre.latDeg - lat)).toBeLessThan(4e-6 / 2 ** (order - 25));
      expect(Math.abs(centre.lonDeg - lon) * Math.cos((lat * Math.PI) / 180)).toBeLessThan(4e-6 / 2 ** (order - 25));
    }
  }
});

test.each(['authalic', 'spherical'] as const)('the cell at a lower order is the parent, seams included, %s', latitude => {
  for (const lat of [0, 30, 41.810314895778596, 41.937853910160136, 45, 89.9999999, 90]) {
    for (const lon of [0, 12.3, 45, 90, 135, 180, -180, -90, -45, -1e-17, 359.99999999999994]) {
      for (const signed of [lat, -lat]) {
        const id = encodePoint(signed, lon, 29, latitude);
        for (let order = 0; order < 29; order++) expect(encodePoint(signed, lon, order, latitude)).toBe(parentId(id, 29, order));
      }
    }
  }
});
