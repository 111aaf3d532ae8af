import { throwIfAborted } from '../../base/index.js';
import type { Hdf5File } from '../../hdf5/index.js';
import type { PlaceRecorder } from './group-places.js';
import type { MapTools } from './map-group.js';
import type { OpenGroup } from './open-group.js';
import { positionsOf } from './row-positions.js';
import type { Track } from './track.js';
import { batchesOf, WindowReader, type RowWindow } from './window-reader.js';

export interface PlacesToRecord {
  readonly recorder: PlaceRecorder;
  /** The cells of the rows at the order of the encoder, if they are known. */
  readonly track: Track | undefined;
}

/** Places all rows, by their coordinates where no track does, and notes where they stand; returns the bytes that were read. */
export async function recordPlaces(file: Hdf5File, open: OpenGroup, windows: readonly RowWindow[], { recorder, track }: PlacesToRecord, tools: MapTools): Promise<number> {
  const { buffer, rooms, encoder, positions, signal } = tools;
  let bytes = 0;
  for (const batch of batchesOf(windows, open.frame)) {
    buffer.reset();
    const unplaced = track ? batch.filter(window => !track.places(window)) : batch;
    const reader = await WindowReader.read(file, [open.latitude, open.longitude].map(source => ({ ...source, windows: unplaced })), { signal, into: buffer, rooms });
    throwIfAborted(signal);
    bytes += reader.bytes;
    for (const window of batch) {
      const { cells } = positions.reserve(window.to - window.from);
      if (track?.places(window)) track.fill(window, cells);
      else {
        const { latitudes, longitudes } = positionsOf(reader, window, open);
        encoder.encode(latitudes, longitudes, window.to - window.from, cells);
      }
      recorder.add(cells, window);
    }
  }
  return bytes;
}
