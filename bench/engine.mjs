// Parts of the bench beyond the main path: what options cost, runs again, one cell, many granules.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, granules, writeConfig } from './inputs.mjs';
import { interleave, least, magg, peakMB, python, root, start, watched } from './processes.mjs';
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
  const files = granules(12, 3);
  const config = writeConfig('again.magg.yaml', files, { parentOrder: 8 });
  start(run(config, '--overwrite'));
  const { cellsSelected, cellsCurrent, bytesRead } = summaryOf(run(config));
  line('second run: cells', cellsSelected, '', ['>=', 1_300]);
  line('second run: cells that are not current', cellsSelected - cellsCurrent, '', ['=', 0]);
  line('second run: bytes read of granules', bytesRead, '', ['=', 0]);
  line('second run', least(interleave(rounds, [() => seconds(run(config))])[0]), 's', ['<=', 0.5]);
}

/**
 * The polar parent of the older programs: 2.03 s (227 MB) and 2.15 s (214 MB), processing only, on a machine where the numpy peer of this bench took
 * 0.94 s without its imports for its eight granules. That peer, measured in the same minutes, tells what they would take here.
 */
const OLDER_PER_PEER = 2.03 / 0.94;

export function cell(rounds) {
  const files = granules(40, 5, 12);
  const config = writeConfig('cell.magg.yaml', files);
  const [catalog, one] = ['cell.json', 'one-cell.json'].map(name => join(folder, name));
  const index = join(folder, 'cell-index');
  const store = join(folder, 'cell.zarr');
  start(magg('catalog', '--from', ...files, '--config', config, '--parent-order', '6', '--output', catalog));
  // One invocation computes one cell: the list of the others is not its business, nor is comparing its granules with the list.
  const text = readFileSync(catalog, 'utf8');
  const [entry] = /"-5111131": \[[^\]]*\]/.exec(text);
  writeFileSync(one, text.replace(/"catalog": \{[^]*\}\s*\}\s*$/, `"catalog": {${entry}}}\n`).replace(/"total_cells": \d+/, '"total_cells": 1'));
  const run1 = (...more) => magg('run', config, '--catalog', one, '--backend', 'cells', '--morton-cell', '-5111131', '--store', store, '--overwrite', ...more);
  rmSync(index, { recursive: true, force: true });
  // A full run keeps the index of every granule.
  start(magg('run', config, '--catalog', catalog, '--store', join(folder, 'cell-all.zarr'), '--overwrite', '--index', index));
  const peer = () => JSON.parse(start([python, join(root, 'bench/peer.py'), ...granules(8, 1)]).output).workS;
  // The back end cells has one thread for one cell; the local one shares its granules between threads, and reads the same rows.
  const local = ['--backend', 'local', '--workers', '2'];
  const variants = [[], local, ['--index', index], ['--index', index, ...local]].map(more => [...run1('--workers', '1', '--json'), ...more]);
  const [peerS, ...runs] = interleave(rounds, [peer, ...variants.map(words => () => {
    // 3: the local back end saw rows in cells that the list of one does not have.
    const { seconds: whole, output } = start(words, [0, 3]);
    return { whole, processing: JSON.parse(output.trim().split('\n').at(-1)).summary.durationS };
  })]);
  const [plain, plain2, indexed, indexed2] = runs.map(list => ({ whole: least(list.map(one => one.whole)), processing: least(list.map(one => one.processing)) }));
  const older = OLDER_PER_PEER * least(peerS);
  const told = (name, one, two, target) => {
    line(`${name}: whole process`, Math.min(one.whole, two.whole), 's');
    line(`${name}: processing`, Math.min(one.processing, two.processing), 's');
    line(`older program (by its peer) / ${name}, processing`, older / Math.min(one.processing, two.processing), 'x', ['>=', target]);
  };
  told('one cell of 15 granules', plain, plain2, 5);
  told('one cell, saved index', indexed, indexed2, 15);
  line('one cell: peak memory', peakMB(run1()), 'MB', ['<=', 200]);
}

/** Many granules: 8, 40 and 400 of the same kind, the last in 500 MB. 7 GB of files are written once. */
export function size() {
  const all = granules(400, 1);
  const [eight, forty, many] = [8, 40, 400].map(count => {
    const config = writeConfig(`size-${count}.magg.yaml`, all.slice(0, count), count === 400 ? { top: 'run: {memory: 500MB}\n' } : {});
    // The first run brings files into the page cache and makes the chunks; of 400 granules one must do.
    const runs = Array.from({ length: count === 400 ? 1 : 4 }, () => watched(run(config, '--overwrite', '--json')));
    const summaries = runs.map(({ lastLine }) => JSON.parse(lastLine).summary);
    const { rowsRead } = summaries[0];
    return { perRow: least(runs.map(({ seconds: s }) => s)) / rowsRead, processing: least(summaries.map(({ durationS }) => durationS)) / rowsRead, peak: Math.max(...runs.map(({ peak }) => peak)) };
  });
  line('40 granules', 1e-6 / forty.perRow, 'M rows/s', ['>=', 8]);
  line('400 granules in 500 MB', 1e-6 / many.perRow, 'M rows/s');
  line('400 granules in 500 MB: peak memory', many.peak, 'MB', ['<=', 500]);
  line('time per row: 400 granules / 40', many.perRow / forty.perRow, 'x', ['<=', 1.5]);
  // A fifth of the time of eight granules is the start of the process, which does not grow.
  line('time per row: 8 granules / 40', eight.perRow / forty.perRow, 'x');
  line('time per row without the start of the process: 8 granules / 40', eight.processing / forty.processing, 'x', ['<=', 1.5]);
}
