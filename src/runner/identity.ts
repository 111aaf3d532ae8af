import { resolveInnerOrder, type PipelineConfig } from '../config/index.js';
import { canonicalJson } from './canonical-json.js';
import type { PlannedCell, PlannedGranule } from './plan.js';
import type { Settings } from './settings.js';

/** SHA-256 of a text in UTF-8, as 64 hexadecimal digits. */
export async function sha256(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), byte => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * 16 hexadecimal digits that are equal for runs that must give equal bytes: the settings, the granules with size and tag but
 * without the way to reach them, the cells in their order, how chunks are stored.
 */
export async function planIdentity(of: {
  readonly config: PipelineConfig;
  readonly parentOrder: number;
  readonly settings: Settings;
  readonly granules: readonly PlannedGranule[];
  readonly cells: readonly PlannedCell[] | undefined;
}): Promise<string> {
  const { compression, coordinates, layout, sharding, overviews } = of.config;
  const text = canonicalJson({
    settings: of.settings,
    output: { compression, morton: coordinates.mortonDtype, layout, sharding: resolveInnerOrder(sharding, of.parentOrder, of.config.grid.childOrder) ?? null, overviews },
    granules: of.granules.map(({ id, sizeBytes, tag }) => [id, sizeBytes ?? null, tag ?? null]),
    cells: of.cells?.map(cell => [cell.morton, ...cell.granules]) ?? null
  });
  return (await sha256(text)).slice(0, 16);
}

/**
 * Whether a granule has changed since it was read. What is not known on one side does not count, nor do tags of two kinds: a
 * modification time and an HTTP entity tag say nothing about each other.
 */
export function hasChanged(before: Fingerprint, now: Fingerprint): boolean {
  if (before.sizeBytes !== undefined && now.sizeBytes !== undefined && before.sizeBytes !== now.sizeBytes) return true;
  if (before.tag === undefined || now.tag === undefined || kindOf(before.tag) !== kindOf(now.tag)) return false;
  return before.tag !== now.tag;
}

/** What tells two states of a granule apart. */
export interface Fingerprint {
  readonly sizeBytes?: number | undefined;
  /** Changes with the content, such as `mtime:...`; the part before the colon is its kind. */
  readonly tag?: string | undefined;
}

const kindOf = (tag: string): string => tag.slice(0, tag.indexOf(':') + 1);
