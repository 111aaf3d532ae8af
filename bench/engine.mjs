// Parts of the bench beyond the main path: what options cost, runs again, one cell, many granules.
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { folder, granules, writeConfig } from './inputs.mjs';
import { interleave, least, magg, peakMB, start } from './processes.mjs';
import { line } from './report.mjs';

const seconds = words => start(words).seconds;
const run = (config, ...more) => magg('run', config, '--workers', '2', ...more);
const summaryOf = words => JSON.parse(start([...words, '--json']).output.trim().split('\n').at(-1)).summary;

/** Each option alone against the plain run, in the same minutes. */
export function options(rounds) {
  const files = granules(8, 1);
  const column = name => `/{group}/land_ice_segments/${name}`;
  const works = {
    'plain': {},
    'two filters and a let column': {
      source: `  let: {h_cm: "h_li * 100"}\n  filters:\n    - {dataset: "${column('h_li_sigma')}", less: 0.5}\n    - {expression: "h_cm > -50000 and s_li > 0"}\n`
    },
    'shards': { output: '  sharding: true\n' },
    'gzip': { output: '  compression: gzip\n' },
    'overviews of orders 8 and 10': { output: '  overviews: [8, 10]\n' }
  };
  const names = Object.keys(works);
  const configs = names.map((name, i) => writeConfig(`option-${i}.magg.yaml`, files, works[name]));
  const [plain, ...others] = interleave(rounds, configs.map(config => () => seconds(run(config, '--overwrite')))).map(least);
  others.forEach((time, i) => line(`${names[i + 1]} / plain`, time / plain, 'x', ['<=', 1.3]));
}

/** Nothing has changed: 1,300 cells are found current. */
export function again(rounds) {
  const files = granules(10, 3);
  const config = writeConfig('again.magg.yaml', files, { parentOrder: 8 });
  start(run(config, '--overwrite'));
  const { cellsSelected, cellsCurrent, bytesRead } = summaryOf(run(config));
  line('second run: cells', cellsSelected, '', ['>=', 1_300]);
  line('second run: cells that are not current', cellsSelected - cellsCurrent, '', ['=', 0]);
  line('second run: bytes read of granules', bytesRead, '', ['=', 0]);
  line('second run', least(interleave(rounds, [() => seconds(run(config))])[0]), 's', ['<=', 0.5]);
}

/** The polar parent of the programs before: 2.15 s and 214 MB, 2.03 s and 227 MB on two cores of another machine. */
const PEER_S = 2.03;
export function cell(rounds) {
  const files = granules(40, 5, 12);
  const config = writeConfig('cell.magg.yaml', files);
  const catalog = join(folder, 'cell.json');
  const index = join(folder, 'cell-index');
  const store = join(folder, 'cell.zarr');
  start(magg('catalog', '--from', ...files, '--config', config, '--parent-order', '6', '--output', catalog));
  const one = (...more) => magg('run', config, '--catalog', catalog, '--backend', 'cells', '--morton-cell', '-5111131', '--store', store, '--overwrite', ...more);
  rmSync(index, { recursive: true, force: true });
  start(one('--index', index));
  const [plain, indexed] = interleave(rounds, [() => seconds(one()), () => seconds(one('--index', index))]).map(least);
  line('one cell of 40 granules', plain, 's');
  line('older program (2.03 s) / one cell', PEER_S / plain, 'x', ['>=', 5]);
  line('older program (2.03 s) / one cell with a saved index', PEER_S / indexed, 'x', ['>=', 15]);
  line('one cell: peak memory', peakMB(one()), 'MB', ['<=', 200]);
}

/** Many granules: 8, 40 and 400 of the same kind, the last in 500 MB. 7 GB of files are written once. */
export function size() {
  const all = granules(400, 1);
  const sizes = [8, 40, 400].map(count => {
    const files = all.slice(0, count);
    const config = writeConfig(`size-${count}.magg.yaml`, files, count === 400 ? { top: 'run: {memory: 500MB}\n' } : {});
    return { count, config, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0) };
  });
  const [eight, forty, many] = sizes.map(({ count, config }) => {
    start(run(config, '--overwrite')); // the files come into the page cache, chunks are made
    const times = interleave(count === 400 ? 1 : 3, [() => seconds(run(config, '--overwrite'))])[0];
    const { rowsRead } = summaryOf(run(config, '--overwrite'));
    return { rows: rowsRead, perRow: least(times) / rowsRead, peak: peakMB(run(config, '--overwrite')) };
  });
  line('40 granules', 1e-6 / forty.perRow, 'M rows/s', ['>=', 8]);
  line('400 granules in 500 MB', 1e-6 / many.perRow, 'M rows/s');
  line('400 granules in 500 MB: peak memory', many.peak, 'MB', ['<=', 500]);
  line('time per row: 400 granules / 40', many.perRow / forty.perRow, 'x', ['<=', 1.5]);
  line('time per row: 8 granules / 40', eight.perRow / forty.perRow, 'x', ['<=', 1.5]);
}
