import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completePlan, makePlan, type CompletePlan } from '../../src/runner/index.js';
import { fileJournal, journalFolder } from '../../src/runner/journal.node.js';
import { config } from './in-memory.js';

let folder: string;
let plan: CompletePlan;
const store = (): string => join(folder, 'out.zarr');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'magg-journal-'));
  plan = completePlan((await makePlan(config(), { kind: 'granules', granules: ['a.h5'] }, {})).plan, new Map([[3, [0]]]));
});
afterEach(() => rmSync(folder, { recursive: true }));

const events = (): string[] => readdirSync(journalFolder(store(), 4)).filter(name => name.startsWith('events-'));

test('the plan is a file of its own, every event a line that is there at once', () => {
  const journal = fileJournal(store())(plan, { replace: false });
  journal.write({ type: 'cell-started', cell: '111' });
  const file = join(journalFolder(store(), 4), events()[0]!);
  expect(readFileSync(file, 'utf8')).toBe('{"type":"cell-started","cell":"111"}\n');
  expect(JSON.parse(readFileSync(join(journalFolder(store(), 4), 'plan.json'), 'utf8'))).toMatchObject({ plan: plan.id, parent_order: 2, cells: [{ nested: 3 }] });
  journal.close();
  journal.close();
  expect(existsSync(join(journalFolder(store(), 4), 'lock'))).toBe(false);
});

test('two runs cannot write one store', () => {
  const first = fileJournal(store())(plan, { replace: false });
  expect(() => fileJournal(store())(plan, { replace: true })).toThrow(`process ${process.pid} is writing`);
  first.close();
  fileJournal(store())(plan, { replace: false }).close();
});

test('the lock of a process that is gone is taken over', () => {
  fileJournal(store())(plan, { replace: false }).close();
  writeFileSync(join(journalFolder(store(), 4), 'lock'), '4194303999');
  fileJournal(store())(plan, { replace: false }).close();
  expect(existsSync(join(journalFolder(store(), 4), 'lock'))).toBe(false);
});

test('a run that replaces the store replaces the record too, and nothing else', () => {
  fileJournal(store())(plan, { replace: false }).close();
  writeFileSync(join(journalFolder(store(), 4), 'notes.txt'), 'mine');
  fileJournal(store())(plan, { replace: false }).close();
  expect(events()).toHaveLength(2);
  fileJournal(store())(plan, { replace: true }).close();
  expect(events()).toHaveLength(1);
  expect(existsSync(join(journalFolder(store(), 4), 'notes.txt'))).toBe(true);
});

test('the journal of a store named with a slash lies beside it too', () => {
  expect(journalFolder('/data/out.zarr/', 12)).toBe(join('/data/out.zarr.magg', '12'));
});
