import { parseCatalog } from '../../src/catalog/index.js';
import { memoryStore, type ObjectStore } from '../../src/io/index.js';
import type { PlanInput, RunEvent } from '../../src/runner/index.js';
import { randomFrom } from '../random.js';
import { FakeGranule, type FakeDataset } from './fake-granule.js';
import { beam, MemoryJournal, runInMemory, type MemoryResult, type MemoryRun } from './in-memory.js';

const random = randomFrom(23);
/** Three tracks from south to north, through several parents each; the third granule has one beam. */
export const TRACKS = [-50, 20, -38].map((lon, g) =>
  (['a', 'b'] as const).slice(0, g === 2 ? 1 : 2).map((group, b) => ({
    group,
    rows: Array.from({ length: 300 }, (_, i) => ({ lat: -30 + 0.3 * i, lon: lon + 0.02 * i + 2 * b, h: Math.fround(100 * random()), q: random() < 0.2 ? 1 : 0 }))
  }))
);
export const NAMES = TRACKS.map((_, g) => `g${g + 1}.h5`);
export type Contents = Record<string, FakeDataset>;
export const granules = (change: (contents: Contents, g: number) => Contents = contents => contents): FakeGranule[] =>
  TRACKS.map((groups, g) => new FakeGranule(NAMES[g]!, change(Object.assign({}, ...groups.map(({ group, rows }) => beam(group, rows, { chunkRows: 25 }))) as Contents, g)));

export type Listed = Readonly<Record<string, readonly string[]>>;
export const catalogOf = (listed: Listed, more: object = {}): PlanInput => ({
  kind: 'catalog', name: 'c.json', catalog: parseCatalog(JSON.stringify({ metadata: { parent_order: 2, latitude: 'authalic-wgs84', ...more }, catalog: listed }), 'c.json')
});
export const of = <T extends RunEvent['type']>(events: readonly RunEvent[], type: T): Extract<RunEvent, { type: T }>[] => events.filter((e): e is Extract<RunEvent, { type: T }> => e.type === type);
export const checkedIn = (events: readonly RunEvent[]): readonly string[] => of(events, 'catalog-checked').map(event => event.granule).sort();

/** What a catalog of all of them lists. */
export async function wholeListing(): Promise<Listed> {
  const { plan } = await runInMemory({ granules: granules() });
  return Object.fromEntries(plan!.cells.map(cell => [cell.morton, cell.granules.map(g => NAMES[g]!)]));
}

/** Without some of the pairs (cell, granule); cells of no granule go. */
export const without = (listed: Listed, drops: (cell: string, granule: string) => boolean): Listed =>
  Object.fromEntries(Object.entries(listed).flatMap(([cell, list]) => {
    const left = list.filter(granule => !drops(cell, granule));
    return left.length > 0 ? [[cell, left]] : [];
  }));
/** A cell that only the first granule is in, and the listing without it. */
export const lostCell = (whole: Listed): string => Object.entries(whole).find(([, list]) => list.length === 1 && list[0] === 'g1.h5')![0];
export const staleListing = (whole: Listed): Listed => without(whole, cell => cell === lostCell(whole));

export const probe = (url: string): Promise<{ sizeBytes: number; tag: string }> => Promise.resolve({ sizeBytes: 1, tag: `etag:"${url}"` });
/** A store and its journal that several runs use, cell by cell if nothing else is said. */
export function place(): { readonly store: ObjectStore; readonly run: (options: Partial<MemoryRun>) => Promise<MemoryResult> } {
  const store = memoryStore('memory');
  const files = new MemoryJournal();
  return { store, run: options => runInMemory({ probe, store, files, granules: granules(), backend: 'cells', ...options }) };
}
export const verdict = ({ summary }: MemoryResult) => ({ outcome: summary!.outcome, outside: summary!.rowsOutsidePlan, elsewhere: summary!.rowsElsewhere, obs: summary!.totalObs });
export const both = async (options: Partial<MemoryRun>): Promise<readonly [MemoryResult, MemoryResult]> => [await place().run({ ...options, backend: 'local' }), await place().run(options)];
