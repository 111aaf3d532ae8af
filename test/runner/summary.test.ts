import type { RunEvent } from '../../src/runner/index.js';
import { SummaryFold } from '../../src/runner/summary.js';

const finished = (cell: string, obs: number): RunEvent => ({ type: 'cell-finished', cell, obs, cellsWithData: 2, hash: 'ab', isWhole: true, durationS: 0.1, attempt: 1 });
const failed = (cell: string): RunEvent => ({ type: 'cell-failed', cell, tag: 'io', message: 'm', retryable: false, attempt: 1, granule: null, group: null });
const kept = (cell: string): RunEvent => ({ ...failed(cell), kept: { planId: 'before', obs: 3, cellsWithData: 1, hash: 'cd' } } as RunEvent);
const planned = (cells: number): RunEvent => ({ type: 'cells-planned', planId: 'id', cells: 10, selected: cells, replaces: true });
const read = (rowsOutsidePlan: number, group = 'gt1l', rowsWithoutPosition = 1): RunEvent => ({
  type: 'granule-finished', granule: 'g', group, outcome: 'read', rows: 10, kept: 8, rowsWithoutPosition, rowsOutsidePlan, bytesRead: 100, cells: [['1', 8]]
});

function fold(events: readonly RunEvent[], how: 'whole' | 'cancelled' | 'broke' = 'whole') {
  const sum = new SummaryFold('id', 'out.zarr');
  events.forEach(event => sum.add(event));
  return sum.finish(1.5, how);
}

test('adds up what the events say', () => {
  const summary = fold([{ type: 'granule-started', granule: 'g' }, read(0), read(0, 'gt1r'), planned(3), finished('1', 5), finished('2', 11), { type: 'cell-empty', cell: '3', reason: 'no-rows' }]);
  expect(summary).toMatchObject({
    totalCells: 10, cellsSelected: 3, cellsWithData: 2, cellsEmpty: 1, cellsFailed: 0, childCellsWithData: 4, totalObs: 16, granules: 1, groupsRead: 2,
    rowsRead: 20, rowsWithoutPosition: 2, granulesUnchecked: 0, rowsOutsidePlan: 0, rowsElsewhere: 0, bytesRead: 200, durationS: 1.5, outcome: 'complete'
  });
});

test('earlier values that stay are no rows of this run', () => {
  expect(fold([planned(3), finished('1', 5), failed('2'), kept('3')])).toMatchObject({ cellsWithData: 1, cellsFailed: 2, cellsOutdated: 1, totalObs: 5, childCellsWithData: 2 });
});

test.each<[string, readonly RunEvent[], 'whole' | 'cancelled' | 'broke', string]>([
  ['some failed', [planned(2), finished('1', 1), failed('2')], 'whole', 'partial'],
  ['all failed', [planned(1), failed('1')], 'whole', 'failed'],
  ['all failed, some with earlier values', [planned(2), failed('1'), kept('2')], 'whole', 'partial'],
  ['one not reached', [planned(2), finished('1', 1)], 'whole', 'partial'],
  ['rows in no planned cell', [read(3), planned(1), finished('1', 1)], 'whole', 'partial'],
  ['all empty', [planned(1), { type: 'cell-empty', cell: '1', reason: 'no-rows-after-filters' }], 'whole', 'complete'],
  ['broke', [planned(1), finished('1', 1)], 'broke', 'failed'],
  ['cancelled', [planned(2), finished('1', 1)], 'cancelled', 'cancelled']
])('%s', (_, events, how, outcome) => {
  expect(fold(events, how).outcome).toBe(outcome);
});

test('a granule and group counts once, however many cells it is read for; one that failed for any of them is failed', () => {
  const lost = (group: string | null): RunEvent => ({ type: 'granule-failed', granule: 'g', group, tag: 'io', message: 'm', retryable: false });
  const absent = (group: string): RunEvent => ({ ...read(0, group), outcome: 'absent' } as RunEvent);
  expect(fold([read(0, 'a'), read(0, 'a'), read(0, 'b'), { ...read(0, 'a'), granule: 'h' } as RunEvent])).toMatchObject({ groupsRead: 3, groupsFailed: 0, outcome: 'complete' });
  expect(fold([read(0, 'a'), lost('a'), lost('a'), lost('b'), read(0, 'b'), read(0, 'c')])).toMatchObject({ groupsRead: 1, groupsFailed: 2, outcome: 'partial' });
  expect(fold([absent('a'), absent('a'), absent('b'), read(0, 'b'), absent('c'), lost('c'), lost(null)])).toMatchObject({ groupsRead: 1, groupsFailed: 2 });
});

test('rows without position of a granule and group count once, however many cells it is read for', () => {
  expect(fold([read(0, 'a', 3), read(0, 'b', 1), read(0, 'a', 0), read(0, 'a', 3), read(0, 'b', 2)]).rowsWithoutPosition).toBe(5);
});
