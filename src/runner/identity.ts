import type { JsonValue } from '../base/index.js';
import type { PipelineConfig } from '../config/index.js';
import type { PlannedCell } from './plan.js';

/** Raised when the bytes that a config and its granules lead to change. */
export const ALGORITHM_VERSION = 1;

/** JSON with keys in ascending order and without white space: equal values give equal text. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value as Record<string, JsonValue>).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** SHA-256 of a text in UTF-8, as 64 hexadecimal digits. */
export async function sha256(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), byte => byte.toString(16).padStart(2, '0')).join('');
}

/** 16 hexadecimal digits that are equal for runs that must give equal bytes: the keys of the config that define the output, the granules, the cells. */
export async function planIdentity(of: {
  readonly config: PipelineConfig;
  readonly parentOrder: number;
  readonly granules: readonly string[];
  readonly cells: readonly PlannedCell[] | undefined;
}): Promise<string> {
  const { source, grid, compression, coordinates, variables } = of.config;
  const text = canonicalJson({
    algorithm: ALGORITHM_VERSION,
    source: { groups: source.groups ?? null, latitude: source.latitude as never, longitude: source.longitude as never, columns: source.columns as never, filters: source.filters as never },
    variables: variables.map(v => ({ name: v.name, dtype: v.dtype, fill: String(v.fillValue), expression: withoutSpans(v.expression as never) })),
    grid: { parent: of.parentOrder, child: grid.childOrder, latitude: grid.latitude },
    output: { compression, morton: coordinates.mortonDtype },
    granules: of.granules,
    cells: of.cells?.map(cell => [cell.morton, ...cell.granules]) ?? null
  });
  return (await sha256(text)).slice(0, 16);
}

/** Where in the text an expression stood does not change what it means. */
function withoutSpans(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(withoutSpans);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value as Record<string, JsonValue>).filter(([key]) => key !== 'span').map(([key, item]) => [key, withoutSpans(item)]));
}
