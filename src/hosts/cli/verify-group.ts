import { MaggError, throwIfAborted } from '../../base/index.js';
import { mortonDecimal } from '../../grid/index.js';
import type { ObjectStore } from '../../io/index.js';
import type { CellRecord } from '../../runner/index.js';
import {
  createContentHasher, filledArray, readChunk, readGroup, readOverviewHashes, readParentRecords, readParents,
  type ChunkValues, type ParentChunk, type ParentState, type RecordedParent, type StoredArray, type StoredGroup
} from '../../zarr/index.js';
import { formatCount } from './summary-text.js';
import { binProblems } from './verify-bins.js';
import { nodeDecoders, nodeSha256 } from './node-decoders.js';
import { IdArrays } from './verify-ids.js';
import { metadataProblems } from './verify-metadata.js';

/** Something that is not as it must be. */
export interface Problem {
  /** Signed decimal morton id. */
  readonly parent: string | null;
  /** Path of the array in the store, such as `12/h_mean`. */
  readonly array: string | null;
  /** Key of the file in the store. */
  readonly file: string | null;
  /** Whether computing the parent anew mends it, in a folded overview any parent: its place in the store is right, but not what stands there. */
  readonly redo: boolean;
  /** A sentence without its subject and end. */
  readonly what: string;
}

/** What a group holds, and what is wrong with it. */
export interface Verdict {
  readonly childOrder: number;
  readonly parentOrder: number;
  readonly overviewOf: number | null;
  readonly finished: boolean;
  /** What the values were compared with; `cells`: those of a folded overview with what finer cells give when they are folded again. */
  readonly against: readonly ('parents' | 'journal' | 'cells')[];
  /** Of an overview: why some or all of its values were not compared; null where all were. */
  readonly unproven: string | null;
  /** Parents by what became of them; `unknown`: without chunks, and nothing tells why. */
  readonly parents: Readonly<Record<ParentState | 'unknown', number>>;
  /** Its chunks with their parents. */
  readonly chunks: readonly ParentChunk[];
  readonly problems: readonly Problem[];
  /** Why nothing at all stands there, though nothing is lost. */
  readonly nothing?: { readonly why: string; readonly next: string | undefined };
  /** True when something beyond the parents is missing, such as rows in no planned parent. */
  readonly isPartial: boolean;
  /** Nested ids of the parents that must have values, by morton id. */
  readonly withValues: ReadonlyMap<string, bigint>;
}

export interface VerifyContext {
  readonly store: ObjectStore;
  /** Folder of the store. */
  readonly path: string;
  /** What the journal knows of each parent, by morton id; undefined where there is none. */
  readonly journal: ReadonlyMap<string, CellRecord> | undefined;
  /** For an overview: the verdict of its group, which tells where chunks must stand. */
  readonly main: Verdict | undefined;
  readonly signal: AbortSignal;
  /** Hears how many parents are done. */
  readonly onParent: (done: number, of: number) => void;
}

/** Looks at every chunk of a group, one parent after the other. */
export async function verifyGroup(childOrder: number, context: VerifyContext): Promise<Verdict> {
  return new GroupCheck(context).check(childOrder);
}

const OUTCOMES: Readonly<Record<CellRecord['outcome'], ParentState>> = { data: 'data', partial: 'partial', empty: 'empty', failed: 'failed', started: 'not-computed', outdated: 'outdated' };
const HAS_VALUES: ReadonlySet<ParentState> = new Set(['data', 'partial', 'outdated']);

const outcomeOf = (known: CellRecord | undefined): ParentState => (known ? OUTCOMES[known.outcome] : 'not-computed');

class GroupCheck {
  readonly #context: VerifyContext;
  readonly #problems: Problem[] = [];
  readonly #parents: Record<ParentState | 'unknown', number> = { data: 0, empty: 0, partial: 0, outdated: 0, failed: 0, 'not-computed': 0, unknown: 0 };
  readonly #withValues = new Map<string, bigint>();
  /** Of an overview from rows: content hashes by parent, those it was compared with, and parents for which there is none. */
  #hashes: ReadonlyMap<bigint, string> | undefined;
  readonly #against = new Set<'parents' | 'journal'>();
  #unproven = 0;
  #isListed = false;
  #isOpen = false;

  constructor(context: VerifyContext) {
    this.#context = context;
  }

  async check(childOrder: number): Promise<Verdict> {
    const { store, path, journal, main, signal, onParent } = this.#context;
    const nothing = { childOrder, parentOrder: childOrder, overviewOf: main?.childOrder ?? null, finished: false, against: [], unproven: null, isPartial: false, parents: this.#parents, chunks: [], problems: this.#problems, withValues: this.#withValues };
    const group = await this.#attempt(() => readGroup(store, childOrder, { signal }));
    if (!group) {
      if (this.#problems.length === 0) this.#tell(null, null, `${childOrder}/zarr.json`, 'is not there');
      return nothing;
    }
    for (const { path: array, otherwise } of group.others) this.#tell(null, array, `${array}/zarr.json`, `has ${otherwise}, which magg does not write`);
    if (group.finished) this.#problems.push(...metadataProblems(path, childOrder));
    const isMain = main === undefined;
    if (main && group.overviewOf !== main.childOrder && !this.#problems.some(({ file }) => file === `${childOrder}/zarr.json`)) this.#tell(null, null, `${childOrder}/zarr.json`, `does not say that it is an overview of ${main.childOrder}/`);
    // The next run writes all of an unfinished group that the journal does not say to be done, and folds its overviews anew.
    this.#isOpen = main ? !main.finished : !group.finished && group.completeness !== undefined;
    const isFromRows = main !== undefined && isExact(group, main);
    if (main && this.#isOpen && !isFromRows) return { ...nothing, parentOrder: group.parentOrder, finished: group.finished, unproven: `the group ${main.childOrder}/ is not finished` };
    // Older programs may write them otherwise.
    if (!this.#isOpen && group.completeness !== undefined) this.#problems.push(...(await binProblems(store, group, { signal })));
    // In an unfinished group they tell what stood there before.
    const records = isMain && group.finished ? await this.#attempt(() => readParentRecords(store, childOrder, { signal })) : undefined;
    // Only such a list tells a run where the parents are when their ids do not.
    this.#isListed = main ? main.against.includes('parents') : records !== undefined || (!group.finished && journal !== undefined);
    const isOfMain = isFromRows && group.form === 'dense' && (this.#isListed || this.#isOpen);
    // What a run writes anew of every overview, whichever parent it computes.
    const redo = main !== undefined && this.#isListed;
    const parents = isOfMain ? main.chunks : (await this.#attempt(() => readParents(store, group, { signal, codecs: nodeDecoders, damaged: this.#isOpen ? 'skip' : 'throw' }), null, undefined, redo)) ?? [];
    const known = isMain ? journal : undefined;
    if (isFromRows) this.#hashes = main.finished ? await this.#attempt(() => readOverviewHashes(store, main.childOrder, childOrder, { signal })) : undefined;
    const byParent = records && new Map(records.map(record => [record.parent, record]));
    const ids = new IdArrays(store, group, { codecs: nodeDecoders, signal });
    const hasher = createContentHasher(group, nodeSha256);
    const names = new Set<string>();
    for (const chunk of parents) {
      throwIfAborted(signal);
      const name = mortonDecimal(chunk.parent, group.parentOrder).toString();
      names.add(name);
      if (this.#isOpen && !HAS_VALUES.has(outcomeOf(journal?.get(name)))) {
        this.#parents[outcomeOf(journal?.get(name))]++;
        onParent(names.size, parents.length);
        continue;
      }
      await this.#checkIds(ids, chunk, name);
      if (isFromRows) await this.#checkOverview(group, chunk, name, hasher);
      else await this.#checkValues(group, chunk, name, byParent?.get(chunk.parent), known?.get(name), hasher, records !== undefined || known !== undefined);
      onParent(names.size, parents.length);
    }
    if (group.form === 'dense' && parents.length < group.chunks) {
      const missing = group.chunks - parents.length;
      if (group.finished) this.#tell(null, group.cellIds?.path ?? null, null, `lacks the ids of ${missing} of ${group.chunks} parents`, redo);
      this.#parents['not-computed'] += missing;
    }
    // A template that was cut off may lack the list of its parents.
    for (const [name, { outcome }] of this.#isOpen ? [] : (known ?? [])) if (!names.has(name) && HAS_VALUES.has(OUTCOMES[outcome])) this.#tell(name, null, null, 'is in the journal, but not in the store', false);
    if (isFromRows) this.#tellMissing(group, main.withValues, names);
    return {
      childOrder, parentOrder: group.parentOrder, overviewOf: main?.childOrder ?? null, finished: group.finished,
      against: isFromRows ? [...this.#against] : [...(records ? (['parents'] as const) : []), ...(known ? (['journal'] as const) : [])],
      unproven: main && (this.#unproven > 0 || !isFromRows) ? `nothing tells the values of ${formatCount(isFromRows ? this.#unproven : names.size, 'parent')}` : null,
      parents: this.#parents, chunks: parents, problems: this.#problems, isPartial: group.completeness === 'partial', withValues: this.#withValues
    };
  }

  #tell(parent: string | null, array: string | null, file: string | null, what: string, redo = parent !== null): void {
    this.#problems.push({ parent, array, file, redo, what });
  }

  /** Parents with values of which an overview has no chunk at all; in a dense one they still have their ids and were looked at. */
  #tellMissing({ form, variables, childOrder }: StoredGroup, wanted: ReadonlyMap<string, bigint>, names: ReadonlySet<string>): void {
    for (const [name, parent] of wanted) {
      if (names.has(name) || (this.#isOpen && !this.#isTold(name, childOrder))) continue;
      const first = variables[0];
      this.#tell(name, null, form === 'full-sphere' && first ? keyOf(first, Number(parent)) : null, `has values, but no chunk in the overview ${childOrder}/`);
    }
  }

  /** What is damaged is told; anything else ends the command. */
  async #attempt<T>(task: () => Promise<T>, parent: string | null = null, array: StoredArray | undefined = undefined, redo = parent !== null): Promise<T | undefined> {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof MaggError) || (error.tag !== 'damaged-store' && error.tag !== 'damaged-chunk')) throw error;
      this.#tell(parent, array?.path ?? null, error.context.file ?? null, error.message, redo);
      return undefined;
    }
  }

  async #checkIds(ids: IdArrays, { index, parent }: ParentChunk, name: string): Promise<void> {
    const problems = await this.#attempt(() => ids.problems(index, parent), name, undefined, this.#isListed);
    for (const { array, what } of problems ?? []) this.#tell(name, array.path, null, what, this.#isListed);
  }

  /** What could be read of the chunks of a parent; what could not is told. */
  async #readChunks({ variables }: StoredGroup, index: number, name: string): Promise<{ readonly chunks: readonly (ChunkValues | undefined)[]; readonly isDamaged: boolean }> {
    const before = this.#problems.length;
    const chunks: (ChunkValues | undefined)[] = [];
    for (const array of variables) chunks.push(await this.#attempt(() => readChunk(this.#context.store, array, index, { codecs: nodeDecoders, signal: this.#context.signal }), name, array));
    return { chunks, isDamaged: this.#problems.length > before };
  }

  /** Whether the journal has the hash of a parent in an overview: a run that was cut off may have begun to add the overview. */
  #isTold(name: string, order: number): boolean {
    return this.#context.journal?.get(name)?.overviews?.[order] !== undefined;
  }

  /** A parent in an overview from rows: where the group has values every chunk must stand, and the hash be what was written. */
  async #checkOverview(group: StoredGroup, { index, parent }: ParentChunk, name: string, hasher: (values: readonly ChunkValues[]) => Promise<string>): Promise<void> {
    const main = this.#context.main!;
    if (this.#isOpen && !this.#isTold(name, group.childOrder)) return void this.#parents.unknown++;
    const { chunks, isDamaged } = await this.#readChunks(group, index, name);
    const stands = isDamaged || chunks.some(chunk => chunk !== undefined);
    this.#parents[stands ? 'data' : 'unknown']++;
    if (isDamaged) return;
    const missing = group.variables.filter((_, i) => chunks[i] === undefined).map(array => keyOf(array, index));
    if (!main.withValues.has(name)) {
      if (stands && main.finished && main.against.length > 0) this.#tell(name, null, null, `has values in the overview ${group.childOrder}/, but none in the group ${main.childOrder}/; its chunks are number ${index} of each variable`);
      return;
    }
    if (missing.length > 0) return this.#tell(name, null, missing[0]!, `has values, but not all chunks in the overview ${group.childOrder}/: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not there`);
    const told = [['parents', this.#hashes?.get(parent)], ['journal', this.#context.journal?.get(name)?.overviews?.[group.childOrder]]] as const;
    const known = told.filter(([, hash]) => hash !== undefined);
    if (known.length === 0) this.#unproven++;
    const hash = known.length > 0 ? await hasher(chunks as readonly ChunkValues[]) : undefined;
    for (const [source] of known) this.#against.add(source);
    const others = known.filter(([, wanted]) => wanted !== hash).map(([source]) => (source === 'parents' ? 'the store' : 'the journal'));
    if (others.length > 0) this.#tell(name, null, null, `has other values in the overview ${group.childOrder}/ than ${others.join(' and ')} say${others.length === 1 ? 's' : ''}; its chunks are number ${index} of each variable`);
  }

  /** What the store says of the rows of a parent, against the journal, or else against what its values allow. */
  #tellCounts({ childOrder, variables }: StoredGroup, name: string, { state, observations, cellsWithData }: RecordedParent, known: CellRecord | undefined, chunks: readonly (ChunkValues | undefined)[]): void {
    const tell = (array: string, what: string): void => this.#tell(name, `${childOrder}/parents/${array}`, `${childOrder}/parents/${array}/c/0`, what, true);
    if (known && known.outcome !== 'started') {
      if (observations !== known.obs) tell('observations', `says ${observations} rows, the journal ${known.obs}`);
      if (cellsWithData !== known.cellsWithData) tell('cells_with_data', `says ${cellsWithData} cells with rows, the journal ${known.cellsWithData}`);
      return;
    }
    if (!HAS_VALUES.has(state)) {
      if (observations !== 0) tell('observations', `says ${observations} rows of a parent that is ${state}`);
      if (cellsWithData !== 0) tell('cells_with_data', `says ${cellsWithData} cells with rows of a parent that is ${state}`);
      return;
    }
    const cells = cellsWithValues(variables, chunks);
    if (cellsWithData < Math.max(1, cells)) tell('cells_with_data', `says ${cellsWithData} cells with rows, where ${cells} have values`);
    else if (observations < cellsWithData) tell('observations', `says ${observations} rows, where ${cellsWithData} cells have some`);
  }

  async #checkValues(
    group: StoredGroup, { index, parent }: ParentChunk, name: string, record: RecordedParent | undefined, known: CellRecord | undefined,
    hasher: (values: readonly ChunkValues[]) => Promise<string>, isRecorded: boolean
  ): Promise<void> {
    const { chunks, isDamaged } = await this.#readChunks(group, index, name);
    const stands = isDamaged || chunks.some(chunk => chunk !== undefined);
    const told = record?.state ?? (known ? OUTCOMES[known.outcome] : isRecorded ? 'not-computed' : undefined);
    this.#parents[told ?? (stands ? 'data' : 'unknown')]++;
    if (record && known && known.outcome !== 'started' && record.state !== OUTCOMES[known.outcome]) this.#tell(name, null, null, `is ${record.state} by the store, ${OUTCOMES[known.outcome]} by the journal`);
    if (told && HAS_VALUES.has(told)) this.#withValues.set(name, parent);
    const missing = group.variables.filter((_, i) => chunks[i] === undefined).map(array => keyOf(array, index));
    if (record) this.#tellCounts(group, name, record, known, chunks);
    if (told === undefined || isDamaged) return;
    if (!HAS_VALUES.has(told)) {
      // A run that was cut off may have left some of a parent that it had begun; it will be written anew.
      if (stands && group.finished) this.#tell(name, null, null, `has values, but is ${told} by the ${record ? 'store' : 'journal'}`);
      return;
    }
    if (!stands) return this.#tell(name, null, missing[0]!, 'should have values, but none of its chunks is there');
    const hash = await hasher(chunks.map((chunk, i) => chunk ?? filled(group.variables[i]!)));
    const others = [...(record && record.hash !== hash ? ['the store'] : []), ...(known && known.hash !== hash ? ['the journal'] : [])];
    if (others.length === 0) return;
    const where = missing.length > 0 ? `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not there` : `its chunks are number ${index} of each variable`;
    this.#tell(name, null, missing[0] ?? null, `has other values than ${others.join(' and ')} say${others.length === 1 ? 's' : ''}; ${where}`);
  }
}

/** Whether an overview is made from the rows, parent by parent as its group. */
export const isExact = ({ childOrder, parentOrder }: Pick<StoredGroup, 'childOrder' | 'parentOrder'>, main: Verdict): boolean => childOrder >= main.parentOrder && parentOrder === main.parentOrder;

/** Key of a chunk. */
export const keyOf = ({ path, separator, rank }: StoredArray, index: number): string => `${path}/c${separator}${index}${rank === 2 ? `${separator}0` : ''}`;

/** Cells in which a variable has neither its fill value nor 0, which counts have where there are no rows. */
function cellsWithValues(variables: readonly StoredArray[], chunks: readonly (ChunkValues | undefined)[]): number {
  const has = new Uint8Array(variables[0]?.chunkCells ?? 0);
  variables.forEach(({ width, fillValue }, v) => chunks[v]?.forEach((value: number | bigint, i: number) => {
    if (Number(value) !== 0 && !Object.is(value, fillValue)) has[Math.floor(i / width)] = 1;
  }));
  return has.reduce((sum, one) => sum + one, 0);
}

function filled({ dtype, chunkCells, width, fillValue }: StoredArray): ChunkValues {
  return filledArray(dtype, chunkCells * width, fillValue);
}
