import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { MaggError } from '../../base/index.js';
import type { GranuleDriver } from '../../catalog/index.js';
import { folderStore } from '../../io/folder-store.node.js';
import { cellsBackend, localBackend, makePlan, preview, run, type PlanResult, type RunEvent } from '../../runner/index.js';
import { fileJournal, journalFiles } from '../../runner/journal.node.js';
import { folderIndexes } from '../../runner/local/granule-index.node.js';
import { NodeThreads } from '../../runner/local/node-crew.node.js';
import { defaultMemoryBytes } from '../../runner/local/node-memory.node.js';
import { chosenCells } from './chosen-cells.js';
import type { CliHost } from './cli-host.js';
import { dryRun } from './dry-run.js';
import { exitCodeOf, type ExitCode } from './exit-codes.js';
import { probeGranule } from './probe-granule.js';
import { planInput } from './plan-input.js';
import { Progress } from './progress.js';
import { readConfig } from './read-config.js';
import { SampleMeter } from './sample-meter.js';
import { estimateJson, estimateLines } from './sample-text.js';
import { assertWritable, storePath } from './store-path.js';
import { summaryLines } from './summary-text.js';

/** The words of `magg run`, as the command line has checked them. */
export interface RunOptions {
  readonly config?: string;
  readonly catalog?: string;
  readonly store?: string;
  readonly backend: string;
  readonly driver?: GranuleDriver;
  readonly workers?: number;
  readonly maxWorkers?: number;
  readonly maxCells?: number;
  readonly sample?: number;
  readonly seed?: number;
  readonly mortonCell: readonly string[];
  readonly overwrite?: boolean;
  readonly resume?: boolean;
  readonly redo?: boolean;
  readonly allowShrink?: boolean;
  readonly allowPartial?: boolean;
  readonly dryRun?: boolean;
  readonly index?: string;
  readonly json?: boolean;
}

/** `magg run`. */
export async function runCommand(argument: string | undefined, options: RunOptions, host: CliHost): Promise<ExitCode> {
  const name = configName(argument, options.config);
  const makeBackend = backends.get(options.backend);
  if (!makeBackend) {
    throw new MaggError('usage', `expected --backend local or cells, found ${options.backend}: this version computes on this machine only; leave --backend, --region and --function-name out`);
  }
  if (options.overwrite && options.resume) throw new MaggError('usage', '--overwrite begins anew and --resume goes on with what is there; leave one out');
  if (options.sample !== undefined && (options.maxCells !== undefined || options.mortonCell.length > 0)) throw new MaggError('usage', '--sample draws from all cells; leave --max-cells and --morton-cell out');
  if (options.seed !== undefined && options.sample === undefined) throw new MaggError('usage', '--seed is of use only with --sample');
  const asked = options.workers ?? options.maxWorkers;
  const threads = new NodeThreads({ threads: asked ?? Infinity, threadUrl: host.threadUrl, libraryUrl: host.libraryUrl });
  const json = options.json ?? false;
  const progress = new Progress(host);
  try {
    return await host.withInterrupt(async signal => {
      if (availableParallelism() > 1) threads.warm(1); // it loads while the plan is made; more would be waste for a small run
      const { config, source } = readConfig(name, line => host.err(`${line}\n`));
      const store = storePath(config, source.folder, options.store);
      const found = await makePlan(config, await planInput(config, source.folder, options), { probe: url => probeGranule(url, signal) });
      const planned = chosen(found, options);
      const workers = asked ?? config.run.workers ?? availableParallelism();
      const openCrew: typeof threads.openCrew = (context, tasks) => threads.openCrew(context, tasks, workers);
      const show = progress.show.bind(progress);
      const overwrite = options.overwrite ?? false;
      const allowShrink = options.allowShrink ?? false;
      const backend = makeBackend({
        openCrew, storeUrl: store, memoryBytes: config.run.memoryBytes ?? defaultMemoryBytes(), spillFolder: `${resolve(store)}.magg`,
        indexes: options.index === undefined ? undefined : folderIndexes(resolve(options.index))
      });
      const { childOrder } = planned.plan;
      if (options.dryRun) {
        return dryRun({ planned, store: folderStore(store), journal: journalFiles(resolve(store), childOrder), overwrite, allowShrink, backend, signal, onEvent: show, json }, host);
      }
      assertWritable(store);
      // A sample needs all cells before it can be drawn.
      const known = options.sample === undefined ? undefined : await preview({ plan: planned.plan, store: folderStore(store), journal: journalFiles(resolve(store), childOrder), overwrite, backend }, { signal, onEvent: show });
      const meter = known && new SampleMeter(known, () => performance.now());
      const tell = json ? (event: RunEvent): void => host.out(`${JSON.stringify(event)}\n`) : show;
      const summary = await run({
        planned: known ? { ...planned, plan: known.plan } : planned,
        backend,
        store: folderStore(store),
        overwrite,
        allowShrink,
        redo: options.redo ?? false,
        allowPartial: options.allowPartial ?? false,
        holdJournal: fileJournal(resolve(store), childOrder),
        clockS: () => performance.now() / 1000,
        signal,
        onEvent: event => {
          meter?.add(event);
          tell(event);
        }
      });
      progress.end();
      if (!json) for (const line of summaryLines(summary, planned.plan)) host.out(`${line}\n`);
      if (meter && (summary.outcome === 'complete' || summary.outcome === 'partial') && summary.cellsWithData + summary.cellsEmpty > 0) {
        const estimate = await meter.estimate(store, { share: options.sample!, seed: options.seed ?? 0 });
        if (json) host.out(`${JSON.stringify(estimateJson(estimate))}\n`);
        else for (const line of estimateLines(estimate)) host.out(`${line}\n`);
      }
      return exitCodeOf(summary);
    });
  } finally {
    progress.end();
    await threads.close();
  }
}

/** local: granule by granule; cells: cell by cell, as a cloud function does. */
const backends = new Map([['local', localBackend], ['cells', cellsBackend]]);

function configName(argument: string | undefined, option: string | undefined): string {
  if (argument !== undefined && option !== undefined && argument !== option) {
    throw new MaggError('usage', `two configs are given, ${argument} and ${option}; leave one out`);
  }
  const name = argument ?? option;
  if (name === undefined) throw new MaggError('usage', 'no config is given; try: magg run CONFIG, or magg run --help');
  return name;
}

/** The plan with the cells of the command line, whose order is known only now. */
function chosen({ plan, notices }: PlanResult, { maxCells, mortonCell, sample, seed = 0 }: RunOptions): PlanResult {
  return { plan: { ...plan, selection: { maxCells, cells: chosenCells(mortonCell, plan.parentOrder), sample: sample === undefined ? undefined : { share: sample, seed } } }, notices };
}
