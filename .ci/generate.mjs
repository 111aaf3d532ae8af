// What is made from schema/pipeline.schema.json: the types of a config document, and the schema itself as a module, so that
// every host bundles it without reading a file. And assembly/inflate.ts, compiled, for the same reason as text in a module.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { compile } from 'json-schema-to-typescript';
import { root } from './sources.mjs';

const schema = JSON.parse(readFileSync(join(root, 'schema/pipeline.schema.json'), 'utf8'));

/** Titles name types; without one a key's type stands where it is used, and only sections become interfaces. */
function withoutLeafTitles(node) {
  if (Array.isArray(node)) return node.map(withoutLeafTitles);
  if (node === null || typeof node !== 'object') return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withoutLeafTitles(value)]));
  if (typeof copy.title === 'string' && copy.properties === undefined) delete copy.title;
  return copy;
}

const types = await compile(withoutLeafTitles(schema), 'PipelineDocument', {
  bannerComment: '// Made by `npm run generate` from schema/pipeline.schema.json.',
  format: false
});
// A function: engines compile its body when it is first called, and most starts of the program never do.
const module = `\n/** The JSON Schema (draft 2020-12) of a pipeline config; a new object on each call. */\nexport function pipelineSchema() {\n  return ${JSON.stringify(schema)};\n}\n`;
// Descriptions of one line take one line.
const compact = types.replace(/\/\*\*\n \* (.*)\n \*\//g, '/** $1 */');
writeFileSync(join(root, 'src/config/pipeline-document.generated.ts'), compact + module);

/** Of 64 kB: 17 MB, which is address space until it is touched. */
const MEMORY_PAGES = 272;

const { error, binary, stderr } = await assembled('assembly/inflate.ts');
if (error) throw new Error(`assembly/inflate.ts: ${error.message}\n${stderr}`);
writeFileSync(
  join(root, 'src/hdf5/inflate-wasm.generated.ts'),
  `// Made by \`npm run generate\` from assembly/inflate.ts.\n/** A WebAssembly module in base64. */\nexport const inflateModule =\n  '${Buffer.from(binary).toString('base64')}';\n`
);

/** Compiles AssemblyScript without a runtime: memory is what the program says it is. */
async function assembled(path) {
  let binary;
  const result = await asc.main([path, '-o', 'out.wasm', '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--initialMemory', String(MEMORY_PAGES), '--maximumMemory', String(MEMORY_PAGES), '--baseDir', root], {
    writeFile: (name, contents) => { if (name === 'out.wasm') binary = contents; }
  });
  return { error: result.error, binary, stderr: result.stderr.toString() };
}
