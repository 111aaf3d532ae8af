/** What numpy would call the kind of a value; all are held as float64, booleans as 0 and 1. */
export type ValueType = 'boolean' | 'integer' | 'float';

/** numpy's common type of two operands. */
export function joinTypes(a: ValueType, b: ValueType): ValueType {
  if (a === 'float' || b === 'float') return 'float';
  return a === 'integer' || b === 'integer' ? 'integer' : 'boolean';
}
