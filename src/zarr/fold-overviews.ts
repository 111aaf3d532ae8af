import { Limiter, MaggError, type Abortable } from '../base/index.js';
import type { ObjectStore } from '../io/index.js';
import { mortonDecimal } from '../grid/index.js';
import { createContentHasher, type Sha256 } from './content-hash.js';
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
  /** Default: that of the web, which is slower. */
  readonly sha256?: Sha256;
}

const CONCURRENCY = 16;

/**
 * Writes every overview coarser than the parents, template, ids and values, from the overview of the parent order; does
 * nothing where none is asked for. To be called before `finishStore`, when all chunks are written. A variable that is not
 * composable gets no chunks, and reads as its fill value. Throws `damaged-chunk`, with what to do, where the overview of the parent
 * order cannot be decoded or has another content hash than the records say, and what the store throws.
 */
export async function foldOverviews(store: ObjectStore, layout: StoreLayout, fold: OverviewFold, options: FoldOptions): Promise<void> {
  const layouts = foldedLayouts(layout, fold.notes);
  if (layouts.length === 0) return;
  const present = await readPresent(store, layout, options);
  const codecs = options.codecs ?? portableCodecs;
  for (const coarse of layouts) {
    await writeGroup(store, coarse, options);
    const isComposable = (_: unknown, v: number): boolean => fold.notes[v]!.quality !== 'not composable';
    const writer = createChunkWriter(store, { ...coarse, variables: coarse.variables.filter(isComposable) }, codecs);
    const others = createChunkWriter(store, { ...coarse, variables: coarse.variables.filter((variable, v) => !isComposable(variable, v)) }, codecs);
    for (const { place, values } of foldedChunks(layout, coarse, fold, present)) {
      // Without data there is no chunk; one may be left of an earlier run.
      if (values) await writer.writeVariables(place, values.filter(isOfVariable), options);
      else await writer.eraseVariables(place);
      await others.eraseVariables(place);
    }
  }
}

const isOfVariable = (values: ChunkValues | undefined): values is ChunkValues => values !== undefined;

/** One chunk of a folded overview. */
export interface FoldedChunk {
  readonly layout: StoreLayout;
  /** Its parent's place in the layout. */
  readonly place: number;
  /** In the order of the layout's variables, undefined for those that are not composable; undefined: no chunk stands. */
  readonly values: readonly (ChunkValues | undefined)[] | undefined;
}

/**
 * What {@link foldOverviews} writes, chunk by chunk, from what stands in the store now. Holds one value per parent of the layout
 * and variable, and one chunk. Throws as that does, and `damaged-store` where the overview of the parent order is not there.
 */
export async function* foldAgain(store: ObjectStore, layout: StoreLayout, fold: OverviewFold, options: FoldOptions): AsyncGenerator<FoldedChunk> {
  const layouts = foldedLayouts(layout, fold.notes);
  if (layouts.length === 0) return;
  const present = await readPresent(store, layout, options);
  for (const coarse of layouts) yield* foldedChunks(layout, coarse, fold, present);
}

/** Parents with data, ascending, and their values, per variable. */
interface Present extends FinerCells {
  readonly parents: readonly bigint[];
}

async function readPresent(store: ObjectStore, layout: StoreLayout, options: FoldOptions): Promise<Present> {
  const { parents, parentOrder, variables, form } = layout;
  const group = await readGroup(store, parentOrder, options);
  if (!group) throw new MaggError('damaged-store', `the group ${parentOrder}/ of ${store.name}, from which coarser ones are folded, is not there`, { context: { file: `${parentOrder}/zarr.json` } });
  const places = parents.map((_, i) => i).filter(i => hasValues(options.records[i]!)).sort((a, b) => (parents[a]! < parents[b]! ? -1 : 1));
  const values = variables.map(variable => new Float64Array(places.length * valuesPerCell(variable)));
  const order = variables.map(({ name }) => group.variables.findIndex(variable => variable.name === name));
  const limiter = new Limiter(CONCURRENCY);
  const hasher = createContentHasher(group, options.sha256);
  const damage: Damage[] = [];
  await Promise.all(places.map((place, i) => limiter.run(async () => {
    const chunk = await unlessDamaged(() => readParentValues(store, group, form === 'full-sphere' ? Number(parents[place]!) : place, options), cause => damage.push({ parent: parents[place]!, cause }));
    const { hash, overviews } = options.records[place]!;
    const wanted = layout.childOrder === parentOrder ? hash : overviews?.[parentOrder];
    if (chunk !== 'damaged' && wanted !== undefined && (chunk ? await hasher(chunk) : undefined) !== wanted) damage.push({ parent: parents[place]!, cause: undefined });
    if (damage.length > 0 || chunk === 'damaged') return;
    variables.forEach((variable, v) => {
      const width = valuesPerCell(variable);
      for (let k = 0; k < width; k++) values[v]![i * width + k] = Number(chunk?.[order[v]!]?.[k] ?? variable.fillValue);
    });
  })));
  if (damage.length > 0) throw damaged(store, parentOrder, damage);
  return { cells: places.length, places, parents: places.map(place => parents[place]!), values };
}

/** A parent whose chunks cannot be decoded, or, without a cause, hold other values than were written. */
interface Damage {
  readonly parent: bigint;
  readonly cause: MaggError | undefined;
}

async function unlessDamaged<T>(task: () => Promise<T>, tell: (error: MaggError) => void): Promise<T | 'damaged'> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof MaggError) || error.tag !== 'damaged-chunk') throw error;
    tell(error);
    return 'damaged';
  }
}

/** Parents that a command names. */
const MOST_PARENTS = 10;

function damaged(store: ObjectStore, order: number, damage: readonly Damage[]): MaggError {
  const names = damage.map(({ parent }) => mortonDecimal(parent, order).toString()).sort();
  const cause = damage.find(one => one.cause)?.cause;
  const what = cause?.message ?? `the parent ${names[0]!} holds other values in the group ${order}/ of ${store.name} than were written there`;
  const more = damage.length > 1 ? `, and ${damage.length - 1} more of its parents are damaged` : '';
  const chosen = names.length > MOST_PARENTS ? '' : names.map(name => ` --morton-cell ${name}`).join('');
  return new MaggError(
    'damaged-chunk',
    `${what}${more}; coarser overviews cannot be folded from that: magg run CONFIG --store ${store.name} --redo${chosen} computes ${chosen === '' ? 'all parents' : damage.length > 1 ? 'them' : 'it'} anew and finishes the store`,
    { cause, context: cause?.context ?? { file: `${order}/zarr.json` } }
  );
}

function* foldedChunks(layout: StoreLayout, coarse: StoreLayout, { notes, fold }: OverviewFold, present: Present): Generator<FoldedChunk> {
  const cells = cellsPerChunk(coarse);
  const shift = BigInt(2 * (layout.parentOrder - coarse.childOrder));
  const widths = layout.variables.map(valuesPerCell);
  const upToChunk = shift + BigInt(2 * (coarse.childOrder - coarse.parentOrder));
  let at = 0;
  for (const [place, parent] of coarse.parents.entries()) {
    const first = at;
    const chunk = coarse.variables.map((variable, v) => (notes[v]!.quality === 'not composable' ? undefined : filledArray(variable.dtype, cells * widths[v]!, variable.fillValue)));
    while (at < present.cells && present.parents[at]! >> upToChunk === parent) {
      const cell = present.parents[at]! >> shift;
      const from = at;
      while (at < present.cells && present.parents[at]! >> shift === cell) at++;
      const finer = { cells: at - from, places: present.places.slice(from, at), values: present.values.map((values, v) => values.subarray(from * widths[v]!, at * widths[v]!)) };
      chunk.forEach((values, v) => {
        if (!values) return;
        const out = new Float64Array(widths[v]!).fill(Number(coarse.variables[v]!.fillValue));
        fold(v, finer, out);
        out.forEach((value, k) => setValue(values, Number(cell - parent * BigInt(cells)) * widths[v]! + k, value));
      });
    }
    yield { layout: coarse, place, values: at > first ? chunk : undefined };
  }
}

/** A value as the variable's type has it; 64-bit integers as near as a double is. */
function setValue(values: ChunkValues, at: number, value: number): void {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) values[at] = BigInt(Math.round(value));
  else values[at] = value;
}
