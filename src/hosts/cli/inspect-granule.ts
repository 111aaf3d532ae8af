import { openHdf5, type AttributeValue, type Fallback } from '../../hdf5/index.js';
import { nodeCodecs } from '../../hdf5/codecs.node.js';
import { openSource } from '../../io/open-source.node.js';
import type { Inspection } from './inspect-command.js';
import { formatBytes, formatCount, formatNumber } from './summary-text.js';

/** The tree of an HDF5 file: datasets with shape, type and storage, and the attributes of its root. */
export async function inspectGranule(path: string, fallback: Fallback): Promise<Inspection> {
  const source = openSource(path);
  const file = await openHdf5(source, { codecs: nodeCodecs, fallback });
  try {
    const sizeBytes = await source.size();
    const nodes = await file.walk('/');
    const attributes = await file.attributes('/');
    const datasets = nodes.filter(node => node.kind === 'dataset');
    const lines = [`${path}: HDF5, ${formatBytes(sizeBytes)}, ${formatCount(datasets.length, 'dataset')}`];
    for (const [name, value] of Object.entries(attributes)) lines.push(`  @${name} = ${attributeText(value)}`);
    const width = Math.max(0, ...datasets.map(node => node.path.length));
    for (const node of datasets) lines.push(`  ${node.path.padEnd(width)}  (${node.shape.map(formatNumber).join(', ')})  ${node.type}  ${node.storage}`);
    return { lines, data: { kind: 'hdf5', path, size_bytes: sizeBytes, attributes: jsonSafe(attributes), nodes } };
  } finally {
    await file.close();
  }
}

function attributeText(value: AttributeValue): string {
  const text = Array.isArray(value) ? value.map(String).join(', ') : String(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

const jsonSafe = (attributes: Readonly<Record<string, AttributeValue>>): unknown =>
  JSON.parse(JSON.stringify(attributes, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)));
