import { LabIcon } from '@jupyterlab/ui-components';

/** A HEALPix base cell cut into its four children. */
export const maggIcon = new LabIcon({
  name: 'magg:pipelines',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><g class="jp-icon3" fill="#616161">' +
    '<path d="M12 2.2l4.4 4.4L12 11 7.6 6.6z"/><path d="M17.4 7.6l4.4 4.4-4.4 4.4L13 12z" opacity=".7"/>' +
    '<path d="M6.6 7.6L11 12l-4.4 4.4L2.2 12z" opacity=".7"/><path d="M12 13l4.4 4.4-4.4 4.4-4.4-4.4z" opacity=".45"/></g></svg>'
});
