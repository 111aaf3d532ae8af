import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import type { ICommandPalette } from '@jupyterlab/apputils';
import { nullTranslator, type ITranslator, type TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';
import { readFileSync } from 'node:fs';
import { OPEN_PIPELINES, pipelinesPlugin } from '../../../src/hosts/lab/index.js';
import { PipelinesPanel } from '../../../src/hosts/lab/pipelines-panel.js';
import plugins from '../../../src/plugin.js';

/** A shell that remembers what it was told. */
function fakeApp() {
  const added: { readonly widget: Widget; readonly area: string }[] = [];
  const activated: string[] = [];
  const commands = new CommandRegistry();
  const shell = { add: (widget: Widget, area: string) => void added.push({ widget, area }), activateById: (id: string) => void activated.push(id) };
  return { app: { shell, commands } as unknown as JupyterFrontEnd, added, activated, commands };
}

/** Every text in brackets, so that one that does not pass the translator stands out. */
const bracketed: ITranslator = { ...nullTranslator, load: () => ({ __: (text: string) => `[${text}]` }) as unknown as TranslationBundle };

/** What React has drawn once the widget was attached; removed again at the end. */
async function textOf(panel: PipelinesPanel): Promise<string> {
  Widget.attach(panel, document.body);
  await panel.renderPromise;
  return panel.node.textContent;
}

afterEach(() => document.body.replaceChildren());

describe('the Pipelines panel', () => {
  it('says in one sentence what will be here and how to run now', async () => {
    const panel = new PipelinesPanel(nullTranslator.load('magg'));
    const text = await textOf(panel);
    expect(text).toContain('will be listed here');
    expect(panel.node.querySelector('code')?.textContent).toMatch(/^magg run /);
    expect(panel.node.querySelectorAll('button')).toHaveLength(0);
    panel.dispose();
    panel.dispose();
  });

  it('has an icon, a title and a name for screen readers', () => {
    const panel = new PipelinesPanel(nullTranslator.load('magg'));
    expect(panel.title.icon).toBeDefined();
    expect(panel.title.caption).toBe('Pipelines');
    expect(panel.node.getAttribute('aria-label')).toBe('Pipelines');
  });

  it('sends every word through the translator', async () => {
    const text = await textOf(new PipelinesPanel(bracketed.load('magg')));
    expect(text.replace(/\[[^\]]*\]/g, '').trim()).toBe('magg run CONFIG.magg.yaml');
  });
});

describe('the plugin', () => {
  it('is what JupyterLab loads, under the id of its settings file', () => {
    expect(plugins).toEqual([pipelinesPlugin]);
    expect(() => readFileSync(`schema/lab/${pipelinesPlugin.id.split(':')[1]}.json`)).not.toThrow();
  });

  it('adds the panel left, restores it, and lists a command that opens it', async () => {
    const { app, added, activated, commands } = fakeApp();
    const palette: unknown[] = [], restored: string[] = [];
    await pipelinesPlugin.activate(
      app, bracketed,
      { addItem: (item: unknown) => void palette.push(item) } as unknown as ICommandPalette,
      { add: (_: Widget, name: string) => void restored.push(name) } as unknown as ILayoutRestorer
    );
    expect(added).toEqual([{ widget: expect.any(PipelinesPanel) as unknown, area: 'left' }]);
    expect(restored).toEqual(['magg-pipelines']);
    expect(palette).toEqual([{ command: 'magg:open-pipelines', category: '[Pipelines]' }]);
    expect(commands.label(OPEN_PIPELINES)).toBe('[Open Pipelines]');
    await commands.execute(OPEN_PIPELINES);
    expect(activated).toEqual([added[0]?.widget.id]);
  });

  it('works where nothing optional is offered', async () => {
    const { app, added, commands } = fakeApp();
    await pipelinesPlugin.activate(app, null, null, null);
    expect(added).toHaveLength(1);
    expect(commands.hasCommand('magg:open-pipelines')).toBe(true);
  });

  it('is offered in the View menu by its settings file', () => {
    const schema = JSON.parse(readFileSync('schema/lab/pipelines.json', 'utf8')) as { readonly 'jupyter.lab.menus': unknown };
    expect(JSON.stringify(schema['jupyter.lab.menus'])).toContain(OPEN_PIPELINES);
  });
});
