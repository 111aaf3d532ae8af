import { MaggError } from '../base/index.js';
import { catalogArea, granuleId, type Catalog, type CatalogArea } from '../catalog/index.js';
import { DEFAULT_PARENT_ORDER, type LatitudeConvention, type PipelineConfig } from '../config/index.js';
import { mortonDecimal } from '../grid/index.js';
import { emptyOverviewsNotice } from './empty-overviews.js';
import { planIdentity, type Fingerprint } from './identity.js';
import type { KeptValues } from './kept-values.js';
import { sampleCells, type Sample } from './sample-cells.js';
import { settingsOf, type Settings } from './settings.js';

export interface PlannedGranule extends Fingerprint {
  /** File name without folder, host and query: the same whichever way the file is reached. */
  readonly id: string;
  /** Path or URL to read it from. */
  readonly url: string;
}

/** One parent: a chunk of every output array. */
export interface PlannedCell {
  /** Nested id at the parent order; exact, since parent orders end at 24. */
  readonly nested: number;
  /** Signed decimal morton id. */
  readonly morton: string;
  /** Positions in the plan's list of granules, ascending. */
  readonly granules: readonly number[];
}

/** Which cells of the plan a run computes; the store always has all. */
export interface Selection {
  readonly maxCells?: number | undefined;
  /** Nested ids at the parent order. */
  readonly cells?: readonly number[] | undefined;
  /** Of what else is selected, a random part. */
  readonly sample?: Sample | undefined;
}

/** What is to be done, as data. JSON-safe but for the parsed config. */
export interface Plan {
  readonly id: string;
  readonly config: PipelineConfig;
  readonly settings: Settings;
  readonly parentOrder: number;
  readonly childOrder: number;
  readonly latitude: LatitudeConvention;
  /** In the order in which their rows stand in a cell. */
  readonly granules: readonly PlannedGranule[];
  /** In ascending nested order; undefined: to be derived from the coordinates of the granules. */
  readonly cells: readonly PlannedCell[] | undefined;
  /** Whether a catalog says which cells a granule touches, or its coordinates. */
  readonly cellsFrom: 'catalog' | 'coordinates';
  /** That its catalog was cut to: rows elsewhere are no loss. Default: none. */
  readonly area?: CatalogArea | undefined;
  readonly selection: Selection;
  /** Rows in no cell are to be counted in every granule that is read, however few cells are computed. Default false. */
  readonly countsOutside?: boolean;
  /** Granules of which no run has found out whether the catalog lists all cells of their rows: the back end does, when the cells are computed. Default none. */
  readonly unchecked?: readonly UncheckedGranule[];
}

export interface UncheckedGranule {
  /** Position in the plan's list of granules. */
  readonly granule: number;
  /** As the event `catalog-checked` has it. */
  readonly listing: string;
}

/** A plan whose cells are known. */
export type CompletePlan = Plan & {
  readonly cells: readonly PlannedCell[];
  /** Nested ids of cells that are not computed and may hold values of a store that is being replaced: they are erased. */
  readonly stale?: ReadonlySet<number>;
  /** Values of earlier runs that stay where a cell cannot be computed because a read failed, by nested id. Default none. */
  readonly kept?: ReadonlyMap<number, KeptValues>;
  /** The first chunks of the store, by number, whose ids an earlier run has written. Default none. */
  readonly chunksWithIds?: number;
};

export type PlanInput =
  | { readonly kind: 'catalog'; readonly catalog: Catalog; readonly name: string }
  | { readonly kind: 'granules'; readonly granules: readonly string[] };

export interface PlanResult {
  readonly plan: Plan;
  /** What the user should be told about it. */
  readonly notices: readonly { readonly tag: string; readonly message: string }[];
}

export interface PlanOptions {
  readonly selection?: Selection;
  /** Looks at a granule without reading it; what cannot be told, or not now, is left out. Default: nothing is known. */
  readonly probe?: (url: string) => Promise<Fingerprint>;
}

/**
 * The plan of a config and a catalog, or a list of granules. A catalog of another latitude convention gives no cells:
 * they are derived anew. Throws `parent-order` when config and catalog differ, `order` when the chunks would not hold cells.
 */
export async function makePlan(config: PipelineConfig, input: PlanInput, { selection = {}, probe }: PlanOptions = {}): Promise<PlanResult> {
  const childOrder = config.grid.childOrder;
  const parentOrder = parentOrderOf(config, input);
  if (parentOrder > childOrder || childOrder - parentOrder > 12) {
    throw new MaggError('order', `expected a parent order from ${Math.max(0, childOrder - 12)} to the child order ${childOrder}, found ${parentOrder}; change output.grid or build the catalog anew with --parent-order`);
  }
  const notices: { tag: string; message: string }[] = [];
  if (input.kind === 'granules' && Object.values(config.bounds).some(bound => bound !== undefined)) {
    notices.push({ tag: 'bounds-unused', message: 'bounds say where and when granules are searched; this run takes all rows of the granules that are listed. Filters leave rows out' });
  }
  const emptyOverviews = emptyOverviewsNotice(config, parentOrder);
  if (emptyOverviews) notices.push(emptyOverviews);
  const urls = input.kind === 'granules' ? input.granules : granulesOf(input.catalog);
  if (urls.length === 0) throw new MaggError('no-granules', 'expected at least one granule, found none; list some in data_source.granules or in the catalog');
  const granules = await Promise.all(urls.map(async (url): Promise<PlannedGranule> => ({ id: granuleId(url), url, ...(await probe?.(url)) })));
  let cells: readonly PlannedCell[] | undefined;
  let area: CatalogArea | undefined;
  if (input.kind === 'catalog') {
    const convention = input.catalog.latitude;
    if (convention === config.grid.latitude) {
      cells = plannedCells(input.catalog, granules);
      area = catalogArea(input.catalog.metadata);
      const unlisted = area ? 0 : (input.catalog.metadata.total_granules ?? 0) - granules.length;
      if (unlisted > 0) {
        notices.push({
          tag: 'granules-unlisted',
          message: `${input.name} was built from ${input.catalog.metadata.total_granules} granules and lists ${granules.length}: the others had no row in a cell, or were taken out of it since, and what rows they have are not in the store; if that is not meant, build it anew with magg catalog`
        });
      }
    } else {
      notices.push({
        tag: 'latitude-differs',
        message: `${input.name} places cells by ${convention} latitude, the config by ${config.grid.latitude}: the cells are derived anew from the coordinates of its ${granules.length} granules`
      });
    }
  }
  const latitude = config.grid.latitude;
  const settings = settingsOf(config, parentOrder);
  const id = await planIdentity({ config, parentOrder, settings, granules, cells });
  return { plan: { id, config, settings, parentOrder, childOrder, latitude, granules, cells, cellsFrom: cells ? 'catalog' : 'coordinates', area, selection }, notices };
}

/** The plan with the cells that were found: parents by nested id with the granules that touch each. */
export function completePlan(plan: Plan, found: ReadonlyMap<number, readonly number[]>): CompletePlan {
  const cells = [...found.entries()]
    .sort(([a], [b]) => a - b)
    .map(([nested, granules]) => ({ nested, morton: mortonText(nested, plan.parentOrder), granules }));
  return { ...plan, cells };
}

/** The plan with another list or order of cells, and the identity that goes with it. */
export async function withCells(plan: Plan, cells: readonly PlannedCell[]): Promise<CompletePlan> {
  return { ...plan, cells, id: await planIdentity({ ...plan, cells }) };
}

/** The groups of the config, or one pass over the file where it has none. */
export function groupsOf(config: PipelineConfig): readonly (string | null)[] {
  return config.source.groups ?? [null];
}

/** Positions in `plan.cells` of the cells that the run computes. Throws `unknown-cell` for a cell the plan does not have. */
export function selectedCells(plan: CompletePlan): readonly number[] {
  const { maxCells, cells, sample } = plan.selection;
  let positions = plan.cells.map((_, i) => i);
  if (cells) {
    const wanted = new Set(cells);
    positions = positions.filter(i => wanted.delete(plan.cells[i]!.nested));
    for (const nested of wanted) {
      throw new MaggError('unknown-cell', `cell ${mortonText(nested, plan.parentOrder)} is not among the ${plan.cells.length} cells of the plan; magg run --dry-run lists them`);
    }
  }
  if (maxCells !== undefined) positions = positions.slice(0, maxCells);
  return sample ? sampleCells(plan.cells, positions, sample) : positions;
}

export function mortonText(nested: number, order: number): string {
  return mortonDecimal(BigInt(nested), order).toString();
}

function parentOrderOf(config: PipelineConfig, input: PlanInput): number {
  const own = config.grid.parentOrder;
  if (input.kind === 'granules') return own ?? Math.min(DEFAULT_PARENT_ORDER, config.grid.childOrder);
  const theirs = input.catalog.parentOrder;
  if (own !== undefined && own !== theirs) {
    throw new MaggError('parent-order', `output.grid.parent_order is ${own}, but ${input.name} was built for parent order ${theirs}; make them equal, or build the catalog anew: magg catalog --from GRANULE... --parent-order ${own} --output FILE`);
  }
  return theirs;
}

/** Every granule of the catalog once, ordered by id as a list of granules is: the order of rows in a cell must not depend on that of a file's keys. */
function granulesOf(catalog: Catalog): readonly string[] {
  const byId = new Map<string, string>();
  for (const { granules } of catalog.cells) for (const url of granules) if (!byId.has(granuleId(url))) byId.set(granuleId(url), url);
  return [...byId].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, url]) => url);
}

function plannedCells(catalog: Catalog, granules: readonly PlannedGranule[]): readonly PlannedCell[] {
  const places = new Map(granules.map((g, i) => [g.id, i]));
  return catalog.cells
    .map(cell => ({
      nested: Number(cell.cell),
      morton: cell.morton,
      granules: cell.granules.map(url => places.get(granuleId(url))!).sort((a, b) => a - b)
    }))
    .sort((a, b) => a.nested - b.nested);
}
