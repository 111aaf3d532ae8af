import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { MaggError } from '../../base/index.js';
import { parseCatalog } from '../../catalog/index.js';
import type { PipelineConfig } from '../../config/index.js';
import { parseMortonDecimal, parseMortonWord } from '../../grid/index.js';
import { folderStore } from '../../io/folder-store.node.js';
import { localBackend, locateCells, makePlan, run, selectedCells, type CompletePlan, type PlanInput, type PlanResult, type RunEvent } from '../../runner/index.js';
import { fileJournal } from '../../runner/journal.node.js';
import { NodeThreads } from '../../runner/local/node-crew.node.js';
import { EXIT, exitCodeOf, type ExitCode } from './exit-codes.js';
import { granulesFrom } from './granules-from.js';
import { withInterrupt } from './interrupt.js';
import { Progress } from './progress.js';
import { readConfig } from './read-config.js';
import { formatNumber, summaryLines } from './summary-text.js';

export interface RunOptions {
  readonly config?: string;
  readonly catalog?: string;
  readonly store?: string;
  readonly driver?: PipelineConfig['source']['driver'];
  readonly workers?: number;
  readonly maxWorkers?: number;
  readonly maxCells?: number;
  readonly mortonCell: readonly string[];
  readonly overwrite?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `magg run`. */
export async function runCommand(argument: string | undefined, options: RunOptions, threadUrl: URL): Promise<ExitCode> {
  if (argument !== undefined && options.config !== undefined && argument !== options.config) {
    throw new MaggError('usage', `two configs are given, ${argument} and ${options.config}; leave one out`);
  }
  const name = argument ?? options.config;
  if (name === undefined) throw new MaggError('usage', 'no config is given; try: magg run CONFIG, or magg run --help');
  const threads = new NodeThreads({ threads: options.workers ?? options.maxWorkers ?? availableParallelism(), threadUrl });
  try {
    const warn = (line: string): void => void process.stderr.write(`${line}\n`);
    const { config, source } = readConfig(name, warn);
    const input = await planInput(config, source.folder, options);
    const storePath = storeOf(config, source.folder, options);
    const planned = await makePlan(config, input, { maxCells: options.maxCells, cells: cellsOf(config, input, options.mortonCell) });
    const emit = (event: RunEvent): void => void process.stdout.write(`${JSON.stringify(event)}\n`);
    return await withInterrupt(async signal => {
      if (options.dryRun) return dryRun(planned, storePath, threads, signal, options.json ?? false);
      const progress = options.json ? undefined : new Progress(process.stderr);
      const summary = await run({
        planned,
        backend: localBackend({ openCrew: threads.openCrew, storeUrl: storePath }),
        store: folderStore(storePath),
        overwrite: options.overwrite ?? false,
        openJournal: fileJournal(storePath),
        clockS: () => performance.now() / 1000,
        signal,
        onEvent: options.json ? emit : event => progress?.show(event)
      }).finally(() => progress?.end());
      if (!options.json) for (const line of summaryLines(summary, planned.plan)) process.stdout.write(`${line}\n`);
      return exitCodeOf(summary);
    });
  } finally {
    await threads.close();
  }
}

async function planInput(config: PipelineConfig, folder: string, options: RunOptions): Promise<PlanInput> {
  const catalog = options.catalog ?? (config.catalog === undefined ? undefined : fromFolder(folder, config.catalog));
  if (catalog !== undefined) {
    let text: string;
    try {
      text = readFileSync(catalog, 'utf8');
    } catch (cause) {
      throw new MaggError('bad-catalog', `the catalog ${catalog} could not be read (${(cause as NodeJS.ErrnoException).code}); build it with magg catalog --from GRANULE... --parent-order N --output ${catalog}`, { cause });
    }
    return { kind: 'catalog', catalog: parseCatalog(text, catalog), name: catalog };
  }
  if (config.source.granules) return { kind: 'granules', granules: await granulesFrom(config.source.granules, folder) };
  throw new MaggError('usage', 'nothing to read: the config has neither a catalog nor data_source.granules; give --catalog FILE');
}

function storeOf(config: PipelineConfig, folder: string, options: RunOptions): string {
  const store = options.store ?? (config.store === undefined ? undefined : fromFolder(folder, config.store));
  if (store === undefined) throw new MaggError('usage', 'nowhere to write: the config has no output.store; give --store PATH');
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(store)) {
    throw new MaggError('usage', `stores are written to local folders, ${store} is none; give --store PATH and copy the folder afterwards`);
  }
  return store;
}

const fromFolder = (folder: string, path: string): string => (isAbsolute(path) || /^[a-z][a-z0-9+.-]*:\/\//i.test(path) ? path : resolve(folder, path));

/** Nested ids of `--morton-cell`: decimal, `word:` or `nested:`. */
function cellsOf(config: PipelineConfig, input: PlanInput, texts: readonly string[]): readonly number[] | undefined {
  if (texts.length === 0) return undefined;
  const order = config.grid.parentOrder ?? (input.kind === 'catalog' ? input.catalog.parentOrder : undefined);
  return texts.map(text => {
    if (/^nested:\d+$/.test(text)) return Number(text.slice(7));
    const cell = /^word:\d+$/.test(text) ? parseMortonWord(BigInt(text.slice(5))) : parseMortonDecimal(text);
    if (order !== undefined && cell.order !== order) {
      throw new MaggError('usage', `--morton-cell ${text} is a cell of order ${cell.order}, the cells of this run are of order ${order}`);
    }
    return Number(cell.id);
  });
}

async function dryRun({ plan, notices }: PlanResult, storePath: string, threads: NodeThreads, signal: AbortSignal, json: boolean): Promise<ExitCode> {
  for (const { message } of notices) process.stderr.write(`${message}\n`);
  const begin = (): Promise<void> => Promise.resolve();
  const complete: CompletePlan = plan.cells ? { ...plan, cells: plan.cells } : await locateCells(plan, threads.openCrew, { signal, onEvent: () => undefined, begin });
  const cells = selectedCells(complete).map(place => complete.cells[place]!);
  const counts = cells.map(cell => cell.granules.length);
  const facts = {
    dry_run: true,
    total_cells: cells.length,
    granules_per_cell_min: counts.reduce((a, b) => Math.min(a, b), Infinity),
    granules_per_cell_max: counts.reduce((a, b) => Math.max(a, b), 0),
    granules_per_cell_avg: counts.reduce((a, b) => a + b, 0) / counts.length,
    store_path: storePath,
    store_exists: existsSync(storePath)
  };
  if (json) process.stdout.write(`${JSON.stringify({ ...facts, cells: cells.map(cell => ({ cell: cell.morton, granules: cell.granules.map(g => plan.granules[g]!.id) })) })}\n`);
  else {
    process.stdout.write(`${formatNumber(cells.length)} cells of order ${plan.parentOrder}, ${formatNumber(plan.granules.length)} granules, ${facts.granules_per_cell_min} to ${facts.granules_per_cell_max} a cell (average ${facts.granules_per_cell_avg.toFixed(1)})\n`);
    for (const cell of cells) process.stdout.write(`  ${cell.morton}  ${cell.granules.length} granules\n`);
    process.stdout.write(`would write ${storePath}${facts.store_exists ? ', which exists' : ''}\n`);
  }
  return EXIT.ok;
}
