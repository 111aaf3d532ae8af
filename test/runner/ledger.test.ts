import { completePlan, makePlan, type CompletePlan, type RunEvent } from '../../src/runner/index.js';
import { Ledger } from '../../src/runner/ledger.js';
import { config } from './in-memory.js';

let plan: CompletePlan;
beforeAll(async () => {
  const { plan: open } = await makePlan(config(), { kind: 'granules', granules: ['a.h5', 'b.h5'] });
  plan = completePlan(open, new Map([[3, [0, 1]], [5, [1]]]));
});

const read = (granule: string, group: string, cells: readonly (readonly [string, number])[], more: { kept?: number; rowsWithoutPosition?: number; rowsOutsidePlan?: number } = {}): RunEvent => ({
  type: 'granule-finished', granule, group, outcome: cells.length > 0 ? 'read' : 'filtered', rows: 20, kept: cells.reduce((sum, [, rows]) => sum + rows, 0), rowsWithoutPosition: 0, rowsOutsidePlan: 0, bytesRead: 1, cells, ...more
});
const failed = (granule: string, group: string): RunEvent => ({ type: 'granule-failed', granule, group, tag: 'io', message: 'm', retryable: true });
const finished = (cell: string, obs: number, isWhole = true): RunEvent => ({ type: 'cell-finished', cell, obs, cellsWithData: 1, hash: '', isWhole, durationS: 0, attempt: 1 });
const empty = (cell: string): RunEvent => ({ type: 'cell-empty', cell, reason: 'no-rows' });

function gaps(...events: readonly RunEvent[]): readonly string[] {
  const ledger = new Ledger();
  events.forEach(event => ledger.add(event));
  return ledger.close(plan).map(({ of, what }) => `${of}: ${what}`);
}

const A = [read('a.h5', 'a', [['114', 3]]), read('a.h5', 'b', [])];
const B = [read('b.h5', 'a', [['114', 2], ['122', 7]]), read('b.h5', 'b', [['122', 1]])];

test('books that close', () => {
  expect(plan.cells.map(cell => cell.morton)).toEqual(['114', '122']);
  expect(gaps(...A, ...B, finished('114', 5), finished('122', 8))).toEqual([]);
});

test('cells that were not computed have no books', () => {
  expect(gaps(...B, finished('122', 8))).toEqual([]);
});

test('a cell with other rows than were read for it', () => {
  expect(gaps(...A, ...B, finished('114', 4), finished('122', 8))).toEqual(['114: 5 rows were read for it, 4 are in its statistics']);
  expect(gaps(...A, ...B, finished('114', 5), empty('122'))).toEqual(['122: 8 rows were read for it, 0 are in its statistics']);
});

test('a cell whose granule was never read in one of its groups', () => {
  expect(gaps(...A, B[0]!, finished('114', 5))).toEqual(['114: b.h5, b, was never read']);
});

test('a failed read: the cells that it does not touch close, those that go without it too', () => {
  expect(gaps(...A, B[0]!, failed('b.h5', 'b'), finished('114', 5))).toEqual([]);
  expect(gaps(A[0]!, ...B, finished('114', 5, false))).toEqual([]);
});

test('cell by cell, a granule is read once for each of its cells', () => {
  expect(gaps(...A, read('b.h5', 'a', [['114', 2]]), read('b.h5', 'b', []), finished('114', 5), read('b.h5', 'a', [['122', 7]]), read('b.h5', 'b', [['122', 1]]), finished('122', 8))).toEqual([]);
});

test('rows without position stand in the books of their granule and group, which cannot have more than its rows', () => {
  const first = (more: Parameters<typeof read>[3]): readonly string[] => gaps(read('a.h5', 'a', [['114', 3]], more), A[1]!, ...B, finished('114', 5), finished('122', 8));
  expect(first({ rowsWithoutPosition: 13, rowsOutsidePlan: 4 })).toEqual([]);
  expect(first({ rowsWithoutPosition: 14, rowsOutsidePlan: 4 })).toEqual(['a.h5, a: 3 rows in cells, 14 without position and 4 outside the plan are more than its 20']);
  expect(first({ kept: 4 })).toEqual(['a.h5, a: 4 rows were kept, 3 given to cells']);
});
