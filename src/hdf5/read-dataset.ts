import { MaggError } from '../base/index.js';
import { attributeMessages, attributeName, readAttribute } from './attribute.js';
import { attributeValue } from './attribute-value.js';
import { readChunkIndex } from './chunk-index.js';
import { ChunkGrid } from './chunk-grid.js';
import { grouped } from './damage.js';
import type { ChunkPlace, DatasetFacts } from './dataset-facts.js';
import { countOf, readDataspace, type Dataspace } from './dataspace.js';
import { readDatatype, type Datatype } from './datatype.js';
import { readFill } from './fill-value.js';
import { readFilters } from './filter-pipeline.js';
import { readLayout } from './layout.js';
import { MESSAGE, sharedAddress, readHeader, type HeaderMessage } from './object-header.js';
import { OffFastPath } from './off-fast-path.js';
import type { PageCache } from './page-cache.js';
import type { StoredType } from './numeric-array.js';

interface Described extends Dataspace {
  readonly type: Datatype;
  /** The data layout message. */
  readonly layout: Uint8Array;
}

/** Shape and type of a dataset; undefined when the header belongs to something else. */
export function readShape(pages: PageCache, messages: readonly HeaderMessage[]): Described | undefined {
  const find = (type: number): HeaderMessage | undefined => messages.find(m => m.type === type);
  const space = find(MESSAGE.dataspace);
  const type = find(MESSAGE.datatype);
  const layout = find(MESSAGE.layout);
  if (!space || !type || !layout) return undefined;
  const body = space.shared ? readHeader(pages, sharedAddress(pages, space.data)).find(m => m.type === MESSAGE.dataspace && !m.shared)?.data : space.data;
  if (!body) throw pages.damaged('a shared dataspace is none');
  return { ...readDataspace(pages, body), type: readDatatype(pages, type), layout: layout.data };
}

/**
 * All there is to know for reading a dataset of numbers, its chunk index included; undefined when there is no dataset.
 * Throws `not-numeric`, `damaged-file`, and {@link OffFastPath} for what the ranged reader does not do.
 */
export function readDataset(pages: PageCache, path: string, messages: readonly HeaderMessage[]): DatasetFacts | undefined {
  const found = readShape(pages, messages);
  if (!found) return undefined;
  const { shape, maxShape, type } = found;
  if (type.kind !== 'number') throw notNumeric(pages.name, path, type.kind === 'other' ? type.name : 'text');
  if (messages.some(m => m.type === MESSAGE.externalFiles)) throw valuesElsewhere(pages.name, path, 'a raw file');
  const pipeline = messages.find(m => m.type === MESSAGE.filters);
  if (pipeline?.shared) throw new OffFastPath('a shared filter pipeline');

  const layout = readLayout(pages, found.layout);
  const { filters, unknown } = pipeline && layout.kind === 'chunked' ? readFilters(pages, pipeline.data) : { filters: [], unknown: [] };
  const facts = { path, shape, stored: type.type, bigEndian: type.bigEndian, filters, absent: readFill(pages, messages), fillValue: readFillValue(pages, messages, type.type) };
  const bytes = countOf(shape) * type.sizeBytes;
  const whole = shape.length === 0 ? [1] : shape.map(size => Math.max(1, size));
  switch (layout.kind) {
    case 'compact':
      if (layout.bytes.length < bytes) throw pages.damaged(`${path} has ${layout.bytes.length} bytes, ${bytes} expected`);
      return { ...facts, chunkShape: whole, plainEdges: false, storage: { kind: 'compact', bytes: new Uint8Array(layout.bytes.subarray(0, bytes)) } };
    case 'contiguous': {
      const chunkShape = [Math.min(whole[0]!, rowsAtOnce(countOf(whole.slice(1)) * type.sizeBytes)), ...whole.slice(1)];
      const offset = layout.address === undefined ? 0 : layout.address + pages.base;
      if (layout.address !== undefined && offset + bytes > pages.sizeBytes) throw pages.damaged(`${path} ends at byte ${grouped(offset + bytes)}, the file has ${grouped(pages.sizeBytes)}`);
      assertAbsent(pages, path, layout.address === undefined ? bytes : 0);
      return { ...facts, chunkShape, plainEdges: false, storage: layout.address === undefined ? { kind: 'listed', places: new Map() } : { kind: 'contiguous', offset } };
    }
    case 'chunked': {
      const { chunkShape, elementBytes, plainEdges } = layout;
      if (chunkShape.length !== shape.length || elementBytes !== type.sizeBytes) throw pages.damaged(`${path} has chunks that do not fit its shape and type`);
      const grid = new ChunkGrid(shape, chunkShape);
      if (!Number.isSafeInteger(grid.chunkValues * elementBytes)) throw pages.damaged(`${path} has chunks of ${chunkShape.join(' x ')} values`);
      const storage = readChunkIndex(pages, layout, grid, maxShape, filters.length > 0);
      if (storage.kind === 'listed') {
        for (const { at, name } of unknown) if ([...storage.places.values()].some(({ filterMask }) => !(filterMask & (1 << at)))) throw unknownFilter(pages.name, path, name);
        assertChunks(pages, path, storage.places, grid.size - storage.places.size, grid.chunkValues * elementBytes);
      }
      return { ...facts, chunkShape, plainEdges, storage };
    }
  }
}

/** A contiguous dataset is read in pieces of this many bytes, so that one of any length fits in memory. */
const PIECE_BYTES = 1 << 20;
const MAX_PIECE_ROWS = 65_536;
/** What was never written is made when it is decoded: a file may claim any amount of it. */
const MAX_ABSENT_BYTES = 2 ** 32;
const MAX_ABSENT_CHUNKS = 1 << 23;

/** Rows of such a piece: a power of two, so that pieces of several columns end at the same rows. */
export const rowsAtOnce = (rowBytes: number): number => Math.min(MAX_PIECE_ROWS, 2 ** Math.floor(Math.log2(Math.max(1, PIECE_BYTES / rowBytes))));

/** Throws `damaged-file` where chunks must lie over each other, or more was never written than anyone wants to read. */
function assertChunks(pages: PageCache, path: string, places: ReadonlyMap<number, ChunkPlace>, absentChunks: number, chunkBytes: number): void {
  let stored = 0;
  for (const { length } of places.values()) stored += length;
  if (stored > pages.sizeBytes) throw pages.damaged(`the chunks of ${path} have ${grouped(stored)} bytes in a file of ${grouped(pages.sizeBytes)}`);
  if (absentChunks > MAX_ABSENT_CHUNKS) throw pages.damaged(`${path} claims ${grouped(absentChunks)} chunks that were never written`);
  assertAbsent(pages, path, absentChunks * chunkBytes);
}

function assertAbsent(pages: PageCache, path: string, bytes: number): void {
  if (bytes > MAX_ABSENT_BYTES) throw pages.damaged(`${path} claims ${grouped(bytes)} bytes that were never written`);
}

/** The attribute `_FillValue`, as bigint for 64-bit integers, as number for others. */
function readFillValue(pages: PageCache, messages: readonly HeaderMessage[], type: StoredType): number | bigint | undefined {
  const message = attributeMessages(pages, messages).find(m => attributeName(pages, m) === '_FillValue');
  if (!message) return undefined;
  const value = attributeValue(pages, readAttribute(pages, message));
  return fillFor(type, typeof value === 'object' ? value[0] : value);
}

/** A fill value in the kind of number that values of `type` are; undefined for text and for what the type cannot hold. */
export function fillFor(type: StoredType, value: number | bigint | string | undefined): number | bigint | undefined {
  if (value === undefined || typeof value === 'string') return undefined;
  if (type !== 'int64' && type !== 'uint64') return Number(value);
  return typeof value === 'bigint' ? value : Number.isInteger(value) ? BigInt(value) : undefined;
}

export const notNumeric = (file: string, path: string, found: string): MaggError =>
  new MaggError('not-numeric', `${path} of ${file} holds ${found}, expected numbers of 8 to 64 bits. Choose another dataset (magg inspect lists them).`, {
    context: { granule: file, file, dataset: path }
  });

/** The values of a dataset stand in other files, which is no damage: `where` says in what kind. */
export const valuesElsewhere = (file: string, path: string, where: string): MaggError =>
  new MaggError('unsupported', `${path} of ${file} has its values in another file (${where}). Write one file that holds them (h5repack does), and name that.`, {
    context: { granule: file, file, dataset: path }
  });

const unknownFilter = (file: string, path: string, name: string): MaggError =>
  new MaggError('unsupported', `${path} of ${file} is compressed with ${name}, which is not built in. Write the file again where that filter is installed: h5repack -f GZIP=4 IN OUT.`, {
    context: { granule: file, file, dataset: path }
  });
