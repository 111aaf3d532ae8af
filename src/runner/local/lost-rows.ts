import type { OpenGroup } from './open-group.js';
import { FILL_WITHIN, isFill, type RowPositions } from './row-positions.js';
import type { Kept } from './row-computer.js';

/** What stands at a row without position. */
export interface LostRow {
  /** Number of the row in its group. */
  readonly row: number;
  /** Its latitude and longitude as messages show them. */
  readonly latitude: string;
  readonly longitude: string;
}

/** Where rows come from, for messages. */
export interface GroupPlace {
  readonly fileName: string;
  readonly group: string | null;
}

/** The kept rows of one (granule, group) that are in no cell, since latitude or longitude is no place on Earth. */
export class LostRows {
  readonly #open: Pick<OpenGroup, 'latitude' | 'longitude'>;
  #count = 0;
  #fills = 0;
  #bad = 0;
  #firstFill: LostRow | undefined;
  #firstBad: LostRow | undefined;

  constructor(open: Pick<OpenGroup, 'latitude' | 'longitude'>) {
    this.#open = open;
  }

  /** All of them. */
  get count(): number {
    return this.#count;
  }

  /** The first of those that neither hold the fill value nor lie where a level has no value: damage, or other data than coordinates. */
  get firstBad(): LostRow | undefined {
    return this.#firstBad;
  }

  /** Adds rows of a window that begins with row `from`: those with face -1 that the filters keep. */
  add(positions: RowPositions, face: Int32Array, keep: Kept, from: number): void {
    if (keep === 'none') return;
    for (let i = 0; i < positions.latitudes.length; i++) {
      if (face[i]! >= 0 || (keep !== 'all' && keep[i] === 0)) continue;
      this.#count++;
      const why = whyLost(positions, i, this.#open);
      if (why === 'fill') {
        this.#fills++;
        this.#firstFill ??= this.#rowAt(positions, i, from);
      } else if (why === 'bad') {
        this.#bad++;
        this.#firstBad ??= this.#rowAt(positions, i, from);
      }
    }
  }

  /** What a user should know; undefined when no row is lost, or only where a level has no value, which is normal. */
  notice({ fileName, group }: GroupPlace): string | undefined {
    const first = this.#firstBad ?? this.#firstFill;
    if (!first) return undefined;
    const told = this.#bad + this.#fills;
    const fills = this.#fills === 0 ? '' : this.#bad === 0 ? ', all at the fill value' : `, ${this.#fills} of them at the fill value`;
    const { latitude, longitude } = this.#open;
    return (
      `${told} ${told === 1 ? 'row' : 'rows'} of ${fileName}${group === null ? '' : ` ${group}`} without position${fills}: left out of all cells. ` +
      `${lostRowText(first, latitude.dataset.path, longitude.dataset.path)}. ` +
      'Look whether the coordinate paths of the config are right; if they are, a filter on them, such as range: [-90, 90], rejects such rows without a word'
    );
  }

  #rowAt({ latitudes, longitudes, absent }: RowPositions, i: number, from: number): LostRow {
    const { latitude, longitude } = this.#open;
    const text = (value: number, source: OpenGroup['latitude']): string =>
      isFill(source.dataset, value) || (absent?.[i] === FILL_WITHIN && Number.isNaN(value)) ? `${String(source.dataset.fillValue)} (the fill value)` : String(value);
    return { row: from + i, latitude: text(latitudes[i]!, latitude), longitude: text(longitudes[i]!, longitude) };
  }
}

/** `row 20 is at latitude 91 in /lat, longitude 0 in /lon; expected ...`. */
export const lostRowText = ({ row, latitude, longitude }: LostRow, latitudePath: string, longitudePath: string): string =>
  `Row ${row} has the latitude ${latitude} in ${latitudePath}, the longitude ${longitude} in ${longitudePath}; expected are -90 to 90 and -360 to 360 degrees`;

/** Why a row has no position: a level has no value for it, it holds a fill value, or neither. */
export function whyLost({ latitudes, longitudes, absent }: RowPositions, i: number, { latitude, longitude }: Pick<OpenGroup, 'latitude' | 'longitude'>): 'absent' | 'fill' | 'bad' {
  const mark = absent?.[i] ?? 0;
  if (mark !== 0) return mark === FILL_WITHIN ? 'fill' : 'absent';
  return isFill(latitude.dataset, latitudes[i]!) || isFill(longitude.dataset, longitudes[i]!) ? 'fill' : 'bad';
}
