import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, MaggError, type JsonObject, type JsonValue } from '../../base/index.js';

/** A group of a store, by two files: looking at more takes seconds where there are a million chunks. */
export interface StoreGroup {
  readonly childOrder: number;
  /** False: only its journal is there. */
  readonly exists: boolean;
  /** Whether it stands in the consolidated metadata. */
  readonly finished: boolean;
  /** As its attributes say; undefined in stores of older programs. */
  readonly completeness: string | undefined;
}

const isOrder = (name: string): boolean => /^(0|1\d|2\d|[1-9])$/.test(name);
const foldersIn = (path: string): readonly string[] =>
  existsSync(path) && statSync(path).isDirectory() ? readdirSync(path, { withFileTypes: true }).filter(entry => entry.isDirectory() && isOrder(entry.name)).map(({ name }) => name) : [];

/** The groups of a local store, overviews left out, and those of which only the journal is there, by ascending order. Throws `not-a-store`. */
export function storeGroups(path: string): readonly StoreGroup[] {
  const store = path.replace(/[/\\]+$/, '') || path;
  const journalled = foldersIn(`${store}.magg`);
  const root = readNode(join(store, 'zarr.json'));
  if (!root && journalled.length === 0) throw notAStore(path);
  const consolidated = isJsonObject(root?.consolidated_metadata) && isJsonObject(root.consolidated_metadata.metadata) ? root.consolidated_metadata.metadata : {};
  const names = [...new Set([...foldersIn(store), ...journalled])].sort((a, b) => Number(a) - Number(b));
  const groups = names.flatMap((name): readonly StoreGroup[] => {
    const node = readNode(join(store, name, 'zarr.json'));
    const attributes = isJsonObject(node?.attributes) ? node.attributes : {};
    if (attributes.overview_of !== undefined || (!node && !journalled.includes(name))) return [];
    const { completeness } = attributes;
    return [{ childOrder: Number(name), exists: node !== undefined, finished: Object.hasOwn(consolidated, name), completeness: typeof completeness === 'string' ? completeness : undefined }];
  });
  if (groups.length === 0) throw notAStore(path);
  return groups;
}

/** Orders of the overviews of a group, ascending: those that it names once it is finished, and those that stand there. */
export function overviewsOf(path: string, { childOrder, finished }: StoreGroup): readonly number[] {
  const told = attributesOf(path, String(childOrder)).overviews;
  const named = finished && Array.isArray(told) ? told.map(Number) : [];
  const standing = foldersIn(path).filter(name => attributesOf(path, name).overview_of === String(childOrder)).map(Number);
  return [...new Set([...named, ...standing])].sort((a, b) => a - b);
}

function attributesOf(path: string, name: string): JsonObject {
  const attributes = readNode(join(path, name, 'zarr.json'))?.attributes;
  return isJsonObject(attributes) ? attributes : {};
}

function notAStore(path: string): MaggError {
  const what = !existsSync(path) ? 'does not exist' : statSync(path).isDirectory() ? 'holds no group of a magg store, which has the name of a HEALPix order (such as 12)' : 'is a file';
  return new MaggError('not-a-store', `${path} ${what}; name the folder of a store, such as out.zarr`);
}

function readNode(path: string): JsonObject | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const node = JSON.parse(readFileSync(path, 'utf8')) as JsonValue;
    return isJsonObject(node) ? node : undefined;
  } catch (cause) {
    // A run writes it in place: it is read in the middle of that, or damaged, which magg verify tells.
    if (cause instanceof SyntaxError) return undefined;
    throw new MaggError('damaged-store', `${path} could not be read: ${String(cause)}; change the permissions or restore the file`, { cause });
  }
}
