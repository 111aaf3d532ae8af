import { createHash } from 'node:crypto';
import { MaggError } from '../../src/base/index.js';
import { parseConfig, type PipelineConfig } from '../../src/config/index.js';
import { assertUnchanged, createReadBuffer, memoryStore, type ObjectStore } from '../../src/io/index.js';
import { cellsBackend, inlineCrew, localBackend, makePlan, run, type PlanInput, type PlanOptions, type RunEvent, type RunSummary, type Selection } from '../../src/runner/index.js';
import type { CompletePlan, Journal } from '../../src/runner/index.js';
import type { GranuleIndexStore } from '../../src/runner/local/granule-index.js';
import { storedPlanText } from '../../src/runner/stored-plan.js';
import { portableCodecs } from '../../src/zarr/index.js';
import type { FakeDataset, FakeGranule } from './fake-granule.js';

/** A small pipeline: two beams, one column, one filter; cells of order 4 in chunks of order 2. */
export const CONFIG = `
data_source:
  reader: hdf5
  groups: [a, b]
  granules: ["*.h5"]
  coordinates: { latitude: "/{group}/lat", longitude: "/{group}/lon" }
  variables: { h: "/{group}/h" }
  quality_filter: { dataset: "/{group}/q", value: 0 }
aggregation:
  coordinates: { cell_ids: { dtype: uint64, fill_value: 0 }, morton: { dtype: int64, fill_value: 0 } }
  variables:
    count: { function: len, source: h, dtype: int32, fill_value: 0 }
    h_sum: { function: sum, source: h, dtype: float64 }
output:
  grid: { type: healpix, indexing_scheme: nested, parent_order: 2, child_order: 4 }
`;

export function config(text = CONFIG): PipelineConfig {
  const { config: parsed, diagnostics } = parseConfig(text);
  if (!parsed) throw new Error(diagnostics.map(d => `${d.line}:${d.column} ${d.message}`).join('\n'));
  return parsed;
}

/** A row of a beam: its place in degrees, its value, its quality; 0 is kept. */
export interface Row {
  readonly lat: number;
  readonly lon: number;
  readonly h: number;
  readonly q: number;
}

/** Datasets of one beam; rows without quality are kept. */
export function beam(group: string, rows: readonly (Omit<Row, 'q'> & Partial<Row>)[], more: Partial<FakeDataset> = {}): Record<string, FakeDataset> {
  return {
    [`/${group}/lat`]: { values: Float64Array.from(rows, r => r.lat), ...more },
    [`/${group}/lon`]: { values: Float64Array.from(rows, r => r.lon), ...more },
    [`/${group}/h`]: { values: Float32Array.from(rows, r => r.h), ...more },
    [`/${group}/q`]: { values: Int8Array.from(rows, r => r.q ?? 0), ...more }
  };
}

export interface MemoryRun {
  readonly granules: readonly FakeGranule[];
  readonly input?: PlanInput;
  readonly config?: PipelineConfig;
  readonly selection?: Selection;
  readonly store?: ObjectStore;
  readonly overwrite?: boolean;
  readonly allowShrink?: boolean;
  readonly redo?: boolean;
  readonly allowPartial?: boolean;
  /** Of earlier runs of the same store; without it nothing is known of them. */
  readonly files?: MemoryJournal;
  readonly probe?: PlanOptions['probe'];
  readonly signal?: AbortSignal;
  readonly breathe?: () => Promise<void>;
  readonly slept?: number[];
  /** Throws for the events that the journal cannot hold. */
  readonly refuse?: (event: RunEvent) => void;
  readonly indexes?: GranuleIndexStore;
  readonly backend?: 'local' | 'cells';
}

export interface MemoryResult {
  readonly summary: RunSummary | undefined;
  readonly error: unknown;
  readonly events: readonly RunEvent[];
  readonly journal: readonly RunEvent[];
  readonly plan: CompletePlan | undefined;
  readonly store: ObjectStore;
}

/** One thread over granules in memory. */
export function memoryCrew({ granules, breathe, slept, indexes }: Pick<MemoryRun, 'granules' | 'breathe' | 'slept' | 'indexes'>, store: ObjectStore) {
  return inlineCrew({
    openGranule: async ({ url, sizeBytes, tag }, { saved }) => {
      await Promise.resolve();
      const granule = granules.find(({ name }) => name === url);
      if (granule?.state && sizeBytes !== undefined) assertUnchanged(url, { sizeBytes, tag }, granule.state);
      return granule ? granule.withSaved(saved) : Promise.reject(new MaggError('not-found', `${url} does not exist`));
    },
    openIndexes: indexes && (() => indexes),
    openStore: () => store,
    codecs: portableCodecs,
    buffer: createReadBuffer(),
    retry: { attempts: 3, delayS: attempt => attempt, sleep: seconds => (slept?.push(seconds), Promise.resolve()) },
    breathe: breathe ?? (() => Promise.resolve())
  });
}

/** Files of indexes of granules, in memory. */
export class MemoryIndexes implements GranuleIndexStore {
  readonly folder = 'memory';
  readonly texts = new Map<string, string>();
  /** Throws in place of saving. */
  fault: MaggError | undefined;

  async load(id: string): Promise<Uint8Array | undefined> {
    await Promise.resolve();
    const text = this.texts.get(id);
    return text === undefined ? undefined : new TextEncoder().encode(text);
  }

  async save(id: string, bytes: Uint8Array): Promise<void> {
    await Promise.resolve();
    if (this.fault) throw this.fault;
    this.texts.set(id, new TextDecoder().decode(bytes));
  }

  /** What the file of a granule keeps, without the seal. */
  content(id: string): { places: unknown[]; tracks: { key: string; runs: string | null }[] } {
    return (JSON.parse(this.texts.get(id)!) as { index: { places: unknown[]; tracks: { key: string; runs: string | null }[] } }).index;
  }

  /** Puts another content in place, with the seal that belongs to it: what a program with a mistake would write. */
  replace(id: string, content: string): void {
    this.texts.set(id, `{"version":3,"sha256":"${createHash('sha256').update(content).digest('hex')}","index":${content}}\n`);
  }
}

/** The journal of a store in memory, which several runs may use one after the other. */
export class MemoryJournal {
  readonly plans = new Map<string, string>();
  /** Lines of each run. */
  runs: string[] = [];
  /** Whether the process is killed, which closes nothing. */
  isKilled = false;

  readonly hold = (): Journal => {
    let record: number | undefined;
    let kept: [string, string] | undefined;
    return {
      events: () => Promise.resolve(this.runs.map((text, i) => ({ name: `events-${i}`, bytes: new TextEncoder().encode(text) }))),
      plan: id => Promise.resolve(this.plans.get(id)),
      keepPlan: plan => {
        kept = [plan.id, storedPlanText(plan)];
        this.plans.set(...kept);
      },
      write: event => {
        record ??= this.runs.push('') - 1;
        this.runs[record] += `${JSON.stringify(event)}\n`;
      },
      forgetEarlier: () => {
        this.runs.splice(0, record);
        record = 0;
        this.plans.clear();
        if (kept) this.plans.set(...kept);
      },
      close: () => {
        if (record !== undefined && !kept && !this.isKilled) this.runs.splice(record, 1);
      }
    };
  };
}

/** A whole run in memory, on one thread. */
export async function runInMemory(options: MemoryRun): Promise<MemoryResult> {
  const store = options.store ?? memoryStore('memory');
  const events: RunEvent[] = [];
  const journal: RunEvent[] = [];
  const files = options.files ?? new MemoryJournal();
  let plan: CompletePlan | undefined;
  const input = options.input ?? { kind: 'granules', granules: options.granules.map(granule => granule.name) };
  const backend = (options.backend === 'cells' ? cellsBackend : localBackend)({ storeUrl: 'memory', openCrew: memoryCrew(options, store), indexes: options.indexes });
  let summary: RunSummary | undefined;
  let error: unknown;
  try {
    summary = await run({
      planned: await makePlan(options.config ?? config(), input, { selection: options.selection ?? {}, ...(options.probe ? { probe: options.probe } : {}) }),
      backend,
      store,
      overwrite: options.overwrite ?? false,
      allowShrink: options.allowShrink ?? false,
      redo: options.redo ?? false,
      allowPartial: options.allowPartial ?? false,
      holdJournal: () => {
        const held = files.hold();
        return {
          ...held,
          keepPlan: complete => {
            plan = complete;
            held.keepPlan(complete);
          },
          write: event => {
            options.refuse?.(event);
            journal.push(event);
            held.write(event);
          }
        };
      },
      clockS: () => 0,
      signal: options.signal ?? new AbortController().signal,
      onEvent: event => events.push(event)
    });
  } catch (thrown) {
    error = thrown;
  }
  return { summary, error, events, journal, plan, store };
}

/** The events of one type. */
export const of = <T extends RunEvent['type']>(events: readonly RunEvent[], type: T): Extract<RunEvent, { type: T }>[] => events.filter((e): e is Extract<RunEvent, { type: T }> => e.type === type);
