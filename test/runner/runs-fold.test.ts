import type { RunEvent } from '../../src/runner/index.js';
import { RunsFold } from '../../src/runner/runs-fold.js';

const bytes = (...events: readonly RunEvent[]): Uint8Array => new TextEncoder().encode(events.map(event => `${JSON.stringify(event)}\n`).join(''));
const read = (granule: string, group: string | null, outcome: 'read' | 'absent' = 'read'): RunEvent => ({
  type: 'granule-finished', granule, group, outcome, rows: 10, kept: 8, rowsWithoutPosition: 0, rowsOutsidePlan: 0, isNarrow: true, bytesRead: 100, cells: [['1', 8]]
});
const failed = (granule: string, group: string | null): RunEvent => ({ type: 'granule-failed', granule, group, tag: 'io', message: 'm', retryable: false });

test('the progress of a run that reads cell by cell counts pairs once, and attempts, rows and bytes as often as there were', () => {
  const fold = new RunsFold();
  fold.begin('events-0');
  fold.add(bytes({ type: 'run-started', planId: 'one', counts: { cells: 4, granules: 3, groups: 2 } }));
  for (let cell = 0; cell < 4; cell++) {
    fold.add(bytes(read('a', 'x'), read('a', 'y', 'absent'), failed('b', 'x'), { type: 'granule-retried', granule: 'b', group: 'y', attempt: 2, tag: 'io', message: 'm' }, cell === 2 ? failed('b', 'y') : read('b', 'y')));
  }
  expect(fold.runs().progress).toMatchObject({ counts: { granules: 3, groups: 2 }, groupsEnded: 4, groupsFailed: 2, retries: 4, rows: 110, bytesRead: 1100 });
  fold.begin('events-1');
  expect(fold.runs().progress).toMatchObject({ groupsEnded: 0, groupsFailed: 0 });
  fold.add(bytes(read('b', 'x'), read('b', 'x'), read('c', null)));
  expect(fold.runs().progress).toMatchObject({ groupsEnded: 2, groupsFailed: 0 });
});
