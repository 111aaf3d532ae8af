import type { Compression, DataType } from '../config/index.js';
import { cellIdsAttributes } from './dggs.js';
import type { ExactJsonObject } from './exact-json.js';
import { binName, cellsPerChunk, valuesPerCell, type OpenLayout, type StoreLayout } from './layout.js';

/** How the values of a chunk become bytes: of an array to be written as of one that stands in a store. */
export interface ChunkForm {
  readonly dtype: DataType;
  readonly fillValue: number | bigint;
  /** Cells of a chunk; of a shard, where chunks are shards. */
  readonly chunkCells: number;
  /** Cells of an inner chunk; undefined: chunks are no shards. */
  readonly innerCells: number | undefined;
  /** Values of a cell: the bins of a histogram, else 1. */
  readonly width: number;
  /** Of the chunk, or of each inner chunk. */
  readonly compression: Compression;
}

/** One array of a group as magg writes it. */
export interface ArraySpec extends ChunkForm {
  readonly name: string;
  /** `bins`: the centres of a histogram's bins, whose cells are bins. */
  readonly role: 'variable' | 'ids' | 'bins';
  readonly dimensions: readonly string[];
  readonly attributes: ExactJsonObject;
}

/** Parents whose ids an overview keeps in one object, and cells at most: 8 MiB. */
const PARENTS_PER_ID_SHARD = 256;
const MAX_ID_SHARD = 4 ** 10;

/** Every array of the group, in the order in which the template writes them: variables with their bins, then ids. */
export function arraysOf(layout: OpenLayout): readonly ArraySpec[] {
  const { childOrder, innerOrder, compression } = layout;
  const chunkCells = cellsPerChunk(layout);
  const innerCells = innerOrder === undefined ? undefined : 4 ** (childOrder - innerOrder);
  const specs: ArraySpec[] = [];
  for (const variable of layout.variables) {
    const { name, dtype, fillValue, bins, overview } = variable;
    const attributes = { ...variable.attributes, ...(overview && { overview: overview.quality, overview_method: overview.method }) };
    const cellForm = { dtype, fillValue, chunkCells, innerCells, compression, width: valuesPerCell(variable) };
    if (!bins) {
      specs.push({ ...cellForm, name, role: 'variable', dimensions: ['cells'], attributes });
      continue;
    }
    specs.push(
      { ...cellForm, name, role: 'variable', dimensions: ['cells', binName(name)], attributes: { ...attributes, bin_edges: bins } },
      {
        name: binName(name), role: 'bins', dtype: 'float64', fillValue: NaN, chunkCells: bins.length - 1, innerCells: undefined, width: 1, compression: 'none',
        dimensions: [binName(name)], attributes: { long_name: `centres of the bins of ${name}` }
      }
    );
  }
  if (layout.form === 'full-sphere') return specs;
  const ids = { role: 'ids', fillValue: 0n, width: 1, compression, dimensions: ['cells'], ...idChunks(layout, chunkCells, innerCells) } as const;
  specs.push(
    { ...ids, name: 'cell_ids', dtype: 'uint64', attributes: cellIdsAttributes(childOrder, layout.latitude) },
    { ...ids, name: 'morton', dtype: layout.mortonDtype, attributes: {} }
  );
  return specs;
}

/**
 * Ids are chunked as the variables are, which is what readers that work in chunks expect of coordinates. The few ids per
 * parent of an overview would be many small objects: there a chunk is an inner chunk of a shard over many parents.
 */
function idChunks(layout: OpenLayout, chunkCells: number, innerCells: number | undefined): Pick<ChunkForm, 'chunkCells' | 'innerCells'> {
  if (layout.overviewOf === undefined) return { chunkCells, innerCells };
  const shard = Math.max(chunkCells, Math.min(chunkCells * PARENTS_PER_ID_SHARD, MAX_ID_SHARD));
  return { chunkCells: shard, innerCells: shard === chunkCells ? undefined : chunkCells };
}

/** Cells along the dimension `cells`. */
export function cellCount(layout: StoreLayout): bigint {
  if (layout.form === 'full-sphere') return 12n << BigInt(2 * layout.childOrder);
  return BigInt(cellsPerChunk(layout)) * BigInt(layout.parents.length);
}

/** Number of a parent's chunk, as it stands in a key. `place`: its position in the layout. */
export function chunkNumber(layout: StoreLayout, place: number): string {
  return layout.form === 'full-sphere' ? String(layout.parents[place]!) : String(place);
}

/** Key of a chunk; a histogram has one chunk along its bins. */
export function chunkKeyOf(childOrder: number, spec: ArraySpec, number: string): string {
  return `${childOrder}/${spec.name}/c/${number}${spec.dimensions.length === 2 ? '/0' : ''}`;
}
