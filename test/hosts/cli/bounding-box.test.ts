import { isInBox, parseBox } from '../../../src/hosts/cli/bounding-box.js';

test('boxes', () => {
  expect(parseBox('-52, 67,-45,70.5')).toEqual({ west: -52, south: 67, east: -45, north: 70.5 });
  for (const text of ['', '1,2,3', '1,2,3,4,5', '1,,3,4', 'a,b,c,d', '0,70,10,67', '0,-91,10,0', '-200,0,0,10', '5,0,5,1']) expect(() => parseBox(text)).toThrow(/expected --bbox/);
});

test('a box may cross the 180th meridian', () => {
  const box = parseBox('170,-80,-170,-60');
  expect([175, -175, 180, -180, 170, -170].map(lon => isInBox(box, -70, lon))).toEqual(Array(6).fill(true));
  expect([169, -169, 0].map(lon => isInBox(box, -70, lon))).toEqual([false, false, false]);
  expect(isInBox(box, -59, 175)).toBe(false);
});
