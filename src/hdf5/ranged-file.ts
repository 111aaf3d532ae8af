import { MaggError, type Abortable } from '../base/index.js';
import type { RangeSource, ReadOptions } from '../io/index.js';
import { attributeMessages, readAttribute } from './attribute.js';
import { attributeValue } from './attribute-value.js';
import type { ChunkCodecs } from './chunk-codecs.js';
import type { AttributeValue, ChunkRequest, Hdf5Dataset, Hdf5Node, RawChunk } from './hdf5-file.js';
import type { InnerFile } from './indexed-file.js';
import { absolute, type ObjectTree } from './object-tree.js';
import { OffFastPath } from './off-fast-path.js';
import { RangedDataset } from './ranged-dataset.js';
import { readRanged } from './read-ranged.js';
import { readDataset } from './read-dataset.js';
import { walkTree } from './walk-tree.js';

/** What a dataset or question off the fast path answers to: the same file through the full library. */
export type Fallback = (source: RangeSource, options: Abortable) => Promise<InnerFile>;

const off = Symbol('off the fast path');

/** The ranged reader: own metadata parser, chunks by ranges, and the full library for single datasets that need it. */
export class RangedFile implements InnerFile {
  #full: Promise<InnerFile> | undefined;

  constructor(
    private readonly source: RangeSource,
    private readonly tree: ObjectTree,
    private readonly codecs: ChunkCodecs,
    private readonly fallback: Fallback
  ) {}

  get name(): string {
    return this.source.name;
  }

  async exists(paths: readonly string[], options: Abortable = {}): Promise<readonly boolean[]> {
    const found = await this.#ask(paths.map(path => () => this.tree.find(path) !== undefined), options);
    return this.#fill(found, paths, options, (file, lost) => file.exists(lost, options));
  }

  async datasets(paths: readonly string[], options: Abortable = {}): Promise<readonly (Hdf5Dataset | undefined)[]> {
    const found = await this.#ask<Hdf5Dataset | undefined>(paths.map(path => () => this.#dataset(absolute(path))), options);
    return this.#fill(found, paths.map(absolute), options, (file, lost) => file.datasets(lost, options));
  }

  async walk(path: string, options: Abortable = {}): Promise<readonly Hdf5Node[]> {
    const at = absolute(path);
    try {
      const [address] = await this.tree.pages.run([() => this.#existing(at)], options);
      return await walkTree(this.tree, at, address!, options);
    } catch (error) {
      if (error instanceof OffFastPath) return (await this.#fullFile(options)).walk(at, options);
      throw error;
    }
  }

  async attributes(path: string, options: Abortable = {}): Promise<Readonly<Record<string, AttributeValue>>> {
    const at = absolute(path);
    const [found] = await this.#ask([() => this.#attributes(at)], options);
    return found === off || found === undefined ? (await this.#fullFile(options)).attributes(at, options) : found;
  }

  readChunks(requests: readonly ChunkRequest[], options: ReadOptions = {}): Promise<readonly RawChunk[]> {
    return readRanged(this.source, this.tree.pages.sizeBytes, requests, options, async others => (await this.#fullFile(options)).readChunks(others, options));
  }

  /** Leaves the source open: {@link IndexedFile} owns it. */
  async close(): Promise<void> {
    if (this.#full) await (await this.#full).close();
  }

  #dataset(path: string): Hdf5Dataset | undefined {
    const address = this.tree.find(path);
    if (address === undefined) return undefined;
    const facts = readDataset(this.tree.pages, path, this.tree.header(address));
    if (!facts) throw notADataset(this.name, path);
    return new RangedDataset(this.name, facts, this.codecs);
  }

  #existing(path: string): number {
    const address = this.tree.find(path);
    if (address === undefined) throw noSuchPath(this.name, path);
    return address;
  }

  #attributes(path: string): Readonly<Record<string, AttributeValue>> {
    const { pages } = this.tree;
    const values: [string, AttributeValue][] = [];
    for (const message of attributeMessages(pages, this.tree.header(this.#existing(path)))) {
      const attribute = readAttribute(pages, message);
      const value = attributeValue(pages, attribute);
      if (value !== undefined) values.push([attribute.name, value]);
    }
    return Object.fromEntries(values);
  }

  /** Runs tasks together; one that leaves the fast path answers `off` and disturbs no other. */
  #ask<T>(tasks: readonly (() => T)[], options: Abortable): Promise<(T | typeof off)[]> {
    return this.tree.pages.run<T | typeof off>(
      tasks.map(task => () => {
        try {
          return task();
        } catch (error) {
          if (error instanceof OffFastPath) return off;
          throw error;
        }
      }),
      options
    );
  }

  /** Answers that are `off` are asked from the full library, all in one call. */
  async #fill<T>(found: readonly (T | typeof off)[], paths: readonly string[], options: Abortable, ask: (file: InnerFile, lost: readonly string[]) => Promise<readonly T[]>): Promise<readonly T[]> {
    const lost = paths.filter((_, i) => found[i] === off);
    if (lost.length === 0) return found as readonly T[];
    const answers = [...(await ask(await this.#fullFile(options), lost))].reverse();
    return found.map(value => (value === off ? answers.pop()! : value));
  }

  #fullFile({ signal }: Abortable): Promise<InnerFile> {
    this.#full ??= this.fallback(this.source, { signal }).catch((error: unknown) => {
      this.#full = undefined; // not remembered: a dropped connection may come back
      throw error;
    });
    return this.#full;
  }
}

export const notADataset = (file: string, path: string): MaggError =>
  new MaggError('not-a-dataset', `${path} of ${file} is a group or a named type, expected a dataset. Choose one in it (magg inspect lists them).`, {
    context: { granule: file, file, dataset: path }
  });

export const noSuchPath = (file: string, path: string): MaggError =>
  new MaggError('not-found', `${path} is not in ${file}. Check the path (magg inspect lists what the file holds).`, { context: { granule: file, file, dataset: path } });
