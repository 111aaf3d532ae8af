import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { MaggError, type JsonObject } from '../../base/index.js';
import { buildCatalog, formatCatalog } from '../../catalog/index.js';
import { DEFAULT_PARENT_ORDER, type PipelineConfig } from '../../config/index.js';
import { locateCells, makePlan, type RunEvent } from '../../runner/index.js';
import { NodeThreads } from '../../runner/local/node-crew.node.js';
import { BOX_ORDER, coarsen, parseBox } from './bounding-box.js';
import type { CliHost } from './cli-host.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { inPeriod, type Period } from './granule-period.js';
import { granulesFrom } from './granules-from.js';
import { Progress } from './progress.js';
import { readConfig } from './read-config.js';
import { formatCount, lostRowsText } from './summary-text.js';
import { assertOutput, namedFrom, writeCatalog } from './write-catalog.js';

/** The words of `magg catalog`, as the command line has checked them. */
export interface CatalogOptions extends Period {
  readonly from?: readonly string[];
  readonly config?: string;
  readonly parentOrder?: number;
  readonly output: string;
  readonly bbox?: string;
  readonly polygon?: string;
  readonly shortName?: string;
  readonly version?: string;
  readonly provider?: string;
  readonly workers?: number;
}

/** `magg catalog`: the cells that the rows of granules really touch. */
export async function catalogCommand(options: CatalogOptions, host: CliHost): Promise<ExitCode> {
  const { from, output } = options;
  if (!from) throw new MaggError('usage', "no granules are given: searching NASA's catalogue comes with a later version; name granules, folders or patterns with --from");
  if (options.polygon !== undefined) throw new MaggError('usage', '--polygon comes with a later version; use --bbox lon_min,lat_min,lon_max,lat_max');
  const box = options.bbox === undefined ? undefined : parseBox(options.bbox);
  assertOutput(output);
  const threads = new NodeThreads({ threads: options.workers ?? availableParallelism(), threadUrl: host.threadUrl, libraryUrl: host.libraryUrl });
  const progress = new Progress(host);
  try {
    return await host.withInterrupt(async signal => {
      threads.warm(1); // it loads while the plan is made; more would be waste for a small run
      const { config } = readConfig(options.config ?? 'atl06', line => host.err(`${line}\n`));
      const parentOrder = options.parentOrder ?? config.grid.parentOrder ?? DEFAULT_PARENT_ORDER;
      const granules = inPeriod(await granulesFrom(from.map(folderAsGlob), '.'), options);
      const locateOrder = box ? Math.max(parentOrder, BOX_ORDER) : parentOrder;
      const { plan } = await makePlan(withParentOrder(config, locateOrder), { kind: 'granules', granules });
      const counts = { cells: null, granules: granules.length, groups: config.source.groups?.length ?? 1 };
      progress.show({ type: 'run-started', planId: plan.id, counts });
      let rowsWithoutPosition = 0;
      const onEvent = (event: RunEvent): void => {
        if (event.type === 'granule-finished') rowsWithoutPosition += event.rowsWithoutPosition;
        progress.show(event);
      };
      const located = await locateCells(plan, threads.openCrew, { signal, onEvent });
      const cells = box ? coarsen(located.cells, locateOrder, parentOrder, box, config.grid.latitude) : located.cells;
      if (cells.length === 0) throw new MaggError('no-rows', `no row of the ${granules.length} granules lies in --bbox ${options.bbox}; no catalog was written. Widen the box`);
      const names = plan.granules.map(({ url }) => namedFrom(output, url));
      const catalog = buildCatalog({
        parents: new Map(cells.map(cell => [BigInt(cell.nested), cell.granules.map(g => names[g]!)])),
        granules: names,
        parentOrder,
        latitude: config.grid.latitude,
        created: new Date(),
        metadata: { ...metadataOf(options), ...(box && { bbox: [box.west, box.south, box.east, box.north] }) }
      });
      writeCatalog(output, formatCatalog(catalog));
      progress.end();
      host.out(`${formatCount(cells.length, 'cell')} of order ${parentOrder} from ${formatCount(granules.length, 'granule')}\n`);
      if (rowsWithoutPosition > 0) host.out(`${lostRowsText(rowsWithoutPosition)}\n`);
      host.out(`wrote ${output}\n`);
      return EXIT.ok;
    });
  } finally {
    progress.end();
    await threads.close();
  }
}

function metadataOf({ shortName, version, provider, cycle }: CatalogOptions): JsonObject {
  return {
    ...(shortName !== undefined && { short_name: shortName }),
    ...(version !== undefined && { version }),
    ...(provider !== undefined && { provider }),
    ...(cycle !== undefined && { cycle })
  };
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();
const folderAsGlob = (path: string): string => (isFolder(path) ? `${path.replace(/\/+$/, '')}/*.h5` : path);

/** The config with the order of the command line; the child order only has to be one that may stand below it. */
function withParentOrder(config: PipelineConfig, parentOrder: number): PipelineConfig {
  const childOrder = Math.min(Math.max(config.grid.childOrder, parentOrder), parentOrder + 12);
  return { ...config, grid: { ...config.grid, parentOrder, childOrder } };
}
