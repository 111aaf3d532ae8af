import type { CellCounts, GroupStatus } from '../../../src/hosts/cli/group-status.js';
import { nextStep, statusLines } from '../../../src/hosts/cli/status-text.js';

const status = (counts: Partial<CellCounts>): GroupStatus => ({
  childOrder: 12, state: 'partial', from: 'journal', holder: undefined, runs: 1,
  group: { childOrder: 12, exists: true, hasNode: true, hasRoot: true, hasChunks: true, isListed: true, finished: true, completeness: 'partial', parentOrder: 6 },
  cells: { planned: 2000, data: 1, empty: 0, partial: 0, outdated: 0, failed: 0, started: 0, left: 0, ...counts },
  last: {
    record: { name: 'events-1', planId: 'p', cellsPlanned: 2000, cellsSelected: 2000, ended: undefined, damagedLines: 0 }, how: 'cut-off',
    progress: { counts: { cells: 2000, granules: 2, groups: 6 }, groupsEnded: 12, groupsFailed: 6, retries: 3, rows: 1, rowsWithoutPosition: 0, bytesRead: 0, cellsEnded: 0, cellsFailed: 0 }
  },
  observations: 1, failures: [], partialCells: [], outdatedCells: [], failedReads: [], damagedLines: 0, rowsOutside: 0
});

test.each<[Partial<CellCounts>, string]>([
  [{ failed: 4 }, 'the 4 cells that failed'],
  [{ failed: 1 }, 'the one cell that failed'],
  [{ left: 1500, started: 2 }, 'the 1,502 cells that were not computed'],
  [{ started: 1, failed: 4 }, 'the one cell that was not computed and the 4 that failed'],
  [{ left: 5, failed: 1, partial: 2, outdated: 3 }, 'the 5 cells that were not computed, the one that failed, the 2 that lack some rows and the 3 that hold the values of an earlier run'],
  [{ partial: 1, outdated: 1 }, 'the one cell that lacks some rows and the one that holds the values of an earlier run']
])('what the next run goes on with: %j', (counts, words) => {
  expect(nextStep('s.zarr', status(counts))).toBe(`next: magg run CONFIG --store s.zarr (with the config of before) goes on with ${words}; the others stay`);
});

test('pairs and attempts are told apart', () => {
  expect(statusLines('s.zarr', status({ failed: 4 }))).toContain('    12 of 12 (granule, group) pairs read, 6 failed, 3 further attempts, 1 row, 0.0 kB');
});
