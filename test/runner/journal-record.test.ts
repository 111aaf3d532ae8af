import { readJournal, type RunEvent } from '../../src/runner/index.js';
import { JournalFold } from '../../src/runner/journal-fold.js';
import { SummaryFold } from '../../src/runner/summary.js';

const lines = (...events: readonly RunEvent[]): string => events.map(event => `${JSON.stringify(event)}\n`).join('');
const journal = (...runs: readonly string[]) => ({ events: () => Promise.resolve(runs.map((text, i) => ({ name: `events-${i}`, bytes: new TextEncoder().encode(text) }))), plan: () => Promise.resolve(undefined) });
const planned = (planId: string, replaces = false): RunEvent => ({ type: 'cells-planned', planId, cells: 4, selected: 3, replaces });
const finished = (cell: string, hash = 'aa', isWhole = true): RunEvent => ({ type: 'cell-finished', cell, obs: 5, cellsWithData: 2, hash, isWhole, durationS: 0, attempt: 1 });
const failed = (cell: string): RunEvent => ({ type: 'cell-failed', cell, tag: 'io', message: 'gone', retryable: true, attempt: 1, granule: null, group: null });
const ended = (outcome: 'complete' | 'failed'): RunEvent => ({ type: 'run-finished', summary: { ...new SummaryFold('p', 's').finish(1, 'whole'), outcome } });

test('the last word on each cell counts, with the plan that it was computed from', async () => {
  const { cells, runs, isReplacing } = await readJournal(journal(
    lines(planned('one', true), finished('111'), failed('112'), { type: 'cell-empty', cell: '113', reason: 'no-rows' }, finished('114', 'bb'), ended('complete')),
    lines(planned('two'), { type: 'cell-current', cell: '111', obs: 5, cellsWithData: 2 }, finished('112', 'cc', false), { type: 'cell-started', cell: '114' })
  ));
  const none = { obs: 0, cellsWithData: 0, hash: undefined, error: undefined };
  expect([...cells]).toEqual([
    ['111', { ...none, outcome: 'data', planId: 'two', obs: 5, cellsWithData: 2, hash: 'aa' }],
    ['112', { ...none, outcome: 'partial', planId: 'two', obs: 5, cellsWithData: 2, hash: 'cc' }],
    ['113', { ...none, outcome: 'empty', planId: 'one', isBare: true }],
    ['114', { ...none, outcome: 'started', planId: 'two' }]
  ]);
  expect(runs).toMatchObject([{ name: 'events-0', planId: 'one', cellsPlanned: 4, cellsSelected: 3, ended: { how: 'finished' }, damagedLines: 0 }, { planId: 'two', ended: undefined }]);
  expect(isReplacing).toBe(false);
});

test('a cell that keeps its values has those of the plan before, and why; computed again it is like any other', async () => {
  const kept = { planId: 'one', obs: 5, cellsWithData: 2, hash: 'aa', without: ['h_q'] };
  const first = lines(planned('one', true), finished('111'), ended('complete'));
  const second = lines(planned('two'), { ...failed('111'), kept } as RunEvent, ended('complete'));
  const { cells } = await readJournal(journal(first, second));
  expect(cells.get('111')).toEqual({ ...kept, outcome: 'outdated', error: { tag: 'io', message: 'gone', granule: null, group: null } });
  expect((await readJournal(journal(first, second, lines(planned('three'), finished('111', 'bb'))))).cells.get('111')).toMatchObject({ outcome: 'data', planId: 'three', hash: 'bb', error: undefined });
});

test('a torn last line is dropped, a damaged one before it is counted, and its cell is not known', async () => {
  const text = lines(planned('one'), finished('111'), finished('112'), finished('113'));
  const torn = text.slice(0, -9);
  const damaged = torn.replace('"cell":"112"', '"cell:"112"');
  expect((await readJournal(journal(torn))).runs[0]!.damagedLines).toBe(0);
  const { cells, runs } = await readJournal(journal(damaged));
  expect([...cells.keys()]).toEqual(['111']);
  expect(runs[0]!.damagedLines).toBe(1);
});

test('a check of the catalog takes the place of what was known of a granule, unless it could not see all', async () => {
  const check = (granule: string, rowsOutsidePlan: number, isWhole = true): RunEvent => ({ type: 'catalog-checked', granule, listing: `of ${granule}`, rowsOutsidePlan, isWhole, bytesRead: 1 });
  const first = { ...planned('one', true), outside: [['a', 3], ['b', 4], ['c', 5]], checked: [['a', 'before'], ['d', 'before']] } as RunEvent;
  const { outside, checked } = await readJournal(journal(lines(first, check('a', 0), check('b', 2, false), check('c', 6, false), check('e', 7), finished('111'))));
  expect([...outside]).toEqual([['b', 4], ['c', 6], ['e', 7]]);
  expect([...checked]).toEqual([['a', { listing: 'of a', rows: 0 }], ['d', { listing: 'before', rows: 0 }], ['e', { listing: 'of e', rows: 7 }]]);
  // Another catalog, without these granules, forgets none of what was checked; a run that replaces does.
  const later = await readJournal(journal(lines(first, check('e', 7)), lines(planned('two'))));
  expect([later.outside.size, later.checked.get('a'), later.checked.get('e')]).toEqual([0, { listing: 'before', rows: 3 }, { listing: 'of e', rows: 7 }]);
  expect((await readJournal(journal(lines(first, check('e', 7)), lines(planned('two', true))))).checked.size).toBe(0);
});

test('a run that replaces makes all before it unknown, until a run has come to its end', async () => {
  const first = lines(planned('one'), finished('111'), ended('complete'));
  const replacing = await readJournal(journal(first, lines(planned('two', true), finished('112'))));
  expect([[...replacing.cells.keys()], replacing.isReplacing]).toEqual([['112'], true]);
  expect((await readJournal(journal(first, lines(planned('two', true), finished('112'), ended('failed'))))).isReplacing).toBe(true);
  const after = await readJournal(journal(first, lines(planned('two', true), finished('112')), lines(planned('two'), finished('113'), ended('complete'))));
  expect([[...after.cells.keys()], after.isReplacing]).toEqual([['112', '113'], false]);
});

test('what came before the cells were known says nothing of a cell', async () => {
  const { cells, runs } = await readJournal(journal(lines(failed('111'))));
  expect(cells.size).toBe(0);
  expect(runs[0]).toMatchObject({ planId: undefined, ended: undefined });
});

test('in pieces of any size the same is read, and granules only by who wants them', () => {
  const read = { type: 'granule-finished', granule: 'ä"},"cells":[.h5', group: 'gt1l', outcome: 'read', rows: 9, kept: 5, rowsWithoutPosition: 0, rowsOutsidePlan: 0, bytesRead: 77, cells: Array.from({ length: 400 }, (_, i) => [`${i}`, i]) } satisfies RunEvent;
  const bytes = new TextEncoder().encode(lines({ type: 'run-started', planId: 'one', counts: { cells: 4, granules: 1, groups: 2 } }, read, planned('one'), { type: 'cell-started', cell: '-111' }, finished('-111'), { type: 'cell-started', cell: '112' }, failed('113')));
  for (const size of [1, 7, 1000, bytes.length]) {
    const reads: RunEvent[] = [], others: RunEvent[] = [];
    const fold = new JournalFold({ onRead: (_, event) => void reads.push(event), onEvent: (_, event) => void others.push(event) });
    fold.begin('events-0');
    for (let from = 0; from < bytes.length; from += size) fold.add(bytes.slice(from, from + size));
    expect(reads).toEqual([{ ...read, cells: [] }]);
    expect(others.map(({ type }) => type)).toEqual(['run-started', 'cells-planned', 'cell-finished', 'cell-failed']);
    const { cells, runs } = fold.record();
    expect([...cells].map(([cell, { outcome }]) => [cell, outcome])).toEqual([['-111', 'data'], ['112', 'started'], ['113', 'failed']]);
    expect(runs[0]!.damagedLines).toBe(0);
  }
});
