import type { Hdf5File } from '../../hdf5/index.js';
import type { GroupPlaces } from './granule-index.js';
import { PlaceRecorder, placesKey, windowsOfParents } from './group-places.js';
import type { MapRequest, MapTools } from './map-group.js';
import { narrowWindows } from './narrow-windows.js';
import type { OpenGroup } from './open-group.js';
import { recordPlaces } from './record-places.js';
import type { RowPositions } from './row-positions.js';
import { windowsOf, type RowWindow } from './window-reader.js';

/** Which windows of a group a pass reads. */
export interface ChosenWindows {
  readonly windows: readonly RowWindow[];
  /** Positions that are known from the choice, by the first row of a window. */
  readonly positions: ReadonlyMap<number, RowPositions>;
  /** Bytes read for the choice. */
  readonly bytes: number;
  /** Takes the positions of all windows, for the granule's saved index; undefined: they are not wanted. */
  readonly recorder: PlaceRecorder | undefined;
  /** Places that the choice had to find out. */
  readonly learned: GroupPlaces | undefined;
}

/**
 * All windows, or where only some cells are wanted those that may hold rows of them: by the saved index, else by the
 * coordinates themselves.
 */
export async function chooseWindows(file: Hdf5File, open: OpenGroup, request: MapRequest, tools: MapTools): Promise<ChosenWindows> {
  const { known, wanted, purpose, config, group, parentOrder } = request;
  const windows = windowsOf(open.frame, open.rows);
  const chosen: ChosenWindows = { windows, positions: new Map(), bytes: 0, recorder: undefined, learned: undefined };
  if (purpose === 'positions') return chosen;
  const key = placesKey(config, group, parentOrder);
  const saved = known?.places.get(key);
  const places = saved?.rows === open.rows ? saved : undefined;
  const recorder = known && !places ? new PlaceRecorder(tools.encoder.order, parentOrder) : undefined;
  if (!wanted) return { ...chosen, recorder };
  if (places) return { ...chosen, windows: windowsOfParents(places, wanted.parents, windows) };
  if (!recorder) return { ...chosen, ...(await narrowWindows(file, open, windows, wanted, tools)) };
  const bytes = await recordPlaces(file, open, windows, recorder, tools);
  const learned = recorder.finish(key, open.rows);
  return { ...chosen, windows: windowsOfParents(learned, wanted.parents, windows), bytes, learned };
}
