import { dirname, isAbsolute, join } from 'node:path';
import { MaggError } from '../../base/index.js';
import { granuleUrl, isUrl, parseCatalog, type Catalog, type GranuleDriver } from '../../catalog/index.js';
import type { PipelineConfig } from '../../config/index.js';
import type { PlanInput } from '../../runner/index.js';
import { granulesFrom } from './granules-from.js';
import { readText } from './read-text.js';

/** What a run is told to read: the catalog of the command line, that of the config, or the granules of the config. */
export async function planInput(config: PipelineConfig, folder: string, options: { readonly catalog?: string; readonly driver?: GranuleDriver }): Promise<PlanInput> {
  const driver = options.driver ?? config.source.driver;
  const path = options.catalog ?? (config.catalog === undefined ? undefined : inFolder(folder, config.catalog));
  if (path !== undefined) {
    if (isUrl(path)) throw new MaggError('usage', `a catalog is read from a local file, ${path} is none; download it and give --catalog FILE`);
    const text = readText(path, 'the catalog', 'bad-catalog', `build it with magg catalog --from GRANULE... --parent-order N --output FILE`);
    return { kind: 'catalog', catalog: reachable(parseCatalog(text, path), dirname(path), driver), name: path };
  }
  if (config.source.granules) {
    const granules = await granulesFrom(config.source.granules, folder);
    return { kind: 'granules', granules: granules.map(granule => granuleUrl(granule, driver, {})) };
  }
  throw new MaggError('usage', 'nothing to read: the config has neither a catalog nor data_source.granules; give --catalog FILE');
}

/** A path of a file, as seen from the working folder; URLs and absolute paths stay as they are. */
export const inFolder = (folder: string, path: string): string => (isAbsolute(path) || isUrl(path) ? path : join(folder, path));

/** The catalog with its granules named as the driver reaches them; its relative paths count from its own folder. */
function reachable(catalog: Catalog, folder: string, driver: GranuleDriver): Catalog {
  const { s3_base: s3Base, https_base: httpsBase } = catalog.metadata;
  // Every granule stands in many cells.
  const known = new Map<string, string>();
  const reached = (granule: string): string => {
    let url = known.get(granule);
    if (url === undefined) known.set(granule, (url = inFolder(folder, granuleUrl(granule, driver, { s3Base, httpsBase }))));
    return url;
  };
  return { ...catalog, cells: catalog.cells.map(cell => ({ ...cell, granules: cell.granules.map(reached) })) };
}
