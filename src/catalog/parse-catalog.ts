import { MaggError, type JsonObject } from '../base/index.js';
import { parseMortonDecimal } from '../grid/index.js';
import { CONVENTION_NAMES } from '../zarr/index.js';
import { BAD_CATALOG, type Catalog, type CatalogCell } from './catalog.js';
import { GranuleTable } from './granule-table.js';
import { JsonReader } from './json-reader.js';
import { parseMetadata } from './metadata.js';

const REBUILD = 'build the catalog anew, or fetch the whole file again';

interface RawCell extends CatalogCell {
  readonly order: number;
  readonly offset: number;
}

/**
 * Reads a catalog file. Throws `bad-catalog` with line and column: no JSON, cut off, metadata missing or of another kind,
 * keys that are no cells of the parent order, cells or granules that stand twice, another number of cells than the
 * metadata say, no cells.
 *
 * @param name of the file, for messages
 */
export function parseCatalog(text: string, name = 'the catalog'): Catalog {
  const reader = new JsonReader(text, BAD_CATALOG, name);
  let metadata: JsonObject | undefined;
  let cells: RawCell[] | undefined;
  reader.readObject(key => {
    if (key === 'metadata') metadata = readMetadata(reader);
    else if (key === 'catalog') cells = readCells(reader);
    else reader.readValue();
  });
  reader.readEnd();
  const fail = (message: string): never => {
    throw new MaggError(BAD_CATALOG, `${name}: ${message}`);
  };
  if (!metadata) return fail('expected the member "metadata" with parent_order, found none');
  if (!cells) return fail('expected the member "catalog" with cells and their granules, found none');
  const checked = parseMetadata(metadata);
  if (typeof checked === 'string') return fail(checked);
  const { parent_order: parentOrder, total_cells: total } = checked;
  for (const { order, morton, offset } of cells) {
    if (order === parentOrder) continue;
    throw reader.error(`the cell ${morton} is of order ${order}, but metadata.parent_order is ${parentOrder}; ${REBUILD}`, offset);
  }
  if (cells.length === 0) return fail('expected at least one cell, found none: no granule touches the region; widen bbox, polygon or dates');
  if (total !== undefined && total !== cells.length) {
    return fail(`metadata.total_cells is ${total}, but ${cells.length} cells stand in the file: it was cut or changed; ${REBUILD}, or set total_cells to ${cells.length} if that is what you want`);
  }
  return {
    metadata: checked,
    parentOrder,
    latitude: checked.latitude === CONVENTION_NAMES.authalic ? 'authalic' : 'spherical',
    cells: cells.map(({ cell, morton, granules }) => ({ cell, morton, granules }))
  };
}

function readMetadata(reader: JsonReader): JsonObject {
  const { offset } = reader;
  const value = reader.readValue();
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw reader.error('expected "metadata" to be an object', offset);
}

function readCells(reader: JsonReader): RawCell[] {
  const cells: RawCell[] = [];
  const keys = new Map<string, string>();
  const table = new GranuleTable();
  // By number of a granule id: 1 + the last cell that lists it.
  let listedIn = new Int32Array(1024);
  reader.readObject((key, offset) => {
    const { id, order } = parseKey(reader, key, offset);
    const identity = `${order}/${id}`;
    const twin = keys.get(identity);
    if (twin !== undefined) throw reader.error(`the cell ${key} stands twice, before as ${twin}; put its granules into one list`, offset);
    keys.set(identity, key);
    const granules: string[] = [];
    const mark = cells.length + 1;
    reader.readArray(() => {
      const number = reader.readKnownString(table, `the path or URL of a granule in the cell ${key}`);
      const text = table.texts[number]!;
      const idNumber = table.idNumbers[number]!;
      if (idNumber >= listedIn.length) {
        const longer = new Int32Array(listedIn.length * 2);
        longer.set(listedIn);
        listedIn = longer;
      }
      if (listedIn[idNumber] === mark) throw reader.error(`the granule ${text} is listed twice in the cell ${key}: its rows would count twice; remove one`);
      if (text === '') throw reader.error(`expected the path or URL of a granule in the cell ${key}, found an empty text`);
      listedIn[idNumber] = mark;
      granules.push(text);
    });
    cells.push({ cell: id, morton: key, granules, order, offset });
  });
  return cells;
}

function parseKey(reader: JsonReader, key: string, offset: number): { readonly id: bigint; readonly order: number } {
  try {
    return parseMortonDecimal(key);
  } catch (cause) {
    const error = reader.error(`expected the signed decimal morton id of a cell, such as 4441321 (base cell 1 to 6, then digits 1 to 4), found ${JSON.stringify(key.slice(0, 60))}`, offset);
    throw new MaggError(error.tag, error.message, { cause });
  }
}
