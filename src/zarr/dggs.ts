import type { LatitudeConvention } from '../config/index.js';
import { WGS84 } from '../grid/index.js';
import type { ExactJson, ExactJsonObject } from './exact-json.js';
import type { OpenLayout } from './layout.js';

/** Values of the group attribute `latitude_convention`. */
export const CONVENTION_NAMES = { authalic: 'authalic-wgs84', spherical: 'geodetic-spherical' } as const;

// Readers take WGS84 for authalic latitude; the sphere has the radius of equal surface, so that areas agree.
const ELLIPSOIDS: Readonly<Record<LatitudeConvention, ExactJsonObject>> = {
  authalic: { name: 'WGS84', semimajor_axis: WGS84.semimajorAxisM, inverse_flattening: WGS84.inverseFlattening },
  spherical: { name: 'sphere', radius: WGS84.authalicRadiusM }
};

/** Whether the values of a group are all there; `unfinished` from the template until the run ends. */
export type Completeness = 'unfinished' | 'complete' | 'partial';

/** What the attributes of a group say beyond its grid. */
export interface GroupNotes {
  readonly completeness: Completeness;
  /** Parents with data; undefined: not known before the run ends. */
  readonly coverage?: ExactJsonObject | undefined;
}

/**
 * Attributes of the group `{childOrder}/`: the zarr convention `dggs`, v1, and our own. A key more in `dggs` and xdggs 0.6
 * raises. A full-sphere group has no `coordinate`, which by that convention means: every cell of the order, by its id.
 */
export function groupAttributes(layout: OpenLayout, { completeness, coverage }: GroupNotes): ExactJsonObject {
  const { childOrder, parentOrder, latitude, form = 'dense', overviewOf, overviews = [] } = layout;
  return {
    ...(form === 'dense' && { coordinates: 'cell_ids morton' }),
    latitude_convention: CONVENTION_NAMES[latitude],
    layout: form,
    parent_order: parentOrder,
    ...(overviewOf !== undefined && { overview_of: String(overviewOf) }),
    ...(overviews.length > 0 && { overviews: overviews.map(String) }),
    completeness,
    ...(coverage && { coverage }),
    zarr_conventions: [
      {
        name: 'dggs',
        description: 'Discrete Global Grid Systems convention for zarr',
        uuid: '7b255807-140c-42ca-97f6-7a1cfecdbc38',
        schema_url: 'https://raw.githubusercontent.com/zarr-conventions/dggs/refs/tags/v1/schema.json',
        spec_url: 'https://github.com/zarr-conventions/dggs/blob/v1/README.md'
      }
    ],
    dggs: {
      name: 'healpix',
      refinement_level: childOrder,
      indexing_scheme: 'nested',
      spatial_dimension: 'cells',
      ...(form === 'dense' && { coordinate: 'cell_ids', compression: 'none' }),
      ellipsoid: ELLIPSOIDS[latitude]
    }
  };
}

/** Attributes of `cell_ids`, the older form of the same: exactly these keys. */
export function cellIdsAttributes(childOrder: number, latitude: LatitudeConvention): ExactJsonObject {
  return { grid_name: 'healpix', level: childOrder, indexing_scheme: 'nested', ellipsoid: ELLIPSOIDS[latitude] };
}

/**
 * The convention that a group was binned by, from its attributes and the dtype of `morton`. Without
 * `latitude_convention` an int64 `morton` marks an old store, whose ellipsoid is wrong: spherical. Otherwise the
 * ellipsoid says. Undefined where nothing known is said.
 */
export function latitudeOf(group: ExactJsonObject, cellIds: ExactJsonObject, mortonDtype: string | undefined): LatitudeConvention | undefined {
  const said = group.latitude_convention;
  if (said !== undefined) return said === CONVENTION_NAMES.authalic ? 'authalic' : said === CONVENTION_NAMES.spherical ? 'spherical' : undefined;
  if (mortonDtype === 'int64') return 'spherical';
  const ellipsoid = member(group.dggs, 'ellipsoid') ?? cellIds.ellipsoid;
  const name = typeof ellipsoid === 'string' ? ellipsoid : member(ellipsoid, 'name');
  if (name === 'WGS84') return 'authalic';
  if (name === 'sphere' || ellipsoid === undefined || member(ellipsoid, 'radius') !== undefined) return 'spherical';
  return undefined;
}

function member(value: ExactJson | undefined, key: string): ExactJson | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ExactJsonObject)[key] : undefined;
}
