import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, MaggError, type JsonObject, type JsonValue } from '../../base/index.js';

/** A group of a store, by two files: looking at more takes seconds where there are a million chunks. */
export interface StoreGroup {
  readonly childOrder: number;
  /** False: its `zarr.json` is not there, or is no JSON object. */
  readonly exists: boolean;
  /** Whether its `zarr.json` is there, whatever stands in it. */
  readonly hasNode: boolean;
  /** Whether chunks stand in its folder, which `magg run` does not touch where `exists` is false. */
  readonly hasChunks: boolean;
  /** Whether the store has a `zarr.json` that is a JSON object. */
  readonly hasRoot: boolean;
  /** Whether the consolidated metadata name it, there or not. */
  readonly isListed: boolean;
  /** Whether it is there and stands in the consolidated metadata. */
  readonly finished: boolean;
  /** As its attributes say; undefined in stores of older programs. */
  readonly completeness: string | undefined;
  /** As its attributes say. */
  readonly parentOrder: number | undefined;
}

const isOrder = (name: string): boolean => /^(0|1\d|2\d|[1-9])$/.test(name);
const foldersIn = (path: string): readonly string[] =>
  existsSync(path) && statSync(path).isDirectory() ? readdirSync(path, { withFileTypes: true }).filter(entry => entry.isDirectory() && isOrder(entry.name)).map(({ name }) => name) : [];

/**
 * The groups of a local store, overviews left out, by ascending order: also those of which only the journal is there, or only
 * what the metadata of the store say. Throws `not-a-store`.
 */
export function storeGroups(path: string): readonly StoreGroup[] {
  const store = path.replace(/[/\\]+$/, '') || path;
  const journalled = foldersIn(`${store}.magg`);
  const root = readNode(join(store, 'zarr.json'));
  const consolidated = isJsonObject(root?.consolidated_metadata) && isJsonObject(root.consolidated_metadata.metadata) ? root.consolidated_metadata.metadata : {};
  const names = [...new Set([...foldersIn(store), ...journalled, ...Object.keys(consolidated).filter(isOrder)])].sort((a, b) => Number(a) - Number(b));
  const groups = names.flatMap((name): readonly StoreGroup[] => {
    const node = readNode(join(store, name, 'zarr.json'));
    const attributes = attributesIn(node);
    const told = attributesIn(consolidated[name]);
    const isListed = Object.hasOwn(consolidated, name);
    if (attributes.overview_of !== undefined || told.overview_of !== undefined) return [];
    // Without its root only attributes that no other program writes tell a group of ours.
    if (!isListed && !journalled.includes(name) && (!node || (!root && attributes.latitude_convention === undefined))) return [];
    const { completeness, parent_order: parentOrder } = attributes;
    return [{
      childOrder: Number(name), exists: node !== undefined, hasNode: existsSync(join(store, name, 'zarr.json')), hasChunks: hasChunks(join(store, name)), hasRoot: root !== undefined, isListed,
      finished: node !== undefined && isListed, completeness: typeof completeness === 'string' ? completeness : undefined,
      parentOrder: typeof parentOrder === 'number' ? parentOrder : undefined
    }];
  });
  if (groups.length === 0) throw notAStore(path);
  return groups;
}

/** What a template that was cut off leaves, which a run goes on with, does not count. */
function hasChunks(group: string): boolean {
  const arrays = existsSync(group) ? readdirSync(group, { withFileTypes: true }).filter(entry => entry.isDirectory() && entry.name !== 'parents' && !entry.name.endsWith('_bin')) : [];
  return arrays.some(({ name }) => readdirSync(join(group, name)).some(file => file !== 'zarr.json'));
}

/** Orders of the overviews of a group, ascending: those that it or the consolidated metadata name once it is finished, and those that stand there. */
export function overviewsOf(path: string, { childOrder, finished }: StoreGroup): readonly number[] {
  const told = attributesOf(path, String(childOrder)).overviews;
  const named = finished && Array.isArray(told) ? told.map(Number) : [];
  const consolidated = readNode(join(path, 'zarr.json'))?.consolidated_metadata;
  const nodes = isJsonObject(consolidated) && isJsonObject(consolidated.metadata) ? consolidated.metadata : {};
  const listed = Object.keys(nodes).filter(name => isOrder(name) && attributesIn(nodes[name]).overview_of === String(childOrder)).map(Number);
  const standing = foldersIn(path).filter(name => attributesOf(path, name).overview_of === String(childOrder)).map(Number);
  return [...new Set([...named, ...listed, ...standing])].sort((a, b) => a - b);
}

const attributesOf = (path: string, name: string): JsonObject => attributesIn(readNode(join(path, name, 'zarr.json')));

function attributesIn(node: JsonValue | undefined): JsonObject {
  return isJsonObject(node) && isJsonObject(node.attributes) ? node.attributes : {};
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
