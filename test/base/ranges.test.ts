import { mergeRanges } from '../../src/base/index.js';

test('joins ranges within the gap and keeps the positions of its members', () => {
  const merged = mergeRanges([{ offset: 100, length: 10 }, { offset: 0, length: 20 }, { offset: 25, length: 5 }], 8);
  expect(merged).toEqual([
    { offset: 0, length: 30, members: [1, 2] },
    { offset: 100, length: 10, members: [0] }
  ]);
});

test('a range inside another does not shorten it', () => {
  expect(mergeRanges([{ offset: 0, length: 50 }, { offset: 10, length: 5 }], 0)).toEqual([{ offset: 0, length: 50, members: [0, 1] }]);
});

test('stops joining at the largest read', () => {
  const ranges = [0, 10, 20].map(offset => ({ offset, length: 10 }));
  expect(mergeRanges(ranges, 0, 20).map(r => r.length)).toEqual([20, 10]);
});
