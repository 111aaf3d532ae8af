import { MaggError, throwIfAborted } from '../../base/index.js';
import type { Hdf5File } from '../../hdf5/index.js';
import { lostRowText, whyLost, type LostRow } from './lost-rows.js';
import type { MapTools } from './map-group.js';
import type { OpenGroup } from './open-group.js';
import { positionsOf } from './row-positions.js';
import { batchesOf, WindowReader, windowsOf } from './window-reader.js';

export interface Doubt {
  readonly group: string | null;
  /** The first row that gave rise to it. */
  readonly first: LostRow;
  /** Rows that are known to have a position, each counted once. */
  readonly placed: number;
}

/**
 * Throws `bad-coordinates` where the datasets are no coordinates at all: not one row of the group has a position, or more rows
 * than have one would have it if latitude and longitude were exchanged. All rows count, whatever filters say, so that the
 * answer does not depend on which of them a pass looks at. Reads as many coordinates as it needs; none when more than half of
 * the rows are placed. Returns the bytes that were read.
 */
export async function refuseWrongCoordinates(file: Hdf5File, open: OpenGroup, { group, first, placed }: Doubt, { buffer, encoder, positions, signal }: MapTools): Promise<number> {
  const { rows, latitude, longitude } = open;
  if (2 * placed > rows) return 0;
  let [found, swapped, bytes] = [0, 0, 0];
  for (const batch of batchesOf(windowsOf(open.frame, rows), open.frame)) {
    buffer.reset();
    const reader = await WindowReader.read(file, [latitude, longitude].map(source => ({ ...source, windows: batch })), { signal, into: buffer });
    throwIfAborted(signal);
    bytes += reader.bytes;
    for (const window of batch) {
      const count = window.to - window.from;
      const { cells } = positions.reserve(count);
      const places = positionsOf(reader, window, open);
      const lost = encoder.encode(places.latitudes, places.longitudes, count, cells);
      found += count - lost;
      if (2 * found > rows) return bytes;
      for (let i = 0; lost > 0 && i < count; i++) {
        if (cells.face[i]! >= 0 || whyLost(places, i, open) !== 'bad') continue;
        if (Math.abs(places.latitudes[i]!) <= 360 && Math.abs(places.longitudes[i]!) <= 90) swapped++;
      }
    }
  }
  if (found > 0 && swapped <= found) return bytes;
  const { path } = latitude.dataset;
  const what = found === 0 ? `none of the ${rows} rows has a position` : `${swapped} of ${rows} rows have a position only if latitude and longitude change places`;
  throw new MaggError(
    'bad-coordinates',
    `the coordinates of ${file.name}${group === null ? '' : ` ${group}`} are not in degrees, or not latitude and longitude: ${what}. ${lostRowText(first, path, longitude.dataset.path)}. ` +
      `Correct data_source.coordinates${swapped > found ? ' (the two look swapped)' : ''}, or leave the granule out`,
    { context: { granule: file.name, ...(group === null ? {} : { group }), dataset: path } }
  );
}
