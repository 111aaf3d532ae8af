import { Limiter, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { createChunkWriter } from './chunk-writer.js';
import { portableCodecs, type ChunkDecoders, type ChunkEncoders } from './codecs.js';
import { filledArray, type ChunkValues } from './data-types.js';
import { cellsPerChunk, valuesPerCell, type OverviewNote, type StoreLayout } from './layout.js';
import { foldedLayouts } from './overview-layouts.js';
import { hasValues, type ParentRecord } from './parent-records.js';
import { readGroup } from './stored-group.js';
import { writeGroup } from './template.js';
import { readParentValues } from './verify-chunk.js';

/** Values of several finer cells, each a parent with data. */
export interface FinerCells {
  readonly cells: number;
  /** Per variable of the layout: a value per cell, or as many as it has bins, cell by cell. 64-bit integers are rounded. */
  readonly values: readonly Float64Array[];
  /** Their positions among the layout's parents. */
  readonly places: readonly number[];
}

/** How a store's variables fold from cells of the parent order to coarser ones. */
export interface OverviewFold {
  /** What the fold makes of each variable, in the order of the layout. */
  readonly notes: readonly OverviewNote[];
  /**
   * Writes the value of one coarse cell, or its value per bin, into `out`, which comes with the fill value. Not called for
   * variables that are not composable.
   */
  readonly fold: (variable: number, finer: FinerCells, out: Float64Array) => void;
}

export interface FoldOptions extends Abortable {
  /** In the order of the layout's parents. */
  readonly records: readonly ParentRecord[];
  /** Default: codecs that run anywhere. */
  readonly codecs?: ChunkEncoders & ChunkDecoders;
}

const CONCURRENCY = 16;

/**
 * Writes every overview coarser than the parents, template, ids and values, from the overview of the parent order; does
 * nothing where none is asked for. To be called before `finishStore`, when all chunks are written. A variable that is not
 * composable gets no chunks, and reads as its fill value. Throws `damaged-chunk` and what the store throws.
 */
export async function foldOverviews(store: ObjectStore, layout: StoreLayout, fold: OverviewFold, options: FoldOptions): Promise<void> {
  const layouts = foldedLayouts(layout, fold.notes);
  if (layouts.length === 0) return;
  const present = await readPresent(store, layout, options);
  for (const coarse of layouts) {
    await writeGroup(store, coarse, options);
    await writeFolded(store, layout, coarse, fold, present, options);
  }
}

/** Parents with data, ascending, and their values, per variable. */
interface Present extends FinerCells {
  readonly parents: readonly bigint[];
}

async function readPresent(store: ObjectStore, layout: StoreLayout, options: FoldOptions): Promise<Present> {
  const { parents, parentOrder, variables, form } = layout;
  const group = await readGroup(store, parentOrder, options);
  const places = parents.map((_, i) => i).filter(i => hasValues(options.records[i]!)).sort((a, b) => (parents[a]! < parents[b]! ? -1 : 1));
  const values = variables.map(variable => new Float64Array(places.length * valuesPerCell(variable)));
  const order = variables.map(({ name }) => group!.variables.findIndex(variable => variable.name === name));
  const limiter = new Limiter(CONCURRENCY);
  await Promise.all(places.map((place, i) => limiter.run(async () => {
    const chunk = await readParentValues(store, group!, form === 'full-sphere' ? Number(parents[place]!) : place, options);
    variables.forEach((variable, v) => {
      const width = valuesPerCell(variable);
      for (let k = 0; k < width; k++) values[v]![i * width + k] = Number(chunk?.[order[v]!]?.[k] ?? variable.fillValue);
    });
  })));
  return { cells: places.length, places, parents: places.map(place => parents[place]!), values };
}

async function writeFolded(store: ObjectStore, layout: StoreLayout, coarse: StoreLayout, { notes, fold }: OverviewFold, present: Present, options: FoldOptions): Promise<void> {
  const cells = cellsPerChunk(coarse);
  const shift = BigInt(2 * (layout.parentOrder - coarse.childOrder));
  const widths = layout.variables.map(valuesPerCell);
  const composable = coarse.variables.filter((_, v) => notes[v]!.quality !== 'not composable');
  const writer = createChunkWriter(store, { ...coarse, variables: composable }, options.codecs ?? portableCodecs);
  const upToChunk = shift + BigInt(2 * (coarse.childOrder - coarse.parentOrder));
  let at = 0;
  for (const [place, parent] of coarse.parents.entries()) {
    const chunk: ChunkValues[] = composable.map(variable => filledArray(variable.dtype, cells * valuesPerCell(variable), variable.fillValue));
    const first = at;
    while (at < present.cells && present.parents[at]! >> upToChunk === parent) {
      const cell = present.parents[at]! >> shift;
      const from = at;
      while (at < present.cells && present.parents[at]! >> shift === cell) at++;
      const finer = { cells: at - from, places: present.places.slice(from, at), values: present.values.map((values, v) => values.subarray(from * widths[v]!, at * widths[v]!)) };
      composable.forEach((variable, c) => {
        const v = coarse.variables.indexOf(variable);
        const out = new Float64Array(widths[v]!).fill(Number(variable.fillValue));
        fold(v, finer, out);
        out.forEach((value, k) => setValue(chunk[c]!, Number(cell - parent * BigInt(cells)) * widths[v]! + k, value));
      });
    }
    // Without data there is no chunk; one may be left of an earlier run.
    if (at > first) await writer.writeVariables(place, chunk, options);
    else await writer.eraseVariables(place);
  }
}

/** A value as the variable's type has it; 64-bit integers as near as a double is. */
function setValue(values: ChunkValues, at: number, value: number): void {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[at] = BigInt(Math.round(value));
  else values[at] = value;
}
