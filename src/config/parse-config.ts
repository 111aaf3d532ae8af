import { isJsonObject, type JsonObject, type JsonValue } from '../base/index.js';
import { checkBounds } from './check-bounds.js';
import { checkGrid } from './check-grid.js';
import { checkOutput } from './check-output.js';
import { checkSchema } from './check-schema.js';
import { checkSource } from './check-source.js';
import { datasetPathOf } from './dataset-path.js';
import type { Diagnostic } from './diagnostic.js';
import { resolveInnerOrder } from './inner-order.js';
import { jsonOf } from './json-of.js';
import { readMemory } from './memory-size.js';
import type { Partially } from './partial.js';
import type { LetColumn, OutputVariable, PipelineConfig, RowFilter } from './pipeline-config.js';
import type { Output, PipelineDocument } from './pipeline-document.generated.js';
import { readFilters } from './read-filters.js';
import { readLets } from './read-lets.js';
import { readVariables } from './read-variables.js';
import { readYaml } from './read-yaml.js';
import { NOWHERE, Report } from './report.js';
import { typesOf } from './row-expression.js';

export interface ParsedConfig {
  /** Undefined when a diagnostic is an error. */
  readonly config?: PipelineConfig;
  /** By place in the text. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface ParseOptions {
  /** For messages about the whole text. */
  readonly fileName?: string;
}

/**
 * Reads and checks the YAML (or JSON) text of a pipeline config. Everything that is wrong is told at once, by place; no text
 * makes it throw. Values are read as PyYAML does, and where YAML 1.2 would read another value, a warning says so.
 */
export function parseConfig(text: string, { fileName = 'the config' }: ParseOptions = {}): ParsedConfig {
  const { value, report } = readYaml(text);
  return value === undefined ? { diagnostics: report.diagnostics() } : checkDocument(value, report, fileName);
}

/**
 * Checks a config that comes as an object, such as the `config` of a Lambda event. Diagnostics have paths; line and column
 * are 1, since there is no text.
 */
export function parseConfigDocument(document: unknown, { fileName = 'the config' }: ParseOptions = {}): ParsedConfig {
  const report = new Report(NOWHERE);
  const value = jsonOf(document, report);
  return value === undefined ? { diagnostics: report.diagnostics() } : checkDocument(value, report, fileName);
}

function checkDocument(value: JsonValue, report: Report, fileName: string): ParsedConfig {
  if (value === null) {
    report.addAt(undefined, { code: 'empty', path: [], message: `${fileName} is empty: a config has data_source, aggregation and output; start from a built-in one, such as atl06` });
  } else if (typeof value !== 'object' || Array.isArray(value)) {
    report.add({ code: 'not-a-mapping', path: [], message: `${fileName} holds ${Array.isArray(value) ? 'a list' : 'a single value'}: a config is a mapping with data_source, aggregation and output` });
  } else {
    const document = value as JsonObject;
    const checked = checkSchema(document, report) as Partially<PipelineDocument>;
    const source = checked.data_source ?? {};
    checkSource(source, report);
    const columns = namesIn(document, 'variables');
    const lets = readLets(source.let ?? {}, columns, report);
    const names = [...columns, ...namesIn(document, 'let')];
    const types = typesOf(lets, columns);
    const filters = readFilters(source.quality_filter, source.filters ?? [], names, types, report);
    const variables = readVariables(checked.aggregation?.variables ?? {}, names, types, report);
    checkGrid(checked, report);
    checkOutput(checked, report);
    if (checked.bounds) checkBounds(checked.bounds, report);
    // Nothing was found wrong, so the document is what the schema says.
    if (!report.failed) return { config: configOf(checked as unknown as PipelineDocument, { lets, filters, variables }, document), diagnostics: report.diagnostics() };
  }
  return { diagnostics: report.diagnostics() };
}

/** Names of the columns, of those too whose path is wrong: using them is no second mistake. */
function namesIn({ data_source: source }: JsonObject, key: 'variables' | 'let'): readonly string[] {
  const columns = isJsonObject(source) ? source[key] : undefined;
  return isJsonObject(columns) ? Object.keys(columns) : [];
}

interface ReadParts {
  readonly lets: readonly LetColumn[];
  readonly filters: readonly RowFilter[];
  readonly variables: readonly OutputVariable[];
}

function shardingOf({ sharding, grid }: Output): PipelineConfig['sharding'] {
  if (sharding === undefined || sharding === false) return undefined;
  if (sharding !== true) return { innerOrder: sharding.inner_order };
  const { parent_order: parent, child_order: child } = grid;
  return { innerOrder: parent === undefined ? 'auto' : resolveInnerOrder({ innerOrder: 'auto' }, parent, child)! };
}

/** A size that was found wrong is not there. */
function memoryOf(written: number | string | undefined): number | undefined {
  const memory = written === undefined ? undefined : readMemory(written);
  return typeof memory === 'number' ? memory : undefined;
}

function configOf({ data_source: source, aggregation, output, catalog, bounds, run }: PipelineDocument, { lets, filters, variables }: ReadParts, document: JsonObject): PipelineConfig {
  return {
    source: {
      driver: source.driver ?? 'auto',
      groups: source.groups,
      granules: source.granules,
      levels: Object.entries(source.levels ?? {}).map(([name, { index, count, index_base: indexBase = 1 }]) => ({ name, index, count, indexBase })),
      latitude: datasetPathOf(source.coordinates.latitude),
      longitude: datasetPathOf(source.coordinates.longitude),
      columns: Object.entries(source.variables).map(([name, dataset]) => ({ name, ...datasetPathOf(dataset) })),
      lets,
      filters
    },
    variables,
    coordinates: { mortonDtype: aggregation.coordinates?.morton?.dtype ?? 'uint64' },
    grid: { parentOrder: output.grid.parent_order, childOrder: output.grid.child_order, latitude: output.grid.latitude ?? 'authalic' },
    store: output.store,
    compression: output.compression ?? 'none',
    layout: output.layout ?? 'dense',
    sharding: shardingOf(output),
    overviews: [...(output.overviews ?? [])].sort((a, b) => a - b),
    run: { memoryBytes: memoryOf(run?.memory), workers: run?.workers },
    catalog,
    bounds: { startDate: bounds?.temporal?.start_date, endDate: bounds?.temporal?.end_date, spatial: bounds?.spatial as readonly number[] | JsonObject | undefined },
    document
  };
}
