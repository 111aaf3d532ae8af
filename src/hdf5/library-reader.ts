import type { Attribute, Dataset, Entity, File as LibraryFile } from 'h5wasm';
import { damagedFile, grouped } from './damage.js';
import { guarded, type FullLibrary } from './full-library.js';
import type { AttributeValue, Hdf5Node, NumericArray, NumericType } from './hdf5-file.js';
import type { LibraryAnswer, LibraryAnswers, LibraryFacts, LibraryKind, LibraryQuestion, RowsWanted } from './library-messages.js';
import { numericArray } from './numeric-array.js';
import { noSuchPath, notADataset } from './ranged-file.js';
import { fillFor, notNumeric, valuesElsewhere } from './read-dataset.js';

/** A damaged file may claim any size. */
const MAX_ATTRIBUTE_BYTES = 1 << 24;
const PLACE = '/granule.h5';

/** One file in the full library, which answers questions about it. Synchronous: a call lasts as long as it lasts. */
export class LibraryReader {
  readonly #namesOf = new Map<string, ReadonlySet<string>>();

  private constructor(
    readonly name: string,
    private readonly library: FullLibrary,
    private readonly file: LibraryFile
  ) {}

  /** The bytes become the library's own. Throws `damaged-file` for what it refuses. */
  static open(library: FullLibrary, name: string, bytes: Uint8Array): LibraryReader {
    const { FS } = library.module;
    FS.createDataFile('/', PLACE.slice(1), bytes, true, false, true);
    try {
      return new LibraryReader(name, library, guarded(name, '/', () => new library.api.File(PLACE, 'r')));
    } catch (error) {
      FS.unlink(PLACE);
      throw error;
    }
  }

  /** Throws MaggErrors that name the file; what each question means is said where it is declared. */
  answer(question: LibraryQuestion<Exclude<LibraryKind, 'open'>>): LibraryAnswer {
    switch (question.kind) {
      case 'exists': return this.#entity(question.path) !== undefined;
      case 'dataset': return this.#dataset(question.path);
      case 'paths': return this.#paths(question.path);
      case 'nodes': return question.paths.flatMap(path => this.#node(path));
      case 'attributes': return this.#attributes(question.path);
      case 'values': return question.parts.map(part => this.#values(question, part));
      case 'close': return this.#close();
    }
  }

  #paths(path: string): LibraryAnswers['paths'] {
    const entity = this.#entity(path);
    if (!entity) throw noSuchPath(this.name, path);
    if (entity instanceof this.library.api.Dataset) return [path];
    return guarded(this.name, path, () => this.library.module.get_names(this.file.file_id, path, true)).map(name => (path === '/' ? `/${name}` : `${path}/${name}`));
  }

  #node(path: string): Hdf5Node[] {
    const found = this.#linked(path);
    if (found instanceof this.library.api.Dataset) return [this.#describe(path, found)];
    return found instanceof this.library.api.Group ? [{ kind: 'group', path }] : [];
  }

  #attributes(path: string): LibraryAnswers['attributes'] {
    const entity = this.#entity(path);
    if (!entity || !('attrs' in entity)) throw noSuchPath(this.name, path);
    return guarded(this.name, path, () => {
      const values: [string, AttributeValue][] = [];
      for (const [name, attribute] of Object.entries(entity.attrs)) {
        const value = this.#attribute(path, attribute);
        if (value !== undefined) values.push([name, value]);
      }
      return Object.fromEntries(values);
    });
  }

  #attribute(path: string, attribute: Attribute): AttributeValue | undefined {
    const { size, total_size: count } = attribute.metadata;
    if (size * count > MAX_ATTRIBUTE_BYTES) throw damagedFile(this.name, `attribute ${attribute.name} of ${path} claims ${grouped(size * count)} bytes, at most ${grouped(MAX_ATTRIBUTE_BYTES)} are read`);
    return plainValue(attribute);
  }

  #close(): number {
    guarded(this.name, '/', () => this.file.close());
    this.library.module.FS.unlink(PLACE);
    return this.library.module.HEAPU8.byteLength;
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

  #dataset(path: string): LibraryFacts | undefined {
    const entity = this.#entity(path);
    if (!entity) return undefined;
    if (!(entity instanceof this.library.api.Dataset)) throw notADataset(this.name, path);
    return guarded(this.name, path, () => {
      const type = numericType(entity);
      if (!type) throw notNumeric(this.name, path, entity.metadata.type === 3 ? 'text' : 'values of another kind');
      const fill = '_FillValue' in entity.attrs ? this.#attribute(path, entity.attrs._FillValue) : undefined;
      const { shape, chunks, virtual_sources: sources = [] } = entity.metadata;
      // The library gives fill values, without a word, for what it does not find.
      const other = sources.find(source => source.file_name !== '.');
      if (other) throw valuesElsewhere(this.name, path, other.file_name);
      return { shape: shape ?? [0], type, chunkRows: chunks?.[0], fillValue: fillFor(type, firstOf(fill)) };
    });
  }

  #values({ path, type, shape }: LibraryQuestion<'values'>, { from, to, column }: RowsWanted): NumericArray {
    return guarded(this.name, path, () => {
      const found = this.file.get(path) as Dataset;
      const values = shape.length === 0 ? found.value : found.slice(column === undefined ? [[from, to]] : [[from, to], [column, column + 1]]);
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
