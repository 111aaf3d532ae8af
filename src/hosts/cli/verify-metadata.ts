import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type JsonValue } from '../../base/index.js';
import type { Problem } from './verify-group.js';

/** Where the consolidated metadata of a finished group differ from what stands in the group. */
export function metadataProblems(path: string, order: number): readonly Problem[] {
  const root = readJson(join(path, 'zarr.json'));
  const consolidated = isJsonObject(root) && isJsonObject(root.consolidated_metadata) && isJsonObject(root.consolidated_metadata.metadata) ? root.consolidated_metadata.metadata : {};
  const own = nodesIn(path, String(order));
  const problems: Problem[] = [];
  const tell = (node: string, what: string): void => void problems.push({ parent: null, array: node === String(order) ? null : node, file: `${node}/zarr.json`, redo: false, what });
  for (const node of own) {
    if (!Object.hasOwn(consolidated, node)) tell(node, 'is not in the consolidated metadata of the store');
    else if (!isSame(consolidated[node]!, readJson(join(path, node, 'zarr.json')))) tell(node, 'differs from the consolidated metadata of the store');
  }
  for (const node of Object.keys(consolidated)) {
    if (node.startsWith(`${order}/`) && !own.includes(node)) tell(node, 'is in the consolidated metadata, but not in the store');
  }
  return problems;
}

/** The group and all arrays and groups below it. */
function nodesIn(path: string, node: string): readonly string[] {
  if (!existsSync(join(path, node, 'zarr.json'))) return [];
  const below = readdirSync(join(path, node), { withFileTypes: true }).filter(entry => entry.isDirectory() && entry.name !== 'c');
  return [node, ...below.flatMap(({ name }) => nodesIn(path, `${node}/${name}`))];
}

function readJson(path: string): JsonValue {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as JsonValue;
  } catch (error) {
    // Not JSON: it is equal to nothing, which is then told.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isSame(a: JsonValue, b: JsonValue): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  const [left, right] = [Object.keys(a), Object.keys(b)];
  return left.length === right.length && left.every(key => Object.hasOwn(b, key) && isSame((a as Record<string, JsonValue>)[key]!, (b as Record<string, JsonValue>)[key]!));
}
