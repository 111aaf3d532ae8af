import type { JsonObject, JsonValue } from '../base/index.js';
import { checkBounds } from './check-bounds.js';
import { checkGrid } from './check-grid.js';
import { checkSchema } from './check-schema.js';
import { checkSource } from './check-source.js';
import type { Diagnostic } from './diagnostic.js';
import { jsonOf } from './json-of.js';
import type { Partially } from './partial.js';
import type { DatasetPath, OutputVariable, PipelineConfig } from './pipeline-config.js';
import type { PipelineDocument } from './pipeline-document.generated.js';
import { readVariables } from './read-variables.js';
import { readYaml } from './read-yaml.js';
import { NOWHERE, Report } from './report.js';

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
    if (checked.data_source) checkSource(checked.data_source, report);
    const variables = readVariables(checked.aggregation?.variables ?? {}, columnsOf(document), report);
    checkGrid(checked, report);
    if (checked.bounds) checkBounds(checked.bounds, report);
    // Nothing was found wrong, so the document is what the schema says.
    if (!report.failed) return { config: configOf(checked as unknown as PipelineDocument, variables, document), diagnostics: report.diagnostics() };
  }
  return { diagnostics: report.diagnostics() };
}

/** Names of the columns, of those too whose path is wrong: using them is no second mistake. */
function columnsOf(document: JsonObject): readonly string[] {
  const source = document.data_source;
  const variables = typeof source === 'object' && source !== null && !Array.isArray(source) ? (source as JsonObject).variables : undefined;
  return typeof variables === 'object' && variables !== null && !Array.isArray(variables) ? Object.keys(variables) : [];
}

const pathOf = (dataset: string): DatasetPath => ({ dataset, column: undefined, level: undefined });

function configOf({ data_source: source, aggregation, output, catalog, bounds }: PipelineDocument, variables: readonly OutputVariable[], document: JsonObject): PipelineConfig {
  const filter = source.quality_filter;
  return {
    source: {
      driver: source.driver ?? 'auto',
      groups: source.groups,
      granules: source.granules,
      levels: [],
      latitude: pathOf(source.coordinates.latitude),
      longitude: pathOf(source.coordinates.longitude),
      columns: Object.entries(source.variables).map(([name, dataset]) => ({ name, ...pathOf(dataset) })),
      lets: [],
      filters: filter ? [{ kind: 'dataset', ...pathOf(filter.dataset), test: { op: 'equal', value: filter.value } }] : []
    },
    variables,
    coordinates: { mortonDtype: aggregation.coordinates?.morton?.dtype ?? 'uint64' },
    grid: { parentOrder: output.grid.parent_order, childOrder: output.grid.child_order, latitude: output.grid.latitude ?? 'authalic' },
    store: output.store,
    compression: output.compression ?? 'none',
    layout: 'dense',
    sharding: undefined,
    overviews: [],
    run: { memoryBytes: undefined, workers: undefined },
    catalog,
    bounds: { startDate: bounds?.temporal?.start_date, endDate: bounds?.temporal?.end_date, spatial: bounds?.spatial as readonly number[] | JsonObject | undefined },
    document
  };
}
