import { authalicLatitude, geodeticLatitude, WGS84 } from '../../src/grid/index.js';
import { latitudeFunctions } from '../../src/grid/latitude.js';
import { judgeJson } from '../judge.js';

const latitudes = Array.from({ length: 181 }, (_, i) => i - 90).concat([1e-9, -0.1, 45.123456789, 89.99999, -89.9999999]);

test('authalic latitudes agree with Snyder to 1e-13 degrees', () => {
  const expected = judgeJson<number[]>('grid/latitude.py', [], JSON.stringify(latitudes));
  latitudes.forEach((lat, i) => expect(Math.abs(authalicLatitude(lat) - expected[i]!)).toBeLessThan(1e-13));
});

test('geodetic latitude is the inverse', () => {
  for (const lat of latitudes) expect(Math.abs(geodeticLatitude(authalicLatitude(lat)) - lat)).toBeLessThan(5e-14);
});

test('the functions that are fitted are those of the latitude', () => {
  const { z, t } = latitudeFunctions('authalic');
  for (const lat of latitudes) {
    const xi = (authalicLatitude(lat) * Math.PI) / 180;
    expect(Math.abs(z(lat) - Math.sin(xi))).toBeLessThan(4e-16);
    if (lat > 0) expect(Math.abs(t(90 - lat) - Math.sqrt(6) * Math.sin((Math.PI / 2 - xi) / 2))).toBeLessThan(1e-15);
  }
});

test('the constants of WGS84', () => {
  const { semimajorAxisM: a, eccentricitySquared: e2, authalicRadiusM } = WGS84;
  const e = Math.sqrt(e2);
  expect(e2).toBeCloseTo(0.00669437999014, 14);
  // Area of the ellipsoid = 4 pi R^2 (Snyder 1987, equation 3-13).
  expect(a * Math.sqrt((1 + ((1 - e2) / e) * Math.atanh(e)) / 2)).toBeCloseTo(authalicRadiusM, 6);
});
