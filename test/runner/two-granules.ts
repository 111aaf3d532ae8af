import { parseCatalog } from '../../src/catalog/index.js';
import { encodePoint, mortonDecimal, parentId } from '../../src/grid/index.js';
import type { ObjectStore } from '../../src/io/index.js';
import type { PlanInput } from '../../src/runner/index.js';
import { readArray, readGroup } from '../../src/zarr/index.js';
import { randomFrom } from '../random.js';
import { FakeGranule } from './fake-granule.js';
import { beam, type Row } from './in-memory.js';

const random = randomFrom(1);
/** Rows to the north from the latitude 60; each call goes on in the same random sequence. */
export const track = (count: number, lon: number): Row[] => Array.from({ length: count }, (_, i) => ({ lat: 60 + 0.05 * i, lon, h: Math.fround(random() * 100), q: random() < 0.2 ? 1 : 0 }));
/** The id of the cell of order 4. */
export const cellOf = ({ lat, lon }: Row): bigint => encodePoint(lat, lon, 4, 'authalic');
/** The chunk of order 2, as catalogs name it. */
export const parentOf = (row: Row): string => mortonDecimal(parentId(cellOf(row), 4, 2), 2).toString();

/** cell id -> [count, sum] of the store, cells without rows left out. */
export async function contents(store: ObjectStore): Promise<Map<bigint, [number, number]>> {
  const group = (await readGroup(store, 4))!;
  const read = async (name: string): Promise<ArrayLike<number | bigint>> => readArray(store, name === 'cell_ids' ? group.cellIds! : group.variables.find(v => v.name === name)!);
  const [ids, counts, sums] = [await read('cell_ids'), await read('count'), await read('h_sum')];
  const out = new Map<bigint, [number, number]>();
  for (let i = 0; i < ids.length; i++) if (counts[i] !== 0) out.set(ids[i] as bigint, [counts[i] as number, sums[i] as number]);
  return out;
}

/** What a store of these rows must hold, as {@link contents} gives it. */
export function expected(rows: readonly Row[]): Map<bigint, [number, number]> {
  const out = new Map<bigint, [number, number]>();
  for (const row of rows.filter(r => r.q === 0)) {
    const [n, sum] = out.get(cellOf(row)) ?? [0, 0];
    out.set(cellOf(row), [n + 1, sum + row.h]);
  }
  return out;
}

const byId = (a: readonly [bigint, unknown], b: readonly [bigint, unknown]): number => (a[0] < b[0] ? -1 : 1);
/** By cell id. */
export const sorted = (map: Map<bigint, [number, number]>): [bigint, [number, number]][] => [...map].sort(byId);

/** Of the beams a and b of the two granules. */
export const rows = { a1: track(400, -50), b1: track(300, -40), a2: track(200, 100) };
export const granules = (): FakeGranule[] => [
  new FakeGranule('g1.h5', { ...beam('a', rows.a1, { chunkRows: 64 }), ...beam('b', rows.b1) }),
  new FakeGranule('g2.h5', beam('a', rows.a2, { chunkRows: 100 }))
];
export const everyRow = [...rows.a1, ...rows.b1, ...rows.a2];

/** A catalog that lists granules by cell. */
export function catalogOf(entries: Record<string, string[]>, metadata: object = { parent_order: 2, latitude: 'authalic-wgs84' }): PlanInput {
  const text = JSON.stringify({ metadata: { ...metadata, total_cells: Object.keys(entries).length }, catalog: entries });
  return { kind: 'catalog', catalog: parseCatalog(text, 'c.json'), name: 'c.json' };
}

/** The exact catalog of the two granules. */
export function exactCatalog(): Record<string, string[]> {
  const cells: Record<string, string[]> = {};
  const add = (list: readonly Row[], granule: string): void => list.forEach(row => void ((cells[parentOf(row)] ??= []).includes(granule) || cells[parentOf(row)]!.push(granule)));
  add([...rows.a1, ...rows.b1], 'g1.h5');
  add(rows.a2, 'g2.h5');
  return cells;
}
