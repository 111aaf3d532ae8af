import { MaggError } from '../../src/base/index.js';
import { CellSet } from '../../src/grid/index.js';

const cells = (value: unknown): bigint[] => [...CellSet.fromJson(value).toRanges()];

test('the IVOA form both ways', () => {
  // An empty list tells the highest order that was looked at, as in the example of the IVOA recommendation.
  const json = { 1: [1, 2, 4], 2: [12, 13, 14, 21, 23, 25] };
  expect(CellSet.fromJson({ ...json, 8: [] }).toJson()).toEqual(json);
  const set = CellSet.fromJson({ 6: [1, 2], 7: [40] });
  expect(set.toJson()).toEqual({ 6: [1, 2], 7: [40] });
  expect([set.contains(1n, 6), set.contains(10n, 6), set.contains(40n, 7), set.touches(10n, 6)]).toEqual([true, false, true, true]);
});

test('what is written is the fewest cells, in ascending order', () => {
  // Four children make a parent; repeated cells and cells within others add nothing; lists may be empty and unordered.
  const set = CellSet.fromJson({ 3: [7, 6, 5, 4, 4], 2: [9], 4: [16, 200], 29: [] });
  expect(set.toJson()).toEqual({ 2: [1, 9], 4: [200] });
  expect(Object.keys(set.toJson())).toEqual(['2', '4']);
  expect(JSON.stringify(set.toJson())).toBe('{"2":[1,9],"4":[200]}');
});

test('ids up to the last of order 24 are exact', () => {
  const last = 12 * 4 ** 24 - 1;
  const set = CellSet.fromJson({ 24: [last, last - 2] });
  expect(set.toJson()).toEqual({ 24: [last - 2, last] });
  expect(set.contains((12n << 48n) - 1n, 24)).toBe(true);
  expect(set.contains((12n << 48n) - 2n, 24)).toBe(false);
});

test('beyond order 24 ids are read while they are exact, and not written', () => {
  expect(cells({ 29: [5, Number.MAX_SAFE_INTEGER] })).toEqual([5n, 6n, 2n ** 53n - 1n, 2n ** 53n]);
  expect(() => cells({ 29: [2 ** 53] })).toThrow('at order 29 of a coverage map, found 9007199254740992 at place 0; JSON holds ids below 2^53 only');
  const deep = CellSet.from(BigUint64Array.of(4n), 25);
  expect(() => deep.toJson()).toThrow('expected a coverage map of cells of order 0 to 24, whose ids JSON holds exactly, found cells of order 25; write degraded(24) instead');
  expect(deep.degraded(24).toJson()).toEqual({ 24: [1] });
});

test.each([
  [null, 'expected a coverage map, an object such as {"6": [1, 2], "7": [40]}, found null'],
  ['6/1', 'found "6/1"'],
  [[[1]], 'found an array'],
  [undefined, 'found undefined'],
  [{ 30: [] }, 'expected orders from 0 to 29 as keys of a coverage map, found "30"'],
  [{ '06': [] }, 'found "06"'],
  [{ '-1': [] }, 'found "-1"'],
  [{ '1.5': [] }, 'found "1.5"'],
  [{ order: [] }, 'found "order"'],
  [{ 6: 1 }, 'expected a list of nested ids at order 6 of a coverage map, found 1'],
  [{ 6: { 0: 1 } }, 'found {"0":1}'],
  [{ 6: [1, 49152] }, 'expected nested ids from 0 to 49151 at order 6 of a coverage map, found 49152 at place 1'],
  [{ 0: [-1] }, 'found -1 at place 0'],
  [{ 0: [0.5] }, 'found 0.5'],
  [{ 0: ['1'] }, 'found "1"'],
  [{ 0: [null] }, 'found null'],
  [{ 0: [1n] }, 'found 1'],
  [{ 0: [NaN] }, 'found null'],
  [{ 0: ['x'.repeat(1000)] }, 'x...']
])('%p is refused', (value, message) => {
  expect(() => CellSet.fromJson(value)).toThrow(message);
  expect(() => CellSet.fromJson(value)).toThrow(MaggError);
});
