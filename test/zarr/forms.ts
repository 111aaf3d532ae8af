import {
  contentHash, createChunkWriter, finishStore, foldOverviews, overviewLayouts, portableCodecs, valuesPerCell, writeTemplate,
  type ChunkValues, type OverviewFold, type ParentRecord, type StoreLayout, type StoreVariable
} from '../../src/zarr/index.js';
import { randomFrom } from '../random.js';
import type { ObjectStore } from '../../src/io/index.js';

/** Order 4 in chunks of order 2: 16 cells each. All four children of cell 5 of order 1 are there, so that coverage compacts. */
export const base: StoreLayout = {
  parentOrder: 2,
  childOrder: 4,
  latitude: 'authalic',
  parents: [0n, 9n, 20n, 21n, 22n, 23n, 140n, 191n],
  variables: [
    { name: 'count', dtype: 'int32', fillValue: 0, attributes: { units: '1', long_name: 'observations', flags: [1, 2], nested: { a: 'é' } } },
    { name: 'h_mean', dtype: 'float32', fillValue: NaN, attributes: { units: 'm', standard_name: 'height_above_reference_ellipsoid' } },
    { name: 'id', dtype: 'uint64', fillValue: 18446744073709551615n },
    { name: 'h_hist', dtype: 'uint16', fillValue: 0, bins: [-10, 0, 0.5, 100] }
  ],
  mortonDtype: 'int64',
  compression: 'none'
};

/** Stores of every form, by name. */
export const forms: Readonly<Record<string, StoreLayout>> = {
  dense: base,
  gzip: { ...base, compression: 'gzip', mortonDtype: 'uint64', latitude: 'spherical' },
  zstd: { ...base, compression: 'zstd' },
  sharded: { ...base, innerOrder: 3 },
  'sharded-gzip': { ...base, innerOrder: 3, compression: 'gzip' },
  'sharded-zstd': { ...base, innerOrder: 4, compression: 'zstd' },
  'sharded-whole': { ...base, innerOrder: 2 },
  sphere: { ...base, form: 'full-sphere' },
  'sphere-sharded-gzip': { ...base, form: 'full-sphere', innerOrder: 3, compression: 'gzip', latitude: 'spherical' },
  overviews: { ...base, overviews: [0, 1, 3] },
  'overviews-gzip': { ...base, overviews: [1, 2], compression: 'gzip', innerOrder: 3 },
  'overviews-sphere': { ...base, overviews: [0, 3], form: 'full-sphere' },
  grown: { ...base, parents: [9n, 140n, 20n, 21n, 22n, 23n, 191n, 0n] }
};

/** State of the parent at each place of the layouts above. */
const STATES = ['data', 'outdated', 'partial', 'data', 'data', 'data', 'empty', 'failed'] as const;

/** Values of one parent: the first quarter of its cells and every third one hold the fill value. */
export function formValues({ variables, childOrder, parentOrder }: StoreLayout, parent: bigint): readonly ChunkValues[] {
  const cells = 4 ** (childOrder - parentOrder);
  return variables.map((variable, v) => {
    const random = randomFrom(Number(parent) * 100 + childOrder * 10 + v);
    const width = valuesPerCell(variable);
    const numbers = Array.from({ length: cells * width }, (_, i) => (Math.floor(i / width) < cells / 4 || i % 3 === 0 ? undefined : random() * 1000));
    return typed(variable, numbers);
  });
}

function typed({ dtype, fillValue }: StoreVariable, numbers: readonly (number | undefined)[]): ChunkValues {
  switch (dtype) {
    case 'int32':
      return Int32Array.from(numbers, number => Math.floor(number ?? Number(fillValue)));
    case 'uint16':
      return Uint16Array.from(numbers, number => Math.floor(number ?? Number(fillValue)));
    case 'float32':
      return Float32Array.from(numbers, number => number ?? Number(fillValue));
    case 'uint64':
      return BigUint64Array.from(numbers, number => (number === undefined ? BigInt(fillValue) : BigInt(Math.floor(number)) << 50n));
    default:
      throw new Error(dtype);
  }
}

/** Sums of counts and of histograms, means by count, and ids that cannot be folded. */
export const fold: OverviewFold = {
  notes: [
    { quality: 'exact', method: 'sum over the finer cells' },
    { quality: 'approximate', method: 'mean of the finer cells' },
    { quality: 'not composable', method: 'an id is of one cell' },
    { quality: 'exact', method: 'sum over the finer cells' }
  ],
  fold: (variable, { cells, values }, out) => {
    const own = values[variable]!;
    for (let k = 0; k < out.length; k++) {
      let [sum, count] = [0, 0];
      for (let c = 0; c < cells; c++) {
        const value = own[c * out.length + k]!;
        if (Number.isNaN(value)) continue;
        sum += value;
        count++;
      }
      out[k] = variable === 1 ? sum / count : sum;
    }
  }
};

/** Writes a finished store of a layout and gives the records of its parents. */
export async function writeForm(store: ObjectStore, layout: StoreLayout): Promise<readonly ParentRecord[]> {
  await writeTemplate(store, layout);
  const records = await writeParents(store, layout, layout.parents.map((_, place) => place));
  await foldOverviews(store, layout, fold, { records });
  await finishStore(store, layout, { records });
  return records;
}

/** Writes the chunks of parents by place, and gives the records of all. */
export async function writeParents(store: ObjectStore, layout: StoreLayout, places: readonly number[]): Promise<readonly ParentRecord[]> {
  const writers = [layout, ...overviewLayouts(layout)].map(of => ({ of, writer: createChunkWriter(store, of, portableCodecs) }));
  const records: ParentRecord[] = [];
  for (const [place, parent] of layout.parents.entries()) {
    const state = STATES[base.parents.indexOf(parent)]!;
    const hasValues = state === 'data' || state === 'partial' || state === 'outdated';
    const values = formValues(layout, parent);
    const hashes = await Promise.all(overviewLayouts(layout).map(async of => [of.childOrder, await contentHash(of, formValues(of, parent))] as const));
    records.push({ state, observations: hasValues ? 1000 + Number(parent) : 0, cellsWithData: hasValues ? 8 : 0, hash: hasValues ? await contentHash(layout, values) : undefined, ...(hasValues && hashes.length > 0 ? { overviews: Object.fromEntries(hashes) } : {}) });
    if (!places.includes(place)) continue;
    for (const { of, writer } of writers) {
      await writer.writeIds(place);
      if (hasValues) await writer.writeVariables(place, formValues(of, parent));
    }
  }
  return records;
}
