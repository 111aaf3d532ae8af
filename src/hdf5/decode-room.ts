/** Larger chunks are rare, and one would keep its memory for the rest of the run. */
const MOST_BYTES = 1 << 20;
/** Below, memory of its own costs nothing. */
const LEAST_BYTES = 4096;

/**
 * Memory in which chunks are decoded, each in the place of the one before: fresh pages for every chunk would cost more than a copy.
 * What `decode` gives is then valid until the next chunk is decoded in the same room.
 */
export class DecodeRoom {
  #bytes = new Uint8Array(0);

  /** At least `sizeBytes` bytes; undefined where a room is not worth while. */
  take(sizeBytes: number): Uint8Array | undefined {
    if (sizeBytes < LEAST_BYTES || sizeBytes > MOST_BYTES) return undefined;
    if (this.#bytes.length < sizeBytes) this.#bytes = new Uint8Array(sizeBytes);
    return this.#bytes;
  }
}

/** The rooms of one thread, by number. */
export class DecodeRooms {
  readonly #rooms: DecodeRoom[] = [];

  room(number: number): DecodeRoom {
    return (this.#rooms[number] ??= new DecodeRoom());
  }
}
