import type { JsonValue } from '../base/index.js';
import type { PipelineConfig } from '../config/index.js';
import { canonicalJson } from './canonical-json.js';

/** Raised when the values that a config and its granules lead to change. */
export const ALGORITHM_VERSION = 2;

/**
 * What defines the values of a cell besides its granules: the keys of a config, under the names that a user knows, each as canonical
 * JSON. Equal settings and equal granules give equal values.
 */
export type Settings = Readonly<Record<string, string>>;

/** The settings of a config. Attributes and how chunks are stored are none: they change no value. */
export function settingsOf({ source, variables, grid }: PipelineConfig, parentOrder: number): Settings {
  const entries: [string, unknown][] = [
    ['version of the algorithm', ALGORITHM_VERSION],
    ['data_source.groups', source.groups ?? null],
    ['data_source.coordinates', [source.latitude, source.longitude]],
    ...source.levels.map((level): [string, unknown] => [`data_source.levels.${level.name}`, level]),
    ...source.columns.map((column): [string, unknown] => [`data_source.variables.${column.name}`, column]),
    ...source.lets.map(({ name, expression }): [string, unknown] => [`data_source.let.${name}`, expression]),
    ['data_source.filters', source.filters.map(filter => (filter.kind === 'expression' ? filter.expression : filter))],
    ...variables.map(({ name, expression, dtype, fillValue, bins }): [string, unknown] => [
      `aggregation.variables.${name}`,
      { expression, dtype, fill: String(fillValue), bins: bins ?? null }
    ]),
    ['output.grid', { parent: parentOrder, child: grid.childOrder, latitude: grid.latitude }]
  ];
  return Object.fromEntries(entries.map(([key, value]) => [key, canonicalJson(plain(value))]));
}

/** The settings that decide which cells a granule touches. */
export function placing(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => /^(version|data_source\.(groups|coordinates|levels)|output\.grid)/.test(key)));
}

/** Names of the settings that differ, in alphabetical order. */
export function differingSettings(a: Settings, b: Settings): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(key => a[key] !== b[key]).sort();
}

/** As JSON: without what is undefined, without places in the text, numbers that JSON lacks as texts. */
function plain(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value !== 'object') return value as JsonValue;
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (key === 'span' || item === undefined ? [] : [[key, plain(item)]])));
}
