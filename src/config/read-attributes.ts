import type { JsonObject } from '../base/index.js';
import type { Partially } from './partial.js';
import type { Variable } from './pipeline-document.generated.js';
import type { Path, Report } from './report.js';

const CODING = 'readers would change the values by it';
/** Attributes that mean something to readers, or that the store writes itself, and why they are not the user's. */
const RESERVED: Readonly<Record<string, string>> = {
  scale_factor: `${CODING}; write the scaling into an expression`,
  add_offset: `${CODING}; write the offset into an expression`,
  missing_value: `${CODING}; fill_value says what cells without data hold`,
  dtype: 'the key dtype of the variable says it',
  coordinates: 'the store says which coordinates there are',
  grid_mapping: 'the store says which grid its cells are of',
  dimensions: 'the store says which dimensions an array has',
  bin_edges: 'the store writes the edges of a histogram there',
  overview: 'the store writes there what an overview holds',
  overview_method: 'the store writes there how an overview was made'
};

/** The attributes of a variable's array; those with an error are reported. */
export function readAttributes({ units, long_name, attributes = {} }: Partially<Variable>, path: Path, report: Report): JsonObject {
  for (const name of Object.keys(attributes)) {
    const at = [...path, 'attributes', name];
    const why = Object.hasOwn(RESERVED, name) ? RESERVED[name] : name.startsWith('_') ? 'names that begin with _ belong to Zarr and xarray' : undefined;
    if (name === '_FillValue') report.add({ code: 'wrong-value', at: 'key', path: at, message: '_FillValue cannot be an attribute here: write fill_value beside the dtype, which sets it too' });
    else if (why !== undefined) report.add({ code: 'wrong-value', at: 'key', path: at, message: `${name} cannot be an attribute here: ${why}` });
    else if ((name === 'units' && units !== undefined) || (name === 'long_name' && long_name !== undefined)) {
      report.add({ code: 'duplicate-name', at: 'key', path: at, message: `${name} stands among the attributes and beside them: keep one of the two` });
    }
  }
  return { ...(units !== undefined && { units }), ...(long_name !== undefined && { long_name }), ...(attributes as JsonObject) };
}
