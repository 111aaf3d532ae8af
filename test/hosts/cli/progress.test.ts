import { join } from 'node:path';
import { Progress } from '../../../src/hosts/cli/progress.js';
import { progressBar, type Standing } from '../../../src/hosts/cli/progress-bar.js';
import { CONFIG, runMagg, temporaryFolder } from './run-magg.js';

const folder = temporaryFolder();
const standing: Standing = { groups: 48, groupsDone: 24, cells: 0, cellsDone: 0, failed: 0, elapsedS: 0 };

test('reading has four fifths of the bar, cells the rest', () => {
  expect(progressBar(standing, 80)).toBe(`${'▓'.repeat(10)}${'░'.repeat(14)} 24/48 groups read`);
  expect(progressBar({ ...standing, groupsDone: 48, cells: 1300, cellsDone: 650, failed: 2 }, 80)).toBe(`${'▓'.repeat(22)}${'░'.repeat(2)} 650/1,300 cells, 2 failed`);
  expect(progressBar({ ...standing, groupsDone: 48, cells: 7, cellsDone: 7 }, 80)).toBe(`${'▓'.repeat(24)} 7/7 cells`);
  expect(progressBar({ ...standing, groupsDone: 48, cells: 7, cellsDone: 7, checked: 1 }, 80)).toBe(`${'▓'.repeat(24)} 7/7 cells, 1 granule compared with the catalog`);
});

test('a catalog names the cells before anything is read: the bar starts at nothing', () => {
  expect(progressBar({ ...standing, groupsDone: 0, cells: 7 }, 80)).toMatch(/^░{24} /);
});

test('the time left follows from the share that is done, and is not guessed from nothing', () => {
  expect(progressBar({ ...standing, elapsedS: 10 }, 80)).toMatch(/ 24\/48 groups read, 15 s left$/);
  expect(progressBar({ ...standing, elapsedS: 600 }, 80)).toMatch(/, 15 min left$/);
  expect(progressBar({ ...standing, elapsedS: 36_000 }, 80)).toMatch(/, 15 h left$/);
  expect(progressBar({ ...standing, elapsedS: 1 }, 80)).toMatch(/read$/);
  expect(progressBar({ ...standing, groupsDone: 1, elapsedS: 10 }, 80)).toMatch(/read$/);
});

test('no terminal wraps it, whatever its width', () => {
  const full = { groups: 48_000, groupsDone: 24_000, cells: 13_000, cellsDone: 1, failed: 999, elapsedS: 5000 };
  for (let columns = 1; columns < 120; columns++) expect(progressBar(full, columns).length).toBeLessThan(columns);
  expect(progressBar(full, 40)).toContain('cells');
});

test('one bad granule does not fill the screen', () => {
  let written = '';
  const progress = new Progress({ err: text => void (written += text), columns: () => undefined });
  for (let cell = 0; cell < 3000; cell++) progress.show({ type: 'cell-failed', cell: `${cell}`, tag: 'io', message: '', retryable: false, attempt: 1, granule: 'a.h5', group: 'gt1l' });
  progress.show({ type: 'run-finished', summary: { planId: '', store: '', totalCells: 0, cellsSelected: 0, cellsCurrent: 0, cellsPartial: 0, cellsWithData: 0, cellsEmpty: 0, cellsFailed: 0, cellsOutdated: 0, childCellsWithData: 0, totalObs: 0, granules: 0, groupsRead: 0, groupsFailed: 0, rowsRead: 0, rowsWithoutPosition: 0, granulesUnchecked: 0, rowsOutsidePlan: 0, rowsElsewhere: 0, bytesRead: 0, durationS: 0, outcome: 'failed' } });
  expect(written.split('\n')).toHaveLength(22);
  expect(written).toMatch(/2,980 more cells failed; the journal beside the store names them\n$/);
});

test('rows without position in every group of a product do not either', () => {
  let written = '';
  const progress = new Progress({ err: text => void (written += text), columns: () => undefined });
  for (let i = 0; i < 60; i++) progress.show({ type: 'run-notice', tag: 'rows-without-position', message: `group ${i}` });
  progress.show({ type: 'run-notice', tag: 'group-absent', message: 'another' });
  progress.end();
  expect(written.split('\n')).toEqual(['group 0', 'group 1', 'group 2', 'group 3', 'group 4', 'another', '55 more groups have rows without position; --json and the journal name them', '']);
});

test('what a file is named cannot move the cursor', () => {
  let written = '';
  new Progress({ err: text => void (written += text), columns: () => undefined }).show({ type: 'granule-failed', granule: 'a\x1b[2J.h5', group: null, tag: 'io', message: 'x\x07', retryable: false });
  expect(written).toBe('a\\x1b[2J.h5: x\\x07\n');
});

test('a bar on a terminal, cleared at the end; no control character elsewhere', async () => {
  const store = join(folder, 'x.zarr');
  const shown = await runMagg(['run', CONFIG, '--store', store], { columns: 60 });
  expect(shown.err.startsWith(`\r${'░'.repeat(24)} 0/48 groups read\x1b[K`)).toBe(true);
  expect(shown.err.endsWith('\r\x1b[K')).toBe(true);
  expect(shown.out).not.toContain('\x1b');
  expect((await runMagg(['run', CONFIG, '--store', store, '--overwrite'])).err).toBe('');
});
