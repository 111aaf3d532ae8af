import { MaggError } from '../base/index.js';
import { attributeMessages, attributeName, readAttribute } from './attribute.js';
import { attributeValue } from './attribute-value.js';
import { readChunkIndex } from './chunk-index.js';
import { countOf, readDataspace } from './dataspace.js';
import { readDatatype, type Datatype } from './datatype.js';
import { readFill } from './fill-value.js';
import { readFilters } from './filter-pipeline.js';
import { readLayout } from './layout.js';
import { MESSAGE, sharedAddress, readHeader, type HeaderMessage } from './object-header.js';
import { OffFastPath } from './off-fast-path.js';
import type { PageCache } from './page-cache.js';
import type { DatasetFacts } from './ranged-dataset.js';

/** Shape and type of a dataset; undefined when the header belongs to something else. */
export function readShape(pages: PageCache, messages: readonly HeaderMessage[]): { readonly shape: readonly number[]; readonly type: Datatype; readonly layout: Uint8Array } | undefined {
  const find = (type: number): HeaderMessage | undefined => messages.find(m => m.type === type);
  const space = find(MESSAGE.dataspace);
  const type = find(MESSAGE.datatype);
  const layout = find(MESSAGE.layout);
  if (!space || !type || !layout) return undefined;
  const body = space.shared ? readHeader(pages, sharedAddress(pages, space.data)).find(m => m.type === MESSAGE.dataspace && !m.shared)?.data : space.data;
  if (!body) throw pages.damaged('a shared dataspace is none');
  return { shape: readDataspace(pages, body), type: readDatatype(pages, type), layout: layout.data };
}

/**
 * All there is to know for reading a dataset of numbers, its chunk index included; undefined when there is no dataset.
 * Throws `not-numeric`, `damaged-file`, and {@link OffFastPath} for what the ranged reader does not do.
 */
export function readDataset(pages: PageCache, path: string, messages: readonly HeaderMessage[]): DatasetFacts | undefined {
  const found = readShape(pages, messages);
  if (!found) return undefined;
  const { shape, type } = found;
  if (type.kind !== 'number') throw notNumeric(pages.name, path, type.kind === 'other' ? type.name : 'text');
  if (messages.some(m => m.type === MESSAGE.externalFiles)) throw new OffFastPath('values in other files');
  const pipeline = messages.find(m => m.type === MESSAGE.filters);
  if (pipeline?.shared) throw new OffFastPath('a shared filter pipeline');

  const layout = readLayout(pages, found.layout);
  const filters = pipeline && layout.kind === 'chunked' ? readFilters(pages, pipeline.data) : [];
  const rows = shape[0] ?? 1;
  const rowValues = countOf(shape.slice(1));
  const facts = {
    fileName: pages.name, path, shape, type: type.type, bigEndian: type.bigEndian, rowValues, filters,
    absent: readFill(pages, messages), fillValue: readFillValue(pages, messages, type.type)
  };
  const bytes = countOf(shape) * type.sizeBytes;
  switch (layout.kind) {
    case 'compact':
      if (layout.bytes.length < bytes) throw pages.damaged(`${path} has ${layout.bytes.length} bytes, ${bytes} expected`);
      return { ...facts, chunkRows: Math.max(1, rows), chunkCount: bytes > 0 ? 1 : 0, index: new Map(), compact: new Uint8Array(layout.bytes.subarray(0, bytes)) };
    case 'contiguous': {
      const offset = layout.address === undefined ? undefined : layout.address + pages.base;
      const index = new Map(offset === undefined ? [] : [[0, { offset, length: bytes, filterMask: 0 }]]);
      return { ...facts, chunkRows: Math.max(1, rows), chunkCount: bytes > 0 ? 1 : 0, index, compact: undefined };
    }
    case 'chunked': {
      const { chunkShape, elementBytes } = layout;
      if (chunkShape.length !== shape.length || elementBytes !== type.sizeBytes) throw pages.damaged(`${path} has chunks that do not fit its shape and type`);
      if (chunkShape.slice(1).some((size, i) => size !== shape[i + 1])) throw new OffFastPath('chunks along other dimensions than the first');
      const chunkRows = chunkShape[0]!;
      const chunkCount = rowValues === 0 ? 0 : Math.ceil(rows / chunkRows);
      const index = readChunkIndex(pages, layout, chunkCount, chunkRows * rowValues * elementBytes, filters.length > 0);
      return { ...facts, chunkRows, chunkCount, index, compact: undefined };
    }
  }
}

/** The attribute `_FillValue`, as bigint for 64-bit integers, as number for others. */
function readFillValue(pages: PageCache, messages: readonly HeaderMessage[], type: DatasetFacts['type']): number | bigint | undefined {
  const message = attributeMessages(pages, messages).find(m => attributeName(pages, m) === '_FillValue');
  if (!message) return undefined;
  const value = attributeValue(pages, readAttribute(pages, message));
  return fillFor(type, typeof value === 'object' ? value[0] : value);
}

/** A fill value in the kind of number that values of `type` are; undefined for text and for what the type cannot hold. */
export function fillFor(type: DatasetFacts['type'], value: number | bigint | string | undefined): number | bigint | undefined {
  if (value === undefined || typeof value === 'string') return undefined;
  if (type !== 'int64' && type !== 'uint64') return Number(value);
  return typeof value === 'bigint' ? value : Number.isInteger(value) ? BigInt(value) : undefined;
}

export const notNumeric = (file: string, path: string, found: string): MaggError =>
  new MaggError('not-numeric', `${path} of ${file} holds ${found}, expected numbers. Choose another dataset (magg inspect lists them).`, {
    context: { granule: file, file, dataset: path }
  });
