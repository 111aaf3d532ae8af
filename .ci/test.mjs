// `npm test`: sets up, checks, builds and tests everything; the last line is `N passed, N failed`.
// `npm run test:fast` stops after the quick unit tests. A step that fails, or a runner that dies without its counts, is one failure.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { browser, env, nodePackages, pythonPackages, run, runBeside } from './setup.mjs';
import { root } from './sources.mjs';

const counts = join(root, 'out/counts');
mkdirSync(join(root, 'out'), { recursive: true });
writeFileSync(counts, '');
env.MAGG_COUNTS = counts;

const failedSteps = [], times = [];
const lines = () => readFileSync(counts, 'utf8').split('\n').filter(Boolean);

/** Runs one step; `counted` runners add a line to the counts file, which then speaks for their failures. */
async function step(name, work, { counted = false } = {}) {
  console.log(`\n== ${name}`);
  const start = performance.now(), before = lines().length;
  const ok = await work(), told = lines().length - before;
  const reportsItself = counted && told === 1 && (ok || !lines().at(-1).endsWith(' 0'));
  if (counted ? !reportsItself : !ok) failedSteps.push(name);
  times.push([name, (performance.now() - start) / 1000]);
  return ok;
}
// A test that never ends is a failure too, of its step.
const STEP_LIMIT_MS = 12 * 60_000;
const npm = script => () => run('npm', ['run', '-s', script], { timeout: STEP_LIMIT_MS });

function finish() {
  let passed = 0, failed = failedSteps.length;
  for (const line of lines()) {
    const [p, f] = line.split(' ').map(Number);
    passed += p;
    failed += f;
  }
  console.log(`\n${times.map(([name, s]) => `${name} ${s.toFixed(1)} s`).join(' · ')}`);
  for (const name of failedSteps) console.log(`step failed: ${name}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

async function everything(fast) {
  // The judges of the unit tests are Python programs.
  if (!(await step('python packages', pythonPackages)) || !(await step('node packages', nodePackages))) return;
  if (!(await step('generate', npm('generate')))) return;
  // Each keeps one core busy for most of its time.
  await step('lint and types', async () => (await Promise.all(['lint', 'check'].map(script => runBeside('npm', ['run', '-s', script])))).every(Boolean));
  await step('unit tests', () => run('npm', ['run', '-s', 'jest', '--', '--selectProjects', 'node', 'jsdom'], { timeout: STEP_LIMIT_MS }), { counted: true });
  if (fast) return;
  if (!(await step('build', npm('build')))) return;
  // After the build: many of them start the real program.
  await step('thorough tests', () => run('npm', ['run', '-s', 'jest', '--', '--selectProjects', 'thorough'], { timeout: STEP_LIMIT_MS }), { counted: true });
  // The bundles were just built: the build hook only has to see that they are there.
  const wheel = () => run('uv', ['pip', 'install', '-q', '--no-deps', '--reinstall-package', 'magg', '.'], { env: { ...env, MAGG_SKIP_BUILD: '1' } });
  if (!(await step('wheel', wheel))) return;
  // Not `python -m pytest`: that would put this folder first and test the sources instead of the installed wheel.
  await step('python tests', () => run('pytest', ['-p', 'no:cacheprovider'], { timeout: STEP_LIMIT_MS }), { counted: true });
  if (await step('browser', browser)) await step('interface tests', npm('ui'), { counted: true });
}

await everything(process.argv.includes('fast'));
finish();
