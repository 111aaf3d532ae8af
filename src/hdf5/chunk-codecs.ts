/** What a host offers to undo a filter; `codecs.ts` for pages, `codecs.node.ts` for Node. */
export interface ChunkCodecs {
  /**
   * Inflates a zlib stream (RFC 1950) that is expected to give `sizeBytes` bytes. Returns what it gives, which may be fewer.
   * Throws any error on a damaged or cut stream, and on one that gives more, without holding more than that in memory.
   */
  inflate(bytes: Uint8Array, sizeBytes: number): Uint8Array;
}
