import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { maggIcon } from './icon.js';
import { PipelinesPanel } from './pipelines-panel.js';

/** Command that shows the Pipelines panel and gives it the focus. */
export const OPEN_PIPELINES = 'magg:open-pipelines';

/** Adds the Pipelines panel to the left area, and the command that opens it. */
export const pipelinesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'magg:pipelines',
  description: 'The Pipelines panel: configs, runs and the places where they run.',
  autoStart: true,
  optional: [ITranslator, ICommandPalette, ILayoutRestorer],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null, palette: ICommandPalette | null, restorer: ILayoutRestorer | null) => {
    const trans = (translator ?? nullTranslator).load('magg');
    const panel = new PipelinesPanel(trans);
    app.shell.add(panel, 'left', { rank: 900, type: 'Pipelines' });
    restorer?.add(panel, PipelinesPanel.ID);
    app.commands.addCommand(OPEN_PIPELINES, {
      label: trans.__('Open Pipelines'),
      caption: trans.__('Show the pipeline configs and their runs'),
      icon: maggIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => app.shell.activateById(panel.id)
    });
    palette?.addItem({ command: OPEN_PIPELINES, category: trans.__('Pipelines') });
  }
};
