import { MaggError, throwIfAborted, type Abortable } from '../base/index.js';
import type { RangeSource, ReadOptions } from '../io/index.js';
import { damagedChunk, damagedFile, grouped } from './damage.js';
import type { AttributeValue, ChunkRequest, Hdf5Dataset, Hdf5Node, NumericArray, RawChunk } from './hdf5-file.js';
import type { InnerFile } from './indexed-file.js';
import { LibraryDataset } from './library-dataset.js';
import type { LibraryAnswers, LibraryKind, LibraryQuestion } from './library-messages.js';
import type { LibraryPool } from './library-pool.js';
import type { LibrarySession } from './library-session.js';
import { MAX_CHUNK_BYTES, slabsOf, type Slab } from './library-slabs.js';
import { absolute } from './object-tree.js';
import { ownBytes } from './own-bytes.js';

/** The library keeps the whole file in memory. */
const MAX_FILE_BYTES = 1 << 30;
/** Nodes of a tree that are described in one call. */
const NODES_AT_ONCE = 64;
/** Bytes that any machine decodes within half of the time for a call. */
const SURE_BYTES = 64 << 20;
/** No compression of numbers does better: what a chunk claims beyond it is no reason to wait longer. */
const MAX_RATIO = 100;

/**
 * A file through the full HDF5 library, in a worker: every feature, but the whole file is read. Closing it leaves the source
 * open. When the worker had to be ended, the next question opens the file again in a new one.
 */
export class LibraryFile implements InnerFile {
  #session: LibrarySession | undefined;
  /** The end of the question before. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly source: RangeSource,
    private readonly sizeBytes: number,
    private readonly tag: string | undefined,
    private readonly pool: LibraryPool,
    private readonly callS: number
  ) {}

  /** Throws `unsupported` for files above 1 GiB, `damaged-file` for what the library refuses or gets lost in. */
  static async open(source: RangeSource, pool: LibraryPool, callS: number, options: Abortable): Promise<LibraryFile> {
    const sizeBytes = await source.size(options);
    if (sizeBytes > MAX_FILE_BYTES) {
      throw new MaggError(
        'unsupported',
        `${source.name} uses HDF5 features that need the whole file in memory; it has ${grouped(sizeBytes)} bytes, at most ${grouped(MAX_FILE_BYTES)} are possible. Write it again with h5repack, chunked along the first dimension with gzip.`,
        { context: { granule: source.name, file: source.name } }
      );
    }
    const file = new LibraryFile(source, sizeBytes, await source.tag(options), pool, callS);
    await file.#opened(options);
    return file;
  }

  get name(): string {
    return this.source.name;
  }

  async exists(paths: readonly string[], options: Abortable = {}): Promise<readonly boolean[]> {
    const found: boolean[] = [];
    for (const path of paths) found.push(await this.#ask({ kind: 'exists', path: absolute(path) }, options));
    return found;
  }

  async datasets(paths: readonly string[], options: Abortable = {}): Promise<readonly (Hdf5Dataset | undefined)[]> {
    const found: (Hdf5Dataset | undefined)[] = [];
    for (const path of paths.map(absolute)) {
      const facts = await this.#ask({ kind: 'dataset', path }, options);
      found.push(facts && LibraryDataset.of(this.name, path, facts));
    }
    return found;
  }

  async walk(path: string, options: Abortable = {}): Promise<readonly Hdf5Node[]> {
    const at = absolute(path);
    const paths = await this.#ask({ kind: 'paths', path: at }, options);
    const nodes: Hdf5Node[] = [];
    for (let from = 0; from < paths.length; from += NODES_AT_ONCE) nodes.push(...(await this.#ask({ kind: 'nodes', path: at, paths: paths.slice(from, from + NODES_AT_ONCE) }, options)));
    return nodes;
  }

  attributes(path: string, options: Abortable = {}): Promise<Readonly<Record<string, AttributeValue>>> {
    return this.#ask({ kind: 'attributes', path: absolute(path) }, options);
  }

  async readChunks(requests: readonly ChunkRequest[], options: ReadOptions = {}): Promise<readonly RawChunk[]> {
    const chunks: RawChunk[] = [];
    for (const slab of slabsOf(requests)) for (const values of await this.#values(slab, options)) chunks.push({ kind: 'values', values });
    return chunks;
  }

  async close(): Promise<void> {
    await this.#turn;
    const session = this.#session;
    this.#session = undefined;
    if (!session?.isAlive) return;
    try {
      this.pool.giveBack(session, await session.ask({ kind: 'close' }, { boundS: this.callS, failure: what => this.#lostIn('/', what) }));
    } catch (error) {
      session.end();
      throw error;
    }
  }

  #values({ dataset: { path, type, fullShape }, parts, bytes, firstChunk }: Slab, options: Abortable): Promise<readonly NumericArray[]> {
    if (bytes > MAX_CHUNK_BYTES) throw damagedChunk(this.name, path, `chunk ${firstChunk} claims ${grouped(bytes)} bytes, at most ${grouped(MAX_CHUNK_BYTES)} are read`);
    const likely = Math.min(bytes, MAX_RATIO * this.sizeBytes);
    return this.#ask({ kind: 'values', path, type, shape: fullShape, parts }, options, this.callS * Math.max(1, likely / SURE_BYTES));
  }

  /** Questions are asked one after the other, each of a worker that has the file open. */
  #ask<Q extends LibraryQuestion<Exclude<LibraryKind, 'open' | 'close'>>>(question: Q, options: Abortable, boundS = this.callS): Promise<LibraryAnswers[Q['kind']]> {
    const { path } = question;
    const answer = this.#turn.then(async () => {
      throwIfAborted(options.signal);
      this.pool.assertNotLost(this.#place(path));
      const session = await this.#opened(options);
      return session.ask(question, { ...options, boundS, failure: what => this.#lostIn(path, what) });
    });
    this.#turn = answer.catch(() => undefined); // its asker hears of the error; the next question is another's
    return answer;
  }

  async #opened(options: Abortable): Promise<LibrarySession> {
    if (this.#session?.isAlive) return this.#session;
    this.pool.assertNotLost(this.#place('/'));
    const bytes = await ownBytes(this.source, this.sizeBytes, options);
    throwIfAborted(options.signal);
    const session = this.pool.take();
    try {
      await session.ask({ kind: 'open', name: this.name, bytes }, { ...options, boundS: this.callS, failure: what => this.#lostIn('/', what), transfer: [bytes.buffer] });
    } catch (error) {
      if (session.isAlive) this.pool.giveBack(session, 0);
      throw error;
    }
    this.#session = session;
    return session;
  }

  #place(path: string): string {
    return JSON.stringify([this.name, this.sizeBytes, this.tag, path]);
  }

  #lostIn(path: string, what: string): MaggError {
    const error = damagedFile(this.name, `the HDF5 library, asked for ${path}, ${what}`, undefined, path);
    // Without a tag the next file of that name may be another.
    if (this.tag !== undefined) this.pool.noteLost(this.#place(path), error);
    return error;
  }
}
