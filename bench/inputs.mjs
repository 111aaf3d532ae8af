// Granules and configs of the bench, below out/bench; made once.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { python, root, start } from './processes.mjs';

export const folder = join(root, 'out/bench');

/** Paths of the granules of `make_granules.py --granules N --seed S`, with `--arc A` where an arc in degrees is given. */
export function granules(count, seed, arc) {
  const path = join(folder, `granules-${count}-${seed}${arc === undefined ? '' : `-${arc}`}`);
  if (!existsSync(path)) {
    console.log(`writing ${count} granules (four seconds each, once)`);
    mkdirSync(folder, { recursive: true });
    // Under another name until they are whole: an interrupted run must not leave a short folder.
    rmSync(`${path}.part`, { recursive: true, force: true });
    start([python, join(root, 'bench/make_granules.py'), `${path}.part`, '--granules', String(count), '--seed', String(seed), ...(arc === undefined ? [] : ['--arc', String(arc)])]);
    renameSync(`${path}.part`, path);
  }
  return readdirSync(path).filter(name => name.endsWith('.h5')).sort().map(name => join(path, name));
}

const variable = (name, body) => `    ${name}: {${body}}`;
const atl06 = [
  variable('count', 'function: len, source: h_li, dtype: int32, fill_value: 0'),
  variable('h_min', 'function: min, source: h_li'),
  variable('h_max', 'function: max, source: h_li'),
  variable('h_mean', 'function: average, source: h_li, params: {weights: "1.0 / s_li**2"}'),
  variable('h_sigma', 'expression: "1.0 / np.sqrt(np.sum(1.0 / s_li**2))"'),
  variable('h_variance', 'function: var, source: h_li'),
  variable('h_q25', 'function: quantile, source: h_li, params: {q: 0.25}'),
  variable('h_q50', 'function: quantile, source: h_li, params: {q: 0.5}'),
  variable('h_q75', 'function: quantile, source: h_li, params: {q: 0.75}')
];
const twelve = [
  ...['min', 'max', 'mean', 'std', 'var', 'median', 'sum'].map(name => variable(`h_${name}`, `function: ${name}, source: h_li`)),
  ...['mean', 'max', 'min'].map(name => variable(`s_${name}`, `function: ${name}, source: s_li`)),
  ...['min', 'max'].map(name => variable(`t_${name}`, `function: ${name}, source: time, dtype: float64`))
];

/**
 * A config over `files`; with `wide` the twelve functions over three columns instead of atl06's nine over two. `source`, `output` and `top`
 * are further lines of these sections, `parentOrder` is 6 where nothing else is said.
 */
export function writeConfig(name, files, { wide = false, source = '', output = '', top = '', parentOrder = 6 } = {}) {
  const path = join(folder, name);
  const text = `data_source:
  reader: hdf5
  groups: [gt1l, gt1r, gt2l, gt2r, gt3l, gt3r]
  granules:
${files.map(file => `    - ${JSON.stringify(file)}`).join('\n')}
  coordinates:
    latitude: /{group}/land_ice_segments/latitude
    longitude: /{group}/land_ice_segments/longitude
  variables:
    h_li: /{group}/land_ice_segments/h_li
    s_li: /{group}/land_ice_segments/h_li_sigma
${wide ? '    time: /{group}/land_ice_segments/delta_time\n' : ''}  quality_filter: {dataset: "/{group}/land_ice_segments/atl06_quality_summary", value: 0}
${source}aggregation:
  coordinates:
    cell_ids: {dtype: uint64, fill_value: 0}
    morton: {dtype: int64, fill_value: 0}
  variables:
${(wide ? twelve : atl06).join('\n')}
output:
  grid: {type: healpix, indexing_scheme: nested, parent_order: ${parentOrder}, child_order: 12}
  store: ${JSON.stringify(join(folder, name.replace(/\.magg\.yaml$/, '.zarr')))}
${output}${top}`;
  writeFileSync(path, text);
  return path;
}
