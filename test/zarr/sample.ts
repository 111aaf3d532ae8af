import { createChunkWriter, finishStore, portableCodecs, writeTemplate, type ChunkValues, type ParentRecord, type StoreLayout } from '../../src/zarr/index.js';
import type { FakeStore } from './fake-store.js';

/** Order 3 in chunks of order 1: 16 cells each; the first parent is cell 0, whose ids begin with the fill value. */
export const layout: StoreLayout = {
  parentOrder: 1,
  childOrder: 3,
  latitude: 'authalic',
  parents: [0n, 5n, 47n],
  variables: [
    { name: 'count', dtype: 'int32', fillValue: 0, attributes: { long_name: 'observations' } },
    { name: 'h_mean', dtype: 'float32', fillValue: NaN, attributes: { units: 'm' } }
  ],
  mortonDtype: 'int64',
  compression: 'none'
};

/** Values of chunk `index` of the layout above. */
export function sampleValues(index: number): readonly ChunkValues[] {
  return [Int32Array.from({ length: 16 }, (_, i) => index * 100 + i), Float32Array.from({ length: 16 }, (_, i) => (i % 3 === 0 ? NaN : index + i / 8))];
}

/** Template and every chunk; finished when asked for. */
export async function writeSample(store: FakeStore, of: StoreLayout = layout, finished = true): Promise<void> {
  await writeTemplate(store, of);
  const writer = createChunkWriter(store, of, portableCodecs);
  for (let i = 0; i < of.parents.length; i++) {
    await writer.writeIds(i);
    if (of.variables === layout.variables) await writer.writeVariables(i, sampleValues(i));
  }
  if (finished) await finishSample(store, of);
}

/** Finishes a store of which nothing more is to be said. */
export function finishSample(store: FakeStore, of: StoreLayout = layout): Promise<void> {
  return finishStore(store, of, { records: of.parents.map(() => WRITTEN) });
}

const WRITTEN: ParentRecord = { state: 'data', observations: 1, cellsWithData: 1, hash: '5'.repeat(64) };
