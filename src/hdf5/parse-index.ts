import { MaggError } from '../base/index.js';
import { ChunkGrid } from './chunk-grid.js';
import { countOf } from './dataspace.js';
import type { ChunkPlace, DatasetFacts, Storage } from './dataset-facts.js';
import { isFilter } from './filter-pipeline.js';
import { isStoredType, sizeOf, type StoredType } from './numeric-array.js';

/** What a saved index holds, checked. */
export interface KnownFile {
  readonly sizeBytes: number;
  readonly tag: string | undefined;
  readonly datasets: ReadonlyMap<string, DatasetFacts>;
  readonly exists: ReadonlyMap<string, boolean>;
}

const MAX_DIMENSIONS = 32;
const MAX_FILTERS = 32;

/**
 * A saved index ({@link Hdf5Index}) of the file `name`. It may come from anywhere: every field is checked, chunks must lie inside the file.
 * Throws `bad-index`, which names the field.
 */
export function parseIndex(name: string, saved: unknown): KnownFile {
  const at = new Field(name, 'it', saved);
  if (at.get('version').value !== 1) throw at.get('version').bad('version 1');
  const sizeBytes = at.get('sizeBytes').whole();
  const tag = at.get('tag');
  const datasets = new Map<string, DatasetFacts>();
  const exists = new Map<string, boolean>();
  for (const one of at.get('datasets').list()) {
    const facts = parseDataset(one, sizeBytes);
    datasets.set(facts.path, facts);
    exists.set(facts.path, true);
  }
  for (const path of at.get('present').list()) exists.set(path.text(), true);
  for (const path of at.get('absent').list()) {
    if (exists.get(path.text())) throw path.bad('a path that is not also said to be there');
    exists.set(path.text(), false);
  }
  return { sizeBytes, tag: tag.value === null ? undefined : tag.text(), datasets, exists };
}

function parseDataset(at: Field, fileBytes: number): DatasetFacts {
  const path = at.get('path').text();
  const shape = at.get('shape').list(MAX_DIMENSIONS).map(size => size.whole());
  if (!Number.isSafeInteger(countOf(shape))) throw at.get('shape').bad('fewer values');
  const type = at.get('type');
  const stored = type.value;
  if (!isStoredType(stored)) throw type.bad('a type of number');
  const chunkShape = at.get('chunkShape').list(MAX_DIMENSIONS).map(size => size.whole());
  if (chunkShape.length !== Math.max(1, shape.length) || chunkShape.some(size => size < 1) || !Number.isSafeInteger(countOf(chunkShape) * sizeOf(stored))) {
    throw at.get('chunkShape').bad('a size of at least 1 for every dimension');
  }
  const filters = at.get('filters').list(MAX_FILTERS).map(filter => {
    const { value } = filter;
    if (!isFilter(value)) throw filter.bad('a filter');
    return value;
  });
  const fill = at.get('fillValue');
  const absent = at.get('absent');
  return {
    path, shape, stored, chunkShape, filters,
    bigEndian: at.get('bigEndian').flag(),
    plainEdges: at.get('plainEdges').flag(),
    fillValue: fill.value === null ? undefined : fill.number(stored),
    absent: absent.value === null ? undefined : absent.bytes(),
    storage: parseStorage(at.get('storage'), new ChunkGrid(shape.length === 0 ? [1] : shape, chunkShape), sizeOf(stored), fileBytes)
  };
}

function parseStorage(at: Field, grid: ChunkGrid, valueBytes: number, fileBytes: number): Storage {
  const kind = at.get('kind').value;
  const bytes = countOf(grid.shape) * valueBytes;
  switch (kind) {
    case 'compact': {
      const field = at.get('bytes');
      const found = field.bytes();
      if (found.length !== bytes || grid.size > 1) throw field.bad(`${bytes} bytes`);
      return { kind, bytes: found };
    }
    case 'contiguous':
    case 'implicit': {
      const offset = at.get('offset').whole();
      const needed = kind === 'contiguous' ? bytes : grid.size * grid.chunkValues * valueBytes;
      if (!(offset + needed <= fileBytes) || (kind === 'contiguous' && !grid.isWholeRows)) throw at.get('offset').bad(`room for ${needed} bytes in a file of ${fileBytes}`);
      return { kind, offset };
    }
    case 'listed':
      return { kind, places: parsePlaces(at, grid.size, fileBytes) };
    default:
      throw at.get('kind').bad('a kind of storage');
  }
}

function parsePlaces(at: Field, chunkCount: number, fileBytes: number): ReadonlyMap<number, ChunkPlace> {
  const gaps = at.get('gaps').wholes(true);
  const count = gaps.length;
  const column = (name: string): readonly number[] | undefined => {
    const field = at.get(name);
    if (field.value === null && name !== 'lengths') return undefined;
    const list = field.wholes();
    if (list.length !== count) throw field.bad(`${count} numbers`);
    return list;
  };
  const [numbers, lengths, masks] = [column('numbers'), column('lengths')!, column('masks')];
  const places = new Map<number, ChunkPlace>();
  let end = 0;
  let sum = 0;
  let last = -1;
  for (let i = 0; i < count; i++) {
    const number = numbers ? numbers[i]! : i;
    if (number <= last || number >= chunkCount) throw (numbers ? at.get('numbers').at(i) : at).bad(`chunks in ascending order, below ${chunkCount}`);
    const offset = end + gaps[i]!;
    const length = lengths[i]!;
    end = offset + length;
    sum += length;
    if (!(offset >= 0 && end <= fileBytes && sum <= fileBytes)) throw at.get('gaps').at(i).bad(`chunks that lie inside a file of ${fileBytes} bytes`);
    places.set(number, { offset, length, filterMask: masks ? masks[i]! : 0 });
    last = number;
  }
  return places;
}

/** A value of the index and the words for its place. */
class Field {
  constructor(
    private readonly file: string,
    private readonly place: string,
    readonly value: unknown
  ) {}

  bad(expected: string): MaggError {
    const found = typeof this.value === 'object' && this.value !== null ? (Array.isArray(this.value) ? `a list of ${this.value.length}` : 'an object') : String(JSON.stringify(this.value)).slice(0, 60);
    return new MaggError('bad-index', `the saved index of ${this.file} cannot be used: ${this.place} should be ${expected}, found ${found}`, {
      context: { granule: this.file, file: this.file }
    });
  }

  get(name: string): Field {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) throw this.bad('an object');
    const place = this.place === 'it' ? name : `${this.place}.${name}`;
    return new Field(this.file, place, Object.hasOwn(this.value, name) ? (this.value as Readonly<Record<string, unknown>>)[name] : undefined);
  }

  list(most = Infinity): readonly Field[] {
    const { value } = this;
    if (!Array.isArray(value) || value.length > most) throw this.bad(most === Infinity ? 'a list' : `a list of at most ${most}`);
    return value.map((_, i) => this.at(i));
  }

  /** Element `i` of a list. */
  at(i: number): Field {
    return new Field(this.file, `${this.place}[${i}]`, (this.value as readonly unknown[])[i]);
  }

  /** A list of whole numbers. There may be thousands: words for the place of each are made only for one that is wrong. */
  wholes(signed = false): readonly number[] {
    const { value } = this;
    if (!Array.isArray(value)) throw this.bad('a list');
    for (let i = 0; i < value.length; i++) if (!Number.isSafeInteger(value[i]) || (!signed && (value[i] as number) < 0)) this.at(i).whole(signed);
    return value as readonly number[];
  }

  whole(signed = false): number {
    const { value } = this;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || (!signed && value < 0)) throw this.bad(signed ? 'a whole number' : 'a whole number of at least 0');
    return value;
  }

  flag(): boolean {
    if (typeof this.value !== 'boolean') throw this.bad('true or false');
    return this.value;
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.bad('text');
    return this.value;
  }

  /** Bytes from hexadecimal. */
  bytes(): Uint8Array {
    const text = this.text();
    if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) throw this.bad('hexadecimal bytes');
    return Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16));
  }

  /** A fill value in the kind of number that values of `type` are. */
  number(type: StoredType): number | bigint {
    const text = this.text();
    if (type === 'int64' || type === 'uint64') {
      if (/^-?\d{1,20}$/.test(text)) return BigInt(text);
    } else if (/^(-?(\d+(\.\d+)?(e[+-]?\d+)?|Infinity)|NaN)$/.test(text) && text.length < 64) return Number(text);
    throw this.bad('a number as text');
  }
}
