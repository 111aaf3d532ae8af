/** What a host offers to undo a filter; `codecs.ts` for pages, `codecs.node.ts` for Node. */
export interface ChunkCodecs {
  /**
   * Inflates a zlib stream (RFC 1950) that is expected to give `sizeBytes` bytes. Returns what it gives, which may be fewer, in memory of
   * its own or in the first bytes of `into`, where that has so many. Throws any error on a damaged or cut stream, and on one that
   * gives more, without holding more than that in memory.
   */
  inflate(bytes: Uint8Array, sizeBytes: number, into?: Uint8Array): Uint8Array;
}
