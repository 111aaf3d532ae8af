import type { Hdf5File } from '../../hdf5/index.js';
import type { LearnedRows } from './granule-index.js';
import { PlaceRecorder, placesKey, windowsOfParents } from './group-places.js';
import type { MapRequest, MapTools } from './map-group.js';
import { narrowWindows } from './narrow-windows.js';
import type { OpenGroup } from './open-group.js';
import { recordPlaces } from './record-places.js';
import type { RowPositions } from './row-positions.js';
import { Track } from './track.js';
import { windowsOf, type RowWindow } from './window-reader.js';

/** Which windows of a group a pass reads. */
export interface ChosenWindows {
  readonly windows: readonly RowWindow[];
  /** Positions that are known from the choice, by the first row of a window. */
  readonly positions: ReadonlyMap<number, RowPositions>;
  /** The cells of all rows, where the saved index has them: their coordinates need not be read. */
  readonly track: Track | undefined;
  /** Bytes read for the choice. */
  readonly bytes: number;
  /** Takes the positions of all windows, for the granule's saved index; undefined: they are not wanted. */
  readonly recorder: PlaceRecorder | undefined;
  /** What the choice had to find out. */
  readonly learned: LearnedRows | undefined;
}

/**
 * All windows, or where only some cells are wanted those that may hold rows of them: by the saved index, else by the
 * coordinates themselves.
 */
export async function chooseWindows(file: Hdf5File, open: OpenGroup, request: MapRequest, tools: MapTools): Promise<ChosenWindows> {
  const { known, wanted, purpose, parentOrder } = request;
  const windows = windowsOf(open.frame, open.rows);
  const chosen: ChosenWindows = { windows, positions: new Map(), track: undefined, bytes: 0, recorder: undefined, learned: undefined };
  if (purpose === 'positions') return chosen;
  const [key, trackKey] = keysOf(request, tools);
  const { order } = tools.encoder;
  const saved = known?.places.get(key);
  const places = saved?.rows === open.rows ? saved : undefined;
  const savedTrack = known?.tracks.get(trackKey);
  const hasTrack = savedTrack?.rows === open.rows;
  const openTrack = (until?: number): Track | undefined => (hasTrack ? Track.open(file.name, savedTrack, order, { scratch: tools.track, ...(until === undefined ? {} : { until }) }) : undefined);
  const recorder = known && !(places && hasTrack) ? new PlaceRecorder(order, parentOrder, open.rows) : undefined;
  if (!wanted) return { ...chosen, track: openTrack(), recorder };
  if (places) {
    const near = windowsOfParents(places, wanted.parents, windows);
    return { ...chosen, windows: near, track: near.length > 0 ? openTrack(near[near.length - 1]!.to) : undefined };
  }
  if (!recorder) return { ...chosen, ...(await narrowWindows(file, open, windows, wanted, tools)) };
  const track = openTrack();
  const bytes = await recordPlaces(file, open, windows, { recorder, track }, tools);
  const learned = recorder.finish(key, trackKey);
  return { ...chosen, windows: windowsOfParents(learned.places, wanted.parents, windows), bytes, learned, track: track ?? Track.open(file.name, learned.track, order, { scratch: tools.track }) };
}

/** Under which keys a saved index has the places and the track of a group. */
export const keysOf = ({ config, group, parentOrder }: MapRequest, { encoder }: MapTools): readonly [string, string] => [placesKey(config, group, parentOrder), placesKey(config, group, encoder.order)];
