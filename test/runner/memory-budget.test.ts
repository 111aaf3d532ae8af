import { cellTooLarge, memoryBudget, reduceBytesPerRow, tooLittleMemory } from '../../src/runner/local/memory-budget.js';
import { restingMemory } from '../../src/runner/local/node-memory.node.js';

const resting = { threads: 2, restBytes: 250e6, leastBytes: 24e6 };

test('what a run may take is the rest of the process and the shares of its threads, no more and no less', () => {
  const { heldBytes, reduceBytes } = memoryBudget(500e6, resting);
  expect(resting.restBytes + resting.threads * (heldBytes + reduceBytes)).toBeCloseTo(500e6, -3);
  expect(heldBytes).toBeGreaterThan(reduceBytes);
  expect(memoryBudget(undefined, resting)).toEqual({ heldBytes: Infinity, reduceBytes: Infinity });
});

test('below the least that a thread needs the limit is exceeded, and that is told with the number that would do', () => {
  const { heldBytes, reduceBytes } = memoryBudget(100e6, resting);
  expect(heldBytes + reduceBytes).toBeCloseTo(24e6, -3);
  expect(tooLittleMemory(100e6, resting)).toMatch(/^a run with 2 workers may take 298 MB .* more than the 100 MB of run\.memory; use fewer workers/);
  expect(tooLittleMemory(298e6, resting)).toBeUndefined();
  expect(tooLittleMemory(undefined, resting)).toBeUndefined();
  expect(tooLittleMemory(1, { ...resting, threads: 1 })).toMatch(/^a run with 1 worker may take 274 MB/);
});

test('threads and granules take memory before any row is kept: thousands of granules leave less for rows', () => {
  const few = restingMemory(2, 48);
  const many = restingMemory(2, 60_000);
  expect(restingMemory(3, 48).restBytes).toBeGreaterThan(few.restBytes);
  expect(many.restBytes - few.restBytes).toBe((60_000 - 48) * 4000);
  expect(memoryBudget(600e6, many).heldBytes).toBeLessThan(memoryBudget(600e6, few).heldBytes);
});

test('a row costs what is gathered of it, once as read and once as float64', () => {
  expect(reduceBytesPerRow([true, false], [])).toBe(30);
  expect(reduceBytesPerRow([true, false], [0])).toBe(30 + 1.25 * 13);
  expect(reduceBytesPerRow([true, false], [0, 1])).toBe(30 + 1.25 * (13 + 17));
});

test('a cell that is too large is told with its rows, their memory and what helps', () => {
  const cell = { order: 9, parent: '4441', rows: 3_359_386, isOverview: false, bytes: 281.6e6, allowedBytes: 50e6 };
  expect(cellTooLarge(cell)).toMatch(/^a cell of order 9 in parent 4441 has 3,359,386 rows, which take about 282 MB at once where run\.memory leaves a worker 50 MB .*; choose a higher child order, use fewer workers, or set run\.memory larger$/);
  expect(cellTooLarge({ ...cell, order: 6, isOverview: true })).toMatch(/^a cell of order 6, of an overview, in parent .*; leave orders up to 6 out of output\.overviews, use/);
});
