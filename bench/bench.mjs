// `npm run bench`: the targets of the whole job, of start-up and of each stage, as ratios within one run.
// `npm run bench -- whole start stages options again cell size` runs the named parts only; `size` only then.
import './prepare.mjs';
import { join } from 'node:path';
import { again, cell, options, size } from './engine.mjs';
import { folder, granules, writeConfig } from './inputs.mjs';
import { interleave, least, magg, peakMB, python, root, start } from './processes.mjs';
import { line, save } from './report.mjs';

const ROUNDS = 7;
const asked = process.argv.slice(2);
const wanted = part => asked.length === 0 || asked.includes(part);

const files = granules(8, 1);
const config = writeConfig('whole.magg.yaml', files);
const store = join(folder, 'whole.zarr');
const runWith = (workers, ...more) => magg('run', config, '--store', store, '--overwrite', '--workers', String(workers), ...more);

/** The whole job against the Python process that only reads, encodes and sorts. */
function whole() {
  const events = start(runWith(2, '--json')).output.trim().split('\n').map(text => JSON.parse(text));
  const finished = events.find(event => event.type === 'run-finished');
  line('observations counted', finished.summary.totalObs, '', ['=', 5_057_118]);

  const catalog = join(folder, 'catalog.json');
  const inner = [];
  const peer = () => {
    const { seconds, output } = start([python, join(root, 'bench/peer.py'), ...files]);
    inner.push(JSON.parse(output).workS);
    return seconds;
  };
  const [python7, two, one, both] = interleave(ROUNDS, [
    peer,
    () => start(runWith(2)).seconds,
    () => start(runWith(1)).seconds,
    () => start(magg('catalog', '--from', ...files, '--config', config, '--parent-order', '6', '--output', catalog)).seconds + start(runWith(2, '--catalog', catalog)).seconds
  ]).map(least);
  line('h5py + healpy + numpy, whole process', python7, 's');
  line('h5py + healpy + numpy, without its imports', least(inner), 's');
  line('magg run, 2 workers', two, 's');
  line('magg run, 2 workers / Python process', two / python7, 'x', ['<=', 0.75]);
  line('magg run, 2 workers / Python without imports', two / least(inner), 'x');
  line('magg run, 1 worker / Python process', one / python7, 'x', ['<=', 1]);
  line('magg catalog, then magg run / Python process', both / python7, 'x', ['<=', 1]);
  line('magg run, 2 workers: peak memory', peakMB(runWith(2)), 'MB', ['<=', 250]);

  const wide = writeConfig('twelve.magg.yaml', files, { wide: true });
  const [wide3, atl3] = interleave(3, [
    () => start(magg('run', wide, '--overwrite', '--workers', '2')).seconds,
    () => start(runWith(2)).seconds
  ]).map(least);
  line('whole run, 12 functions over 3 columns / atl06', wide3 / atl3, 'x');
}

/** Multiples of the time that Node needs to do nothing. */
function startUp() {
  const example = join(root, 'examples/greenland/greenland.magg.yaml');
  const [nothing, help, validate, run] = interleave(ROUNDS, [
    () => start([process.execPath, '-e', '0']).seconds,
    () => start(magg('--help')).seconds,
    () => start(magg('validate', example)).seconds,
    () => start(magg('run', example, '--store', join(folder, 'greenland.zarr'), '--overwrite')).seconds
  ]).map(least);
  line('node -e 0', nothing * 1e3, 'ms');
  line('magg --help / node -e 0', help / nothing, 'x', ['<=', 2.5]);
  line('magg validate / node -e 0', validate / nothing, 'x', ['<=', 5]);
  line('magg run, Greenland / node -e 0', run / nothing, 'x', ['<=', 12]);
}

if (wanted('whole')) whole();
if (wanted('start')) startUp();
if (wanted('options')) options(ROUNDS);
if (wanted('again')) again(ROUNDS);
if (wanted('cell')) cell(2 * ROUNDS); // a fifth of a second each, which anything disturbs
if (asked.includes('size')) size(); // only when asked for: 7 GB of granules
if (wanted('stages')) {
  // In a process of its own: its heap and its compiled code are then nobody else's.
  for (const args of JSON.parse(start([process.execPath, join(root, 'bench/stages.mjs'), ...files]).output)) line(...args);
}
save(join(folder, 'result.json'));
