// The stages on their own, from the library build: `node bench/stages.mjs GRANULE...` prints one JSON list of report lines.
// Everything runs in one thread on data in memory; minima of several rounds.
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { compileStatistics, Gatherer, groupRuns, RowArena } from '../lib/aggregate/index.js';
import { parseConfig } from '../lib/config/index.js';
import { createEncoder, encodeTwoLevel } from '../lib/grid/index.js';
import { nodeCodecs } from '../lib/hdf5/codecs.node.js';
import { openHdf5 } from '../lib/hdf5/index.js';
import { createReadBuffer } from '../lib/io/index.js';
import { openSource } from '../lib/io/open-source.node.js';
import { mapGroup } from '../lib/runner/local/map-group.js';
import { columnPlan, storedColumns } from '../lib/runner/local/column-plan.js';
import { PositionScratch } from '../lib/runner/local/position-scratch.js';
import { writeConfig } from './inputs.mjs';

const ROUNDS = 7, BEAMS = ['gt1l', 'gt1r', 'gt2l', 'gt2r', 'gt3l', 'gt3r'];
const COLUMNS = ['latitude', 'longitude', 'h_li', 'h_li_sigma', 'atl06_quality_summary'];
const files = process.argv.slice(2);
const lines = [];

/** Least seconds of each work over several rounds, interleaved. */
function least(works, rounds = ROUNDS) {
  const best = works.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    works.forEach((work, i) => {
      const t = performance.now();
      work();
      best[i] = Math.min(best[i], (performance.now() - t) / 1000);
    });
  }
  return best;
}

const fallback = () => Promise.reject(new Error('a granule of the benchmark needs the full HDF5 library'));
const open = path => openHdf5(openSource(path), { codecs: nodeCodecs, fallback });

/** The five columns of one granule as they lie in the file, and what decodes them. */
async function rawColumns(path) {
  const file = await open(path);
  const datasets = await file.datasets(BEAMS.flatMap(beam => COLUMNS.map(name => `/${beam}/land_ice_segments/${name}`)));
  const requests = datasets.flatMap(dataset => Array.from({ length: dataset.chunkCount }, (_, chunk) => ({ dataset, chunk })));
  const chunks = await file.readChunks(requests);
  return requests.map((request, i) => ({ ...request, raw: chunks[i] }));
}

const valuesOf = (pieces, name) => {
  const parts = pieces.filter(({ dataset }) => dataset.path.endsWith(`/${name}`)).map(({ dataset, chunk, raw }) => dataset.decode(chunk, raw));
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

function inflate(pieces) {
  const alone = pieces.map(({ dataset, chunk, raw }) => ({ bytes: raw.bytes, chunkSize: dataset.chunkRows * dataset.decode(chunk, raw).BYTES_PER_ELEMENT }));
  const [ours, zlib] = least([
    () => pieces.forEach(({ dataset, chunk, raw }) => dataset.decode(chunk, raw)),
    () => alone.forEach(({ bytes, chunkSize }) => inflateSync(bytes, { chunkSize }))
  ]);
  const outputMB = alone.reduce((sum, { chunkSize }) => sum + chunkSize, 0) / 1e6;
  lines.push(['inflate and decode of a granule', outputMB / ours, 'MB/s'], ['inflate and decode / zlib alone', ours / zlib, 'x', ['<=', 1.1]]);
}

function encode(pieces) {
  const latitudes = valuesOf(pieces, 'latitude'), longitudes = valuesOf(pieces, 'longitude');
  const WINDOW = 10_000; // what a chunk of the product holds
  const cells = { face: new Int32Array(WINDOW), x: new Int32Array(WINDOW), y: new Int32Array(WINDOW) };
  const windows = [];
  for (let from = 0; from < latitudes.length; from += WINDOW) windows.push([latitudes.subarray(from, from + WINDOW), longitudes.subarray(from, from + WINDOW)]);
  const positions = encoder => () => windows.forEach(([lat, lon]) => encoder.encode(lat, lon, lat.length, cells));
  // What healpy's ang2pix gives is a whole id: here parent and child, the interleaving included.
  const ids = { parent: new Float64Array(latitudes.length), child: new Int32Array(latitudes.length) };
  const whole = (encoder, parentOrder) => () => encodeTwoLevel(encoder, latitudes, longitudes, latitudes.length, parentOrder, ids);
  const at12 = createEncoder(12, 'authalic'), at29 = createEncoder(29, 'authalic');
  const [id12, id29, place12] = least([whole(at12, 6), whole(at29, 14), positions(at12)]).map(seconds => latitudes.length / seconds / 1e6);
  lines.push(['encode to ids, order 12, authalic', id12, 'M points/s', ['>=', 12]]);
  lines.push(['encode to ids, order 29, authalic', id29, 'M points/s', ['>=', 5]]);
  lines.push(['encode to face, x, y only (what a run does per row)', place12, 'M points/s']);
}

/** The rows of all granules, as the map step leaves them. */
async function mappedBlocks(config) {
  const tools = { columns: columnPlan(config), handOver: undefined, encoder: createEncoder(12, 'authalic'), positions: new PositionScratch(), buffer: createReadBuffer(), memory: new RowArena(bytes => new ArrayBuffer(bytes), 1 << 23), mostRows: Infinity, signal: undefined };
  const blocks = [];
  for (const path of files) {
    const file = await open(path);
    for (const group of BEAMS) {
      const { block } = await mapGroup(file, { config, parentOrder: 6, group, purpose: 'rows', needsAllPositions: false, verdictOf: () => 'keep', wanted: undefined, badPositions: 'refuse', known: undefined, learns: false, order: blocks.length }, tools);
      if (block) blocks.push(block);
    }
    await file.close();
  }
  return blocks;
}

/** Seconds that `evaluate` alone takes over every parent, and the rows it saw. */
async function statisticsOf(name, wide) {
  const path = writeConfig(name, files, { wide });
  const { config, diagnostics } = parseConfig(readFileSync(path, 'utf8'), { fileName: path });
  if (!config) throw new Error(diagnostics.map(d => d.message).join('\n'));
  const blocks = await mappedBlocks(config);
  const parents = [...new Set(blocks.flatMap(block => [...block.runs.parents]))].sort((a, b) => a - b);
  const grouped = groupRuns(blocks, parents.length, new Map(parents.map((parent, i) => [parent, i])), bytes => new ArrayBuffer(bytes));
  const names = storedColumns(config);
  const statistics = compileStatistics(config.variables, names);
  const values = statistics.allocate(4096);
  const gatherer = new Gatherer(4096);
  let best = Infinity, rows = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let seconds = 0;
    rows = 0;
    parents.forEach((_, place) => {
      const cellRows = gatherer.gather(place, grouped, blocks, statistics.used, names.length);
      const t = performance.now();
      statistics.evaluate(cellRows, values);
      seconds += (performance.now() - t) / 1000;
      rows += cellRows.first[cellRows.cells];
    });
    best = Math.min(best, seconds);
  }
  return { seconds: best, rows };
}

const pieces = await rawColumns(files[0]);
inflate(pieces);
encode(pieces);
const atl06 = await statisticsOf('whole.magg.yaml', false);
lines.push(['atl06 statistics', atl06.rows / atl06.seconds / 1e6, 'M rows/s', ['>=', 25]]);
const twelve = await statisticsOf('twelve.magg.yaml', true);
lines.push(['statistics, 12 functions over 3 columns / atl06', twelve.seconds / atl06.seconds, 'x', ['<=', 2]]);
process.stdout.write(JSON.stringify(lines));
