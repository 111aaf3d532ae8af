import { throwIfAborted, type Abortable } from '../base/index.js';
import type { RangeSource, ReadOptions } from '../io/index.js';
import type { ChunkCodecs } from './chunk-codecs.js';
import type { DatasetFacts } from './dataset-facts.js';
import type { AttributeValue, ChunkRequest, Hdf5Dataset, Hdf5File, Hdf5Node, RawChunk } from './hdf5-file.js';
import type { Hdf5Index } from './hdf5-index.js';
import { absolute } from './object-tree.js';
import type { KnownFile } from './parse-index.js';
import { RangedDataset } from './ranged-dataset.js';
import { readRanged } from './read-ranged.js';
import { saveDataset } from './save-index.js';

/** What `IndexedFile` asks for the rest: a file without an index of its own. */
export type InnerFile = Omit<Hdf5File, 'savedIndex'>;

/**
 * Remembers which datasets and paths were found, and answers from that; the file itself is opened when something else is
 * asked for. With a saved index that may be never.
 */
export class IndexedFile implements Hdf5File {
  readonly #datasets = new Map<string, Hdf5Dataset>();
  readonly #exists: Map<string, boolean>;
  #inner: Promise<InnerFile> | undefined;

  constructor(
    private readonly source: RangeSource,
    private readonly known: KnownFile,
    private readonly codecs: ChunkCodecs,
    private readonly open: (options: Abortable) => Promise<InnerFile>
  ) {
    this.#exists = new Map(known.exists);
  }

  get name(): string {
    return this.source.name;
  }

  async exists(paths: readonly string[], options: Abortable = {}): Promise<readonly boolean[]> {
    throwIfAborted(options.signal);
    const asked = paths.map(absolute);
    const unknown = [...new Set(asked.filter(path => !this.#exists.has(path)))];
    if (unknown.length > 0) {
      const answers = await (await this.inner(options)).exists(unknown, options);
      unknown.forEach((path, i) => this.#exists.set(path, answers[i]!));
    }
    return asked.map(path => this.#exists.get(path)!);
  }

  async datasets(paths: readonly string[], options: Abortable = {}): Promise<readonly (Hdf5Dataset | undefined)[]> {
    throwIfAborted(options.signal);
    const asked = paths.map(absolute);
    const unknown = [...new Set(asked.filter(path => this.#exists.get(path) !== false && !this.#remembered(path)))];
    if (unknown.length > 0) {
      const answers = await (await this.inner(options)).datasets(unknown, options);
      unknown.forEach((path, i) => {
        const dataset = answers[i];
        this.#exists.set(path, dataset !== undefined);
        if (dataset) this.#datasets.set(path, dataset);
      });
    }
    return asked.map(path => this.#datasets.get(path));
  }

  async walk(path: string, options: Abortable = {}): Promise<readonly Hdf5Node[]> {
    return (await this.inner(options)).walk(path, options);
  }

  async attributes(path: string, options: Abortable = {}): Promise<Readonly<Record<string, AttributeValue>>> {
    return (await this.inner(options)).attributes(path, options);
  }

  readChunks(requests: readonly ChunkRequest[], options: ReadOptions = {}): Promise<readonly RawChunk[]> {
    return readRanged(this.source, this.known.sizeBytes, requests, options, async others => (await this.inner(options)).readChunks(others, options));
  }

  savedIndex(): Hdf5Index {
    const { sizeBytes, tag } = this.known;
    const facts = new Map<string, DatasetFacts>(this.known.datasets);
    for (const [path, dataset] of this.#datasets) if (dataset instanceof RangedDataset) facts.set(path, dataset.facts);
    const paths = [...this.#exists];
    return {
      version: 1,
      sizeBytes,
      tag: tag ?? null,
      datasets: [...facts.values()].map(saveDataset),
      present: paths.filter(([path, isThere]) => isThere && !facts.has(path)).map(([path]) => path),
      absent: paths.filter(([, isThere]) => !isThere).map(([path]) => path)
    };
  }

  async close(): Promise<void> {
    try {
      if (this.#inner) await (await this.#inner).close();
    } finally {
      await this.source.close();
    }
  }

  /** Opens the file, once. */
  inner(options: Abortable): Promise<InnerFile> {
    this.#inner ??= this.open(options).catch((error: unknown) => {
      this.#inner = undefined; // not remembered: a dropped connection may come back
      throw error;
    });
    return this.#inner;
  }

  #remembered(path: string): boolean {
    if (this.#datasets.has(path)) return true;
    const facts = this.known.datasets.get(path);
    if (facts) this.#datasets.set(path, new RangedDataset(this.name, facts, this.codecs));
    return facts !== undefined;
  }
}
