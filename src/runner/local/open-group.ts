import { MaggError, type Abortable } from '../../base/index.js';
import type { DatasetFilter, PipelineConfig } from '../../config/index.js';
import type { Hdf5Dataset, Hdf5File } from '../../hdf5/index.js';

/** The datasets of one (granule, group), all one-dimensional and of one length. */
export interface OpenGroup {
  readonly rows: number;
  readonly latitude: Hdf5Dataset;
  readonly longitude: Hdf5Dataset;
  /** In the order of the config's columns; empty when only positions are wanted. */
  readonly columns: readonly Hdf5Dataset[];
  /** In the order of the config's filters; empty when only positions are wanted. */
  readonly filters: readonly Hdf5Dataset[];
}

/** The filters on datasets; those by expression need columns. */
export const datasetFilters = ({ source }: PipelineConfig): readonly DatasetFilter[] => source.filters.filter(filter => filter.kind === 'dataset');

export const inGroup = (template: string, group: string | null): string => (group === null ? template : template.replaceAll('{group}', group));

const parentPath = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/**
 * Finds the datasets of a group; undefined when the granule lacks the group, which is normal: the parent path of its
 * latitude is absent. Throws `missing-dataset`, `wrong-shape` and what the file throws.
 */
export async function openGroup(
  file: Hdf5File,
  config: PipelineConfig,
  group: string | null,
  purpose: 'rows' | 'positions',
  options: Abortable
): Promise<OpenGroup | undefined> {
  const { source } = config;
  const templates = [
    source.latitude.dataset,
    source.longitude.dataset,
    ...(purpose === 'rows' ? [...source.columns, ...datasetFilters(config)].map(({ dataset }) => dataset) : [])
  ];
  const paths = templates.map(template => inGroup(template, group));
  const found = await file.datasets(paths, options);
  if (group !== null && found[0] === undefined) {
    const [hasGroup] = await file.exists([parentPath(paths[0]!) || '/'], options);
    if (!hasGroup) return undefined;
  }
  const datasets = found.map((dataset, i) => {
    if (!dataset) throw missing(file.name, group, paths[i]!);
    return dataset;
  });
  const [latitude, longitude, ...others] = datasets as [Hdf5Dataset, Hdf5Dataset, ...Hdf5Dataset[]];
  const rows = latitude.shape[0] ?? 0;
  for (const { path, shape } of datasets) {
    if (shape.length === 1 && shape[0] === rows) continue;
    throw new MaggError(
      'wrong-shape',
      `${path} of ${file.name} has the shape (${shape.join(', ')}), expected (${rows}) as ${latitude.path} has; choose a dataset with one value per row`,
      { context: { granule: file.name, ...(group === null ? {} : { group }), dataset: path } }
    );
  }
  const columns = purpose === 'rows' ? source.columns.length : 0;
  return { rows, latitude, longitude, columns: others.slice(0, columns), filters: others.slice(columns) };
}

function missing(name: string, group: string | null, path: string): MaggError {
  return new MaggError(
    'missing-dataset',
    `${path} is not in ${name}${group === null ? '' : `, though its group ${group} is`}; correct the path in the config (magg inspect lists what the file holds) or leave the granule out`,
    { context: { granule: name, ...(group === null ? {} : { group }), dataset: path } }
  );
}
