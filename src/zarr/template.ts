import { MaggError, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { arraysOf, chunkKeyOf, type ArraySpec } from './array-spec.js';
import { ChunkEncoder } from './chunk-codec.js';
import { fillIds, idScratch } from './chunk-writer.js';
import { portableCodecs, type ChunkEncoders } from './codecs.js';
import { ROOT_KEY, unfinishStore } from './consolidated.js';
import { groupAttributes } from './dggs.js';
import { assertLayout, cellsPerChunk, type StoreLayout } from './layout.js';
import { readNode, writeNode } from './metadata-node.js';
import { arrayNode, groupNode } from './metadata.js';
import { overviewLayouts } from './overview-layouts.js';
import { NOT_COMPUTED, readParentRecords, writeParentRecords, type RecordedParent } from './parent-records.js';

export interface TemplateOptions extends Abortable {
  /** For the ids of overviews, where the layout compresses. Default: codecs that run anywhere. */
  readonly codecs?: ChunkEncoders;
}

/**
 * Writes the metadata of the root, where there is none, and of the group `{childOrder}/` with all its arrays, the list of
 * its parents and the groups of {@link overviewLayouts} with their ids; or writes them anew with grown arrays. Chunks that
 * stand there stay. The groups are unfinished afterwards; `finishStore` ends that. The caller has looked at the place with
 * `inspectStore`. Throws `bad-layout` before anything is written, also when parents that stand in the group are not the
 * layout's first (in a full-sphere group: not among the layout's).
 */
export async function writeTemplate(store: ObjectStore, layout: StoreLayout, options: TemplateOptions = {}): Promise<void> {
  assertLayout(layout);
  const stored = await storedRecords(store, layout.childOrder, options);
  assertGrowth(layout, stored);
  if (await readNode(store, ROOT_KEY, options)) await unfinishStore(store, layout.childOrder, options);
  else await writeNode(store, ROOT_KEY, groupNode({}), options);
  const known = new Map(stored.map(record => [record.parent, record]));
  await writeParentRecords(store, layout, layout.parents.map(parent => known.get(parent) ?? NOT_COMPUTED), options);
  for (const overview of overviewLayouts(layout)) await writeGroup(store, overview, options);
  await writeGroup(store, layout, options);
}

/** Writes the metadata of one group, its own last, and those arrays that are known: ids of overviews, bins. */
export async function writeGroup(store: ObjectStore, layout: StoreLayout, options: TemplateOptions): Promise<void> {
  const specs = arraysOf(layout);
  await Promise.all(specs.map(spec => writeNode(store, `${layout.childOrder}/${spec.name}/zarr.json`, arrayNode(layout, spec), options)));
  for (const spec of specs) if (spec.role === 'bins') await writeBins(store, layout, spec, options);
  if (layout.overviewOf !== undefined) await writeOverviewIds(store, layout, specs.filter(spec => spec.role === 'ids'), options);
  // Last: a group whose own metadata stands there has all its arrays.
  await writeNode(store, `${layout.childOrder}/zarr.json`, groupNode(groupAttributes(layout, { completeness: 'unfinished' })), options);
}

async function writeBins(store: ObjectStore, layout: StoreLayout, spec: ArraySpec, options: TemplateOptions): Promise<void> {
  const { bins = [] } = layout.variables.find(({ name }) => spec.dimensions[0] === `${name}_bin`)!;
  const centres = Float64Array.from({ length: bins.length - 1 }, (_, i) => (bins[i]! + bins[i + 1]!) / 2);
  await store.put(chunkKeyOf(layout.childOrder, spec, '0'), new Uint8Array(centres.buffer), options);
}

/** Whole shards of ids, each over many parents. Cells beyond the last parent have the fill value. */
async function writeOverviewIds(store: ObjectStore, layout: StoreLayout, specs: readonly ArraySpec[], options: TemplateOptions): Promise<void> {
  const [cellIds, morton] = specs;
  if (!cellIds || !morton) return;
  const { codecs = portableCodecs } = options;
  const cells = cellsPerChunk(layout);
  const perShard = cellIds.chunkCells / cells;
  const scratch = idScratch(layout, cellIds.chunkCells);
  const encoders = [new ChunkEncoder(cellIds, codecs), new ChunkEncoder(morton, codecs)] as const;
  for (let first = 0; first < layout.parents.length; first += perShard) {
    scratch.cellIds.fill(0n);
    scratch.morton.fill(0n);
    for (let i = 0; i < perShard && first + i < layout.parents.length; i++) {
      fillIds(layout, first + i, scratch.cellIds.subarray(i * cells, (i + 1) * cells), scratch.morton.subarray(i * cells, (i + 1) * cells));
    }
    const number = String(first / perShard);
    await encoders[0].encode(scratch.cellIds, bytes => store.put(chunkKeyOf(layout.childOrder, cellIds, number), bytes, options));
    await encoders[1].encode(scratch.morton, bytes => store.put(chunkKeyOf(layout.childOrder, morton, number), bytes, options));
  }
}

async function storedRecords(store: ObjectStore, childOrder: number, options: Abortable): Promise<readonly RecordedParent[]> {
  try {
    return (await readParentRecords(store, childOrder, options)) ?? [];
  } catch (error) {
    // Left half-written by a run that was killed: as if they were not there.
    if (error instanceof MaggError && error.tag === 'damaged-store') return [];
    throw error;
  }
}

function assertGrowth({ parents, form, childOrder }: StoreLayout, stored: readonly RecordedParent[]): void {
  const known = new Set(parents);
  const place = stored.findIndex(({ parent }, i) => (form === 'full-sphere' ? !known.has(parent) : parents[i] !== parent));
  if (place < 0) return;
  throw new MaggError(
    'bad-layout',
    `parent ${stored[place]!.parent} is number ${place} in the group ${childOrder}/ and ${form === 'full-sphere' ? 'is not in the layout' : `the layout has ${parents[place] ?? 'none'} there`}: a group only grows, new parents come after those that stand in it; replace it to leave any out`
  );
}
