import { MaggError, throwIfAborted } from '../../base/index.js';
import { mortonDecimal } from '../../grid/index.js';
import type { ObjectStore } from '../../io/index.js';
import { refoldOverviews } from '../../runner/index.js';
import { journalFiles } from '../../runner/journal.node.js';
import type { JournalStanding } from '../../runner/journal-reader.node.js';
import { portableCodecs, readChunk, readGroup, readParentRecords, writtenChunks, type ChunkValues, type FoldedChunk, type StoredArray, type StoredGroup } from '../../zarr/index.js';
import { nodeDecoders } from './node-decoders.js';
import { IdArrays } from './verify-ids.js';
import { keyOf, type Problem, type Verdict } from './verify-group.js';

export interface FoldedContext {
  readonly store: ObjectStore;
  readonly path: string;
  readonly journal: JournalStanding | undefined;
  readonly signal: AbortSignal;
}

/** Overviews coarser than the parents of a group, each with what its values have shown when compared with the finer cells folded again. */
export async function verifyFolded(main: Verdict, finer: readonly Verdict[], folded: readonly Verdict[], context: FoldedContext): Promise<readonly Verdict[]> {
  if (folded.length === 0) return folded;
  const unproven = (why: string): readonly Verdict[] => folded.map(verdict => ({ ...verdict, unproven: why }));
  const { store, path, journal, signal } = context;
  if (!main.finished) return unproven(`the group ${main.childOrder}/ is not finished`);
  // Folded are the cells of the parent order, which may be those of the group.
  const source = [main, ...finer].find(({ childOrder }) => childOrder === main.parentOrder);
  if (!source || source.problems.length > 0) return unproven(`the group ${main.parentOrder}/, of which they are folded, is damaged`);
  if (!journal) return unproven('how they were folded stands in the journal, which is not there');
  const options = { signal, codecs: { ...portableCodecs, ...nodeDecoders } };
  const [group, records] = await Promise.all([readGroup(store, main.childOrder, options), readParentRecords(store, main.childOrder, options)]);
  const chunks = group && records && (await refoldOverviews(store, { ...options, group, records, journal: journal.record, files: journalFiles(path, main.childOrder) }));
  if (!chunks) return unproven('how they were folded stands in the journal, whose plan cannot be read');
  const checks = new Map<number, FoldedCheck>();
  for (const { childOrder, problems } of folded) {
    const own = await groupOf(store, childOrder, signal);
    if (own) checks.set(childOrder, new FoldedCheck(store, own, main.parentOrder, problems.length === 0, signal));
  }
  for await (const chunk of chunks) await checks.get(chunk.layout.childOrder)?.compare(chunk);
  for (const check of checks.values()) await check.tellStrays();
  return folded.map(verdict => {
    const check = checks.get(verdict.childOrder);
    return check ? { ...verdict, problems: [...verdict.problems, ...check.problems], against: ['cells'], unproven: null } : verdict;
  });
}

/** Undefined where the metadata are damaged, which `verifyGroup` has told. */
async function groupOf(store: ObjectStore, childOrder: number, signal: AbortSignal): Promise<StoredGroup | undefined> {
  return unlessDamaged(() => readGroup(store, childOrder, { signal }));
}

async function unlessDamaged<T>(task: () => Promise<T>): Promise<T | undefined> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof MaggError) || (error.tag !== 'damaged-store' && error.tag !== 'damaged-chunk')) throw error;
    return undefined;
  }
}

/** One overview against its chunks as they must be. */
class FoldedCheck {
  readonly problems: Problem[] = [];
  readonly #store: ObjectStore;
  readonly #group: StoredGroup;
  readonly #finerOrder: number;
  readonly #signal: AbortSignal;
  /** Undefined where something of the ids is told already. */
  readonly #ids: IdArrays | undefined;
  readonly #seen = new Set<number>();

  constructor(store: ObjectStore, group: StoredGroup, finerOrder: number, hasIds: boolean, signal: AbortSignal) {
    this.#store = store;
    this.#group = group;
    this.#finerOrder = finerOrder;
    this.#signal = signal;
    this.#ids = hasIds ? new IdArrays(store, group, { codecs: nodeDecoders, signal }) : undefined;
  }

  async compare({ layout, place, values }: FoldedChunk): Promise<void> {
    throwIfAborted(this.#signal);
    const parent = layout.parents[place]!;
    const index = this.#group.form === 'full-sphere' ? Number(parent) : place;
    const name = mortonDecimal(parent, layout.parentOrder).toString();
    this.#seen.add(index);
    for (const { array, what } of (await this.#ids?.problems(index, parent)) ?? []) this.problems.push({ parent: name, array: array.path, file: null, redo: true, what });
    for (const [v, own] of layout.variables.entries()) {
      const array = this.#group.variables.find(variable => variable.name === own.name);
      const wanted = values?.[v];
      const what = array && (await unlessDamaged(() => this.#differs(array, index, parent, wanted)));
      if (what !== undefined) this.problems.push({ parent: name, array: array!.path, file: keyOf(array!, index), redo: true, what });
    }
  }

  /** On the full sphere a chunk may stand at any place; no run reads or writes those where the group has no parents. */
  async tellStrays(): Promise<void> {
    if (this.#group.form !== 'full-sphere') return;
    for (const array of this.#group.variables) {
      for (const index of await writtenChunks(this.#store, array, { signal: this.#signal })) {
        if (!this.#seen.has(index)) this.problems.push({ parent: null, array: array.path, file: keyOf(array, index), redo: false, what: `has a chunk ${keyOf(array, index)} where the group has no parents` });
      }
    }
  }

  /** A sentence without its subject. */
  async #differs(array: StoredArray, index: number, parent: bigint, wanted: ChunkValues | undefined): Promise<string | undefined> {
    const found = await readChunk(this.#store, array, index, { codecs: nodeDecoders, signal: this.#signal });
    const key = keyOf(array, index);
    if (!found) return wanted && `has no chunk ${key}, though the cells of ${this.#finerOrder}/ have values`;
    if (!wanted) {
      const at = found.findIndex((value: number | bigint) => !Object.is(value, array.fillValue));
      return at < 0 ? undefined : `has ${found[at]} in ${key}, where nothing follows from the cells of ${this.#finerOrder}/`;
    }
    for (let i = 0; i < wanted.length; i++) {
      if (Object.is(found[i], wanted[i])) continue;
      const cell = parent * BigInt(array.chunkCells) + BigInt(Math.floor(i / array.width));
      return `has ${found[i]} for the cell ${cell} in ${key}, where the cells of ${this.#finerOrder}/ give ${wanted[i]}`;
    }
    return undefined;
  }
}
