/**
 * Thrown by the metadata parser when a file is sound but uses something the ranged reader leaves to the full HDF5 library.
 * Everything that throws it decides by this alone what falls back; `RangedFile` catches it, per dataset.
 */
export class OffFastPath extends Error {
  /** @param feature what the file uses, in the words of the HDF5 format */
  constructor(readonly feature: string) {
    super(feature);
    this.name = 'OffFastPath';
  }
}
