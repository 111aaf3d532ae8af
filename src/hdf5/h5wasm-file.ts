import type { Attribute, Dataset, Entity, File as LibraryFile } from 'h5wasm';
import { MaggError, throwIfAborted, type Abortable } from '../base/index.js';
import type { RangeSource, ReadOptions } from '../io/index.js';
import { damagedChunk, grouped } from './damage.js';
import { countOf } from './dataspace.js';
import { guarded, loadLibrary, type FullLibrary } from './full-library.js';
import type { AttributeValue, ChunkRequest, Hdf5Dataset, Hdf5Node, NumericArray, NumericType, RawChunk } from './hdf5-file.js';
import type { InnerFile } from './indexed-file.js';
import { LibraryDataset } from './library-dataset.js';
import { absolute } from './object-tree.js';
import { numericArray, sizeOf } from './numeric-array.js';
import { noSuchPath, notADataset } from './ranged-file.js';
import { fillFor, notNumeric, valuesElsewhere } from './read-dataset.js';

/** The library keeps the whole file in memory. */
const MAX_FILE_BYTES = 1 << 30;
/** A damaged file may claim any size. */
const MAX_VALUE_BYTES = 1 << 28;
let opened = 0;

/**
 * The file through the full HDF5 library: every feature, but the whole file is read. Throws `unsupported` for files above
 * 1 GiB, `damaged-file` for what the library refuses. Closing it leaves the source open.
 */
export async function openH5wasm(source: RangeSource, { signal }: Abortable = {}): Promise<InnerFile> {
  const sizeBytes = await source.size({ signal });
  if (sizeBytes > MAX_FILE_BYTES) {
    throw new MaggError(
      'unsupported',
      `${source.name} uses HDF5 features that need the whole file in memory; it has ${grouped(sizeBytes)} bytes, at most ${grouped(MAX_FILE_BYTES)} are possible. Write it again with h5repack, chunked along the first dimension with gzip.`,
      { context: { granule: source.name, file: source.name } }
    );
  }
  const [bytes] = await source.read([{ offset: 0, length: sizeBytes }], { signal });
  const library = await loadLibrary();
  throwIfAborted(signal);
  const place = `granule-${opened++}.h5`;
  library.module.FS.createDataFile('/', place, bytes!, true, false, true);
  let file: LibraryFile;
  try {
    file = guarded(source.name, '/', () => new library.api.File(`/${place}`, 'r'));
  } catch (error) {
    library.module.FS.unlink(`/${place}`);
    throw error;
  }
  return new H5wasmFile(source.name, library, file, `/${place}`);
}

class H5wasmFile implements InnerFile {
  readonly #namesOf = new Map<string, ReadonlySet<string>>();
  #isOpen = true;

  constructor(
    readonly name: string,
    private readonly library: FullLibrary,
    private readonly file: LibraryFile,
    private readonly place: string
  ) {}

  async exists(paths: readonly string[], { signal }: Abortable = {}): Promise<readonly boolean[]> {
    await Promise.resolve();
    throwIfAborted(signal);
    return paths.map(path => this.#entity(absolute(path)) !== undefined);
  }

  async datasets(paths: readonly string[], { signal }: Abortable = {}): Promise<readonly (Hdf5Dataset | undefined)[]> {
    await Promise.resolve();
    throwIfAborted(signal);
    return paths.map(path => this.#dataset(absolute(path)));
  }

  async walk(path: string, { signal }: Abortable = {}): Promise<readonly Hdf5Node[]> {
    await Promise.resolve();
    throwIfAborted(signal);
    const at = absolute(path);
    const entity = this.#entity(at);
    if (!entity) throw noSuchPath(this.name, at);
    if (entity instanceof this.library.api.Dataset) return [this.#describe(at, entity)];
    const nodes: Hdf5Node[] = [];
    for (const name of guarded(this.name, at, () => this.library.module.get_names(this.file.file_id, at, true))) {
      const below = absolute(`${at}/${name}`);
      const found = this.#linked(below);
      if (found instanceof this.library.api.Dataset) nodes.push(this.#describe(below, found));
      else if (found instanceof this.library.api.Group) nodes.push({ kind: 'group', path: below });
    }
    return nodes;
  }

  async attributes(path: string, { signal }: Abortable = {}): Promise<Readonly<Record<string, AttributeValue>>> {
    await Promise.resolve();
    throwIfAborted(signal);
    const at = absolute(path);
    const entity = this.#entity(at);
    if (!entity || !('attrs' in entity)) throw noSuchPath(this.name, at);
    return guarded(this.name, at, () => {
      const values: [string, AttributeValue][] = [];
      for (const [name, attribute] of Object.entries(entity.attrs)) {
        const value = plainValue(attribute);
        if (value !== undefined) values.push([name, value]);
      }
      return Object.fromEntries(values);
    });
  }

  async readChunks(requests: readonly ChunkRequest[], { signal }: ReadOptions = {}): Promise<readonly RawChunk[]> {
    await Promise.resolve();
    throwIfAborted(signal);
    return requests.map(({ dataset, chunk }) => ({ kind: 'values', values: this.#values(dataset, chunk) }));
  }

  async close(): Promise<void> {
    await Promise.resolve();
    if (!this.#isOpen) return;
    this.#isOpen = false;
    guarded(this.name, '/', () => this.file.close());
    this.library.module.FS.unlink(this.place);
  }

  #entity(path: string): Entity | undefined {
    if (path === '/') return this.file;
    // The library throws for a missing name; a name that is there and fails later is damage.
    let at = '';
    for (const name of path.slice(1).split('/')) {
      if (!this.#names(at || '/').has(name)) return undefined;
      at += `/${name}`;
      if (at !== path && !(this.#linked(at) instanceof this.library.api.Group)) return undefined;
    }
    const entity = this.#linked(path);
    const isObject = entity instanceof this.library.api.Group || entity instanceof this.library.api.Dataset || entity instanceof this.library.api.Datatype;
    return isObject ? entity : undefined;
  }

  #names(group: string): ReadonlySet<string> {
    let names = this.#namesOf.get(group);
    if (!names) {
      names = new Set(guarded(this.name, group, () => this.library.module.get_names(this.file.file_id, group, false)));
      this.#namesOf.set(group, names);
    }
    return names;
  }

  /** What a name that is there leads to; undefined for soft links that lead nowhere. */
  #linked(path: string): Entity | undefined {
    return guarded(this.name, path, () => {
      try {
        return this.file.get(path) ?? undefined;
      } catch (error) {
        // The library throws for a dangling link just as for damage.
        if (this.#isSoftLink(path)) return undefined;
        throw error;
      }
    });
  }

  #isSoftLink(path: string): boolean {
    try {
      return this.library.module.get_symbolic_link(this.file.file_id, path) !== '';
    } catch {
      // It throws for everything that is no soft link; there is no other way to ask.
      return false;
    }
  }

  #describe(path: string, dataset: Dataset): Hdf5Node {
    return guarded(this.name, path, () => {
      const { shape, chunks, type } = dataset.metadata;
      const filters = dataset.filters.map(filter => filter.name);
      const storage = [chunks ? `chunks of ${chunks.map(grouped).join(' x ')}` : 'not chunked', ...filters].join(', ');
      return { kind: 'dataset', path, shape: shape ?? [0], type: numericType(dataset) ?? (type === 3 ? 'text' : 'other'), storage };
    });
  }

  #dataset(path: string): Hdf5Dataset | undefined {
    const entity = this.#entity(path);
    if (!entity) return undefined;
    if (!(entity instanceof this.library.api.Dataset)) throw notADataset(this.name, path);
    return guarded(this.name, path, () => {
      const type = numericType(entity);
      if (!type) throw notNumeric(this.name, path, entity.metadata.type === 3 ? 'text' : 'values of another kind');
      const fill = '_FillValue' in entity.attrs ? plainValue(entity.attrs._FillValue) : undefined;
      const first = firstOf(fill);
      const { shape, chunks, virtual_sources: sources = [] } = entity.metadata;
      // The library gives fill values, without a word, for what it does not find.
      const other = sources.find(source => source.file_name !== '.');
      if (other) throw valuesElsewhere(this.name, path, other.file_name);
      return new LibraryDataset(this.name, path, shape ?? [0], type, chunks?.[0], fillFor(type, first));
    });
  }

  #values(dataset: Hdf5Dataset, chunk: number): NumericArray {
    const { path, chunkRows, type } = dataset;
    const { fullShape: shape, columnIndex } = dataset instanceof LibraryDataset ? dataset : { fullShape: dataset.shape, columnIndex: undefined };
    return guarded(this.name, path, () => {
      const found = this.file.get(path) as Dataset;
      const rows = shape[0] ?? 1;
      const part: [number, number] = [chunk * chunkRows, Math.min(rows, (chunk + 1) * chunkRows)];
      const bytes = (part[1] - part[0]) * (columnIndex === undefined ? countOf(shape.slice(1)) : 1) * sizeOf(type);
      if (bytes > MAX_VALUE_BYTES) throw damagedChunk(this.name, path, `chunk ${chunk} claims ${grouped(bytes)} bytes, at most ${grouped(MAX_VALUE_BYTES)} are read`);
      const values = shape.length === 0 ? found.value : found.slice(columnIndex === undefined ? [part] : [part, [columnIndex, columnIndex + 1]]);
      if (ArrayBuffer.isView(values)) return values as NumericArray;
      if (typeof values === 'number' || typeof values === 'bigint') return scalar(type, values);
      throw notNumeric(this.name, path, 'values of another kind');
    });
  }
}

/** The library's numbers for the classes integer, float and enumeration. */
function numericType({ metadata }: Dataset): NumericType | undefined {
  const { type, size, signed } = metadata;
  const bits = 8 * size;
  if (type === 1) return bits === 32 ? 'float32' : bits === 64 ? 'float64' : undefined;
  if (type !== 0 && type !== 8) return undefined;
  const name = `${signed ? '' : 'u'}int${bits}`;
  return isNumericType(name) ? name : undefined;
}

const isNumericType = (name: string): name is NumericType => /^u?int(8|16|32|64)$/.test(name);

function scalar(type: NumericType, value: number | bigint): NumericArray {
  const values = numericArray(type, 1);
  if (typeof value === 'bigint') (values as BigInt64Array)[0] = value;
  else (values as Float64Array)[0] = value;
  return values;
}

const firstOf = (value: AttributeValue | undefined): number | bigint | string | undefined => (typeof value === 'object' ? value[0] : value);

const isList = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);

function plainValue({ value, shape }: Attribute): AttributeValue | undefined {
  if (shape === null) return [];
  const list: readonly unknown[] = isList(value) ? Array.from(value) : [value];
  const plain = list.filter(one => typeof one === 'number' || typeof one === 'bigint' || typeof one === 'string').map(one => (typeof one === 'string' ? one.trimEnd() : one));
  if (plain.length !== list.length) return undefined;
  return shape?.length ? plain : plain[0];
}
