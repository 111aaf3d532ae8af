import { MaggError, type Abortable } from '../../base/index.js';
import type { DatasetFilter, DatasetPath, Level, PipelineConfig } from '../../config/index.js';
import type { Hdf5Dataset, Hdf5File } from '../../hdf5/index.js';
import type { CoarseRows } from './coarse-rows.js';
import type { ColumnPlan } from './column-plan.js';
import { openLevel } from './open-level.js';
import type { RowSource } from './row-source.js';

/** The datasets of one (granule, group): one value for each row, or for each coarse row of a level. */
export interface OpenGroup {
  readonly rows: number;
  /** A dataset with a value for every row: windows follow its chunks. */
  readonly frame: Hdf5Dataset;
  readonly latitude: RowSource;
  readonly longitude: RowSource;
  /** In the order of the column plan. */
  readonly columns: readonly RowSource[];
  /** In the order of the config's filters on datasets; empty when only positions are wanted. */
  readonly filters: readonly RowSource[];
}

/** The filters on datasets; those by expression need columns. */
export const datasetFilters = ({ source }: PipelineConfig): readonly DatasetFilter[] => source.filters.filter(filter => filter.kind === 'dataset');

export const inGroup = (template: string, group: string | null): string => (group === null ? template : template.replaceAll('{group}', group));

const parentPath = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** What of a config a pass needs. */
export interface GroupToOpen {
  readonly config: PipelineConfig;
  readonly group: string | null;
  readonly purpose: 'rows' | 'positions';
  /** The columns to read; none for positions. */
  readonly columns: ColumnPlan;
}

/**
 * Finds the datasets of a group and reads what its levels cover; undefined when the granule lacks the group, which is
 * normal: the parent path of its latitude is absent. Throws `missing-dataset`, `wrong-shape`, `bad-level`, `too-many-rows`
 * and what the file throws.
 */
export async function openGroup(file: Hdf5File, toOpen: GroupToOpen, options: Abortable): Promise<OpenGroup | undefined> {
  const { group, columns } = toOpen;
  const { wanted, levels, frame, paths } = listOf(toOpen);
  const found = await file.datasets(paths, options);
  if (group !== null && found[0] === undefined) {
    const [hasGroup] = await file.exists([parentPath(paths[0]!) || '/'], options);
    if (!hasGroup) return undefined;
  }
  const datasets = found.map((dataset, i) => {
    if (!dataset) throw missing(file.name, group, paths[i]!);
    return dataset;
  });
  const columnOf = (dataset: Hdf5Dataset, { column }: DatasetPath): Hdf5Dataset => (column === undefined ? dataset : dataset.column(column));
  const sources = wanted.map((path, i) => columnOf(datasets[i]!, path));
  const framed = frame ? columnOf(datasets[datasets.length - 1]!, frame) : sources[wanted.findIndex(({ level }) => level === undefined)]!;
  const rows = framed.shape[0] ?? 0;
  if (rows > MAX_ROWS) {
    throw new MaggError('too-many-rows', `${framed.path} of ${file.name} has ${rows} rows, at most ${MAX_ROWS} of one group can be read; leave the granule out`, {
      context: { granule: file.name, ...(group === null ? {} : { group }), dataset: framed.path }
    });
  }
  const covered = new Map<string, CoarseRows>();
  for (const [l, level] of levels.entries()) {
    const [index, count] = [datasets[wanted.length + 2 * l]!, datasets[wanted.length + 2 * l + 1]!];
    covered.set(level.name, await openLevel(file, { level, index, count, group, rows }, options));
  }
  const opened = wanted.map(({ level }, i): RowSource => {
    const dataset = sources[i]!;
    const own = level === undefined ? undefined : covered.get(level)!;
    checkShape(file.name, group, dataset, own ? { length: own.length, like: `the level ${level}` } : { length: rows, like: framed.path });
    return { dataset, level: own };
  });
  const [latitude, longitude, ...others] = opened as [RowSource, RowSource, ...RowSource[]];
  return { rows, frame: framed, latitude, longitude, columns: others.slice(0, columns.read.length), filters: others.slice(columns.read.length) };
}

/** Paths of the datasets of a group that a pass asks for. */
export const pathsOf = (toOpen: GroupToOpen): readonly string[] => listOf(toOpen).paths;

/** The datasets with rows, the levels that they need, and where none of them has a value for every row, one that has. */
function listOf({ config, group, purpose, columns }: GroupToOpen): {
  readonly wanted: readonly DatasetPath[];
  readonly levels: readonly Level[];
  readonly frame: DatasetPath | undefined;
  readonly paths: readonly string[];
} {
  const { source } = config;
  const wanted: readonly DatasetPath[] = [source.latitude, source.longitude, ...columns.read, ...(purpose === 'rows' ? datasetFilters(config) : [])];
  const levels = source.levels.filter(({ name }) => wanted.some(({ level }) => level === name));
  const frame = wanted.some(({ level }) => level === undefined) ? undefined : frameOf(config);
  const templates = [...wanted.map(({ dataset }) => dataset), ...levels.flatMap(({ index, count }) => [index, count]), ...(frame ? [frame.dataset] : [])];
  return { wanted, levels, frame, paths: templates.map(template => inGroup(template, group)) };
}

/** Rows are counted in 32 bits. */
const MAX_ROWS = 2 ** 31 - 1;

/** A dataset with a value for every row, where no dataset that is needed is one. */
function frameOf(config: PipelineConfig): DatasetPath {
  const found = [...config.source.columns, ...datasetFilters(config)].find(({ level }) => level === undefined);
  if (found) return found;
  throw new MaggError('bad-level', 'all coordinates, variables and filters of data_source are on levels, so nothing says how many rows there are; add a variable that is on none');
}

function checkShape(name: string, group: string | null, { path, shape }: Hdf5Dataset, { length, like }: { readonly length: number; readonly like: string }): void {
  if (shape.length === 1 && shape[0] === length) return;
  const remedy = shape.length === 2 && shape[0] === length ? 'name the column that is meant' : 'choose a dataset with one value per row';
  throw new MaggError('wrong-shape', `${path} of ${name} has the shape (${shape.join(', ')}), expected (${length}) as ${like} has; ${remedy}`, {
    context: { granule: name, ...(group === null ? {} : { group }), dataset: path }
  });
}

function missing(name: string, group: string | null, path: string): MaggError {
  return new MaggError(
    'missing-dataset',
    `${path} is not in ${name}${group === null ? '' : `, though its group ${group} is`}; correct the path in the config (magg inspect lists what the file holds) or leave the granule out`,
    { context: { granule: name, ...(group === null ? {} : { group }), dataset: path } }
  );
}
