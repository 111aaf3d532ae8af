import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { MaggError } from '../../base/index.js';
import { buildCatalog, formatCatalog, granuleId, parseCatalog, parseGranuleName } from '../../catalog/index.js';
import type { PipelineConfig } from '../../config/index.js';
import { locateCells, makePlan } from '../../runner/index.js';
import { NodeThreads } from '../../runner/local/node-crew.node.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { granulesFrom } from './granules-from.js';
import { withInterrupt } from './interrupt.js';
import { Progress } from './progress.js';
import { readConfig } from './read-config.js';
import { formatNumber } from './summary-text.js';

export interface CatalogOptions {
  readonly from: readonly string[];
  readonly config?: string;
  readonly parentOrder: number;
  readonly output: string;
  readonly shortName?: string;
  readonly productVersion?: string;
  readonly provider?: string;
  readonly startDate?: string;
  readonly endDate?: string;
  readonly cycle?: number;
  readonly workers?: number;
}

/** `magg catalog`: the cells that the rows of granules really touch. */
export async function catalogCommand(options: CatalogOptions, threadUrl: URL): Promise<ExitCode> {
  if (options.parentOrder > 24) throw new MaggError('usage', `expected --parent-order from 0 to 24, found ${options.parentOrder}`);
  if (!isFolder(dirname(resolve(options.output)))) throw new MaggError('usage', `the folder of --output ${options.output} does not exist; make it first`);
  const threads = new NodeThreads({ threads: options.workers ?? availableParallelism(), threadUrl });
  const progress = new Progress(process.stderr);
  try {
    const { config } = readConfig(options.config ?? 'atl06', line => void process.stderr.write(`${line}\n`));
    const granules = inPeriod(await granulesFrom(options.from.map(folderAsGlob), '.'), options);
    const { plan } = await makePlan(withParentOrder(config, options.parentOrder), { kind: 'granules', granules }, {});
    return await withInterrupt(async signal => {
      const complete = await locateCells(plan, threads.openCrew, { signal, onEvent: event => progress.show(event), begin: () => Promise.resolve() });
      const catalog = buildCatalog({
        parents: new Map(complete.cells.map(cell => [BigInt(cell.nested), cell.granules.map(g => plan.granules[g]!.url)])),
        granules,
        parentOrder: options.parentOrder,
        latitude: config.grid.latitude,
        created: new Date(),
        metadata: {
          ...(options.shortName !== undefined && { short_name: options.shortName }),
          ...(options.productVersion !== undefined && { version: options.productVersion }),
          ...(options.provider !== undefined && { provider: options.provider })
        }
      });
      writeWhole(options.output, formatCatalog(catalog));
      progress.end();
      process.stdout.write(`${formatNumber(complete.cells.length)} cells of order ${options.parentOrder} from ${formatNumber(granules.length)} granules\nwrote ${options.output}\n`);
      return EXIT.ok;
    });
  } catch (error) {
    if (error instanceof MaggError && error.tag === 'cancelled') return EXIT.cancelled;
    throw error;
  } finally {
    progress.end();
    await threads.close();
  }
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();
const folderAsGlob = (path: string): string => (isFolder(path) ? `${path.replace(/\/+$/, '')}/*.h5` : path);

/** The config with the order of the command line; the child order only has to be one that may stand below it. */
function withParentOrder(config: PipelineConfig, parentOrder: number): PipelineConfig {
  const childOrder = Math.min(Math.max(config.grid.childOrder, parentOrder), parentOrder + 12);
  return { ...config, grid: { ...config.grid, parentOrder, childOrder } };
}

/** ICESat-2 cycle 1 starts on 2018-10-13; a cycle lasts 91 days. */
const CYCLE_ONE_MS = Date.UTC(2018, 9, 13);
const DAY_MS = 86_400_000;

function inPeriod(granules: readonly string[], { startDate, endDate, cycle }: CatalogOptions): readonly string[] {
  const from = Math.max(dayOf(startDate, '--start-date') ?? -Infinity, cycle === undefined ? -Infinity : CYCLE_ONE_MS + 91 * DAY_MS * (cycle - 1));
  const to = Math.min((dayOf(endDate, '--end-date') ?? Infinity) + DAY_MS, cycle === undefined ? Infinity : CYCLE_ONE_MS + 91 * DAY_MS * cycle);
  if (from === -Infinity && to === Infinity) return granules;
  const kept = granules.filter(granule => {
    const start = parseGranuleName(granuleId(granule))?.date;
    if (start === undefined) throw new MaggError('usage', `${granule} has no date in its name, as ATL06_20190416093911_... has; leave --start-date, --end-date and --cycle out`);
    const time = Date.parse(`${start}T00:00:00Z`);
    return time >= from && time < to;
  });
  if (kept.length === 0) throw new MaggError('no-granules', `none of the ${granules.length} granules lies in the period asked for`);
  return kept;
}

function dayOf(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  if (Number.isNaN(time)) throw new MaggError('usage', `expected ${option} as YYYY-MM-DD, found ${text}`);
  return time;
}

/** The file appears whole or not at all, and is read back before it takes its name. */
function writeWhole(path: string, text: string): void {
  parseCatalog(text, path);
  const draft = `${path}.part`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw new MaggError('forbidden', `${path} could not be written (${(cause as NodeJS.ErrnoException).code}); choose another --output`, { cause });
  }
}
