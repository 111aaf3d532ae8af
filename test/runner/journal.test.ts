import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { completePlan, makePlan, type CompletePlan } from '../../src/runner/index.js';
import { fileJournal, journalFiles, journalFolder } from '../../src/runner/journal.node.js';
import { parseStoredPlan, storedPlanText } from '../../src/runner/stored-plan.js';
import { config } from './in-memory.js';

let folder: string;
let plan: CompletePlan;
const store = (): string => join(folder, 'out.zarr');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'magg-journal-'));
  plan = completePlan((await makePlan(config(), { kind: 'granules', granules: ['a.h5'] })).plan, new Map([[3, [0]]]));
});
afterEach(() => rmSync(folder, { recursive: true }));

const names = (): string[] => readdirSync(journalFolder(store(), 4)).sort();
const events = (): string[] => names().filter(name => name.startsWith('events-'));

test('the plan is a file of its own, every event a line that is there at once', async () => {
  const journal = fileJournal(store(), 4)();
  journal.keepPlan(plan);
  journal.write({ type: 'cell-started', cell: '111' });
  const file = join(journalFolder(store(), 4), events()[0]!);
  expect(readFileSync(file, 'utf8')).toBe('{"type":"cell-started","cell":"111"}\n');
  const kept = parseStoredPlan((await journalFiles(store(), 4).plan(plan.id))!, 'plan');
  expect(kept).toEqual({ id: plan.id, settings: plan.settings, parentOrder: 2, cellsFrom: 'coordinates', granules: [{ id: 'a.h5', sizeBytes: undefined, tag: undefined }], cells: plan.cells });
  journal.close();
  journal.close();
  expect(names()).toEqual([events()[0], `plan-${plan.id}.json`].sort());
});

test('two runs cannot write one store, from the moment the first one starts', () => {
  const first = fileJournal(store(), 4)();
  expect(() => fileJournal(store(), 4)()).toThrow(`process ${process.pid} is writing ${store()}`);
  first.close();
  fileJournal(store(), 4)().close();
});

test('what a run reads stands in its record at once; it goes when the run ends before it knows its cells', () => {
  fileJournal(store(), 4)().close();
  expect(readdirSync(folder)).toEqual([]);
  const journal = fileJournal(store(), 4)();
  journal.write({ type: 'granule-started', granule: 'a.h5' });
  expect(readFileSync(join(journalFolder(store(), 4), events()[0]!), 'utf8')).toContain('a.h5');
  journal.close();
  expect(readdirSync(folder)).toEqual([]);
});

describe('the lock of', () => {
  const lockOf = (text: string): void => {
    mkdirSync(journalFolder(store(), 4), { recursive: true });
    writeFileSync(join(journalFolder(store(), 4), 'lock'), text);
  };
  const born = readFileSync(`/proc/${process.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19];

  test.each([
    ['a process that is gone', JSON.stringify({ pid: 4194303999, host: hostname(), born: '5' })],
    ['a process whose number another one has now', JSON.stringify({ pid: process.pid, host: hostname(), born: '1' })],
    ['a process of the first version that is gone', '4194303999']
  ])('%s is taken over', (_, text) => {
    lockOf(text);
    fileJournal(store(), 4)().close();
    expect(existsSync(join(journalFolder(store(), 4), 'lock'))).toBe(false);
  });

  test.each([
    ['a process that runs', JSON.stringify({ pid: process.pid, host: hostname(), born }), `process ${process.pid} is writing`],
    ['a process of another machine', JSON.stringify({ pid: 7, host: 'elsewhere', born: '5' }), 'process 7 of the machine elsewhere'],
    ['somebody who has not said who', '', 'another run is writing']
  ])('%s is respected', (_, text, message) => {
    lockOf(text);
    expect(() => fileJournal(store(), 4)()).toThrow(message);
    expect(readFileSync(join(journalFolder(store(), 4), 'lock'), 'utf8')).toBe(text);
  });
});

test('a killed process that nobody has waited for does not hold its lock', async () => {
  // The shell is told to leave its child unburied until it has our word.
  const script = 'sleep 0 & echo $!; read word';
  const shell = spawn('sh', ['-c', `exec 3<&0; ${script} <&3`], { stdio: ['pipe', 'pipe', 'inherit'] });
  const pid = Number(await new Promise<string>(done => shell.stdout.once('data', (data: Buffer) => done(data.toString()))));
  mkdirSync(journalFolder(store(), 4), { recursive: true });
  writeFileSync(join(journalFolder(store(), 4), 'lock'), JSON.stringify({ pid, host: hostname(), born: '5' }));
  fileJournal(store(), 4)().close();
  shell.stdin.end('done\n');
  await new Promise(done => shell.once('close', done));
});

test('a run that replaces the store replaces the records too, and nothing else', () => {
  const once = (replace: boolean): void => {
    const journal = fileJournal(store(), 4)();
    journal.keepPlan(plan);
    journal.write({ type: 'cell-started', cell: '111' });
    if (replace) journal.forgetEarlier();
    journal.close();
  };
  once(false);
  writeFileSync(join(journalFolder(store(), 4), 'notes.txt'), 'mine');
  writeFileSync(join(journalFolder(store(), 4), 'plan.json'), 'of the first version');
  once(false);
  expect(events()).toHaveLength(2);
  expect(events().map(name => name.slice(0, 13))).toEqual(['events-000001', 'events-000002']);
  once(true);
  expect(names()).toEqual([events()[0], 'notes.txt', `plan-${plan.id}.json`].sort());
  expect(events()).toHaveLength(1);
});

test('runs are in the order in which they began, whatever the clock says', async () => {
  for (const year of ['2026', '1999', '2027']) {
    jest.useFakeTimers({ now: new Date(`${year}-01-01`) });
    const journal = fileJournal(store(), 4)();
    journal.keepPlan(plan);
    journal.write({ type: 'cell-started', cell: year });
    journal.close();
    jest.useRealTimers();
  }
  expect((await journalFiles(store(), 4).events()).map(({ bytes }) => (JSON.parse(new TextDecoder().decode(bytes)) as { cell: string }).cell)).toEqual(['2026', '1999', '2027']);
});

test('the journal of a store named with a slash lies beside it too', () => {
  expect(journalFolder('/data/out.zarr/', 12)).toBe(join('/data/out.zarr.magg', '12'));
});

test('no credentials of a URL stand in the plan', () => {
  const secret = { ...plan, granules: [{ id: 'a.h5', url: 'https://me:pass@host/x/a.h5?token=abc#d' }] };
  const text = storedPlanText(secret);
  expect(text).toContain('"url": "https://host/x/a.h5"');
  expect(text).not.toMatch(/token|pass/);
});

test.each([
  ['no JSON', '{', 'it is not JSON'],
  ['a list', '[]', 'no JSON object'],
  ['nothing', '{}', 'it lacks plan'],
  ['a granule without id', JSON.stringify({ plan: 'a', settings: {}, parent_order: 2, granules: [{}], cells: [] }), 'a granule has no id'],
  ['a cell of a granule that is not there', JSON.stringify({ plan: 'a', settings: {}, parent_order: 2, granules: [], cells: [['111', 0, [0]]] }), 'a cell is not']
])('a plan that is %s is refused by name', (_, text, message) => {
  expect(() => parseStoredPlan(text, 'plan-x.json')).toThrow(message);
});
