import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';
import { maggIcon } from './icon.js';

/** What the panel says while it has nothing to list. */
export function EmptyState({ trans }: { readonly trans: TranslationBundle }): ReactElement {
  return (
    <p className="magg-Pipelines-empty">
      {trans.__('Your pipeline configs and their runs will be listed here; until they are, start a run in a terminal:')}{' '}
      <code>magg run CONFIG.magg.yaml</code>
    </p>
  );
}

/** The Pipelines panel of the left area. */
export class PipelinesPanel extends ReactWidget {
  /** Id in the shell, also the key under which the layout is restored. */
  static readonly ID = 'magg-pipelines';
  private readonly trans: TranslationBundle;

  constructor(trans: TranslationBundle) {
    super();
    this.trans = trans;
    this.id = PipelinesPanel.ID;
    this.addClass('magg-Pipelines');
    this.title.icon = maggIcon;
    this.title.caption = trans.__('Pipelines');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Pipelines'));
  }

  protected override render(): ReactElement {
    return (
      <>
        <h2 className="magg-Pipelines-title">{this.trans.__('Pipelines')}</h2>
        <EmptyState trans={this.trans} />
      </>
    );
  }
}
