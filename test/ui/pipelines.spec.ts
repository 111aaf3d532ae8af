import { expect, test, type Page } from '@playwright/test';

/** The Lab page, once its plugins have started and its layout stands. */
async function openLab(page: Page): Promise<void> {
  await page.goto('lab?reset');
  await page.waitForFunction(() => 'jupyterapp' in globalThis);
  await page.evaluate(() => (globalThis as unknown as { jupyterapp: { restored: Promise<unknown> } }).jupyterapp.restored);
  await page.locator('#jupyterlab-splash').waitFor({ state: 'detached' });
}

test('the Pipelines panel opens from the side bar and says what it is for', async ({ page }) => {
  const errors: string[] = [];
  page.on('console', message => {
    if (message.type() === 'error' && message.text().includes('magg')) errors.push(message.text());
  });
  await openLab(page);
  await page.locator('.jp-SideBar [data-id="magg-pipelines"]').click();
  const panel = page.getByRole('region', { name: 'Pipelines' });
  await expect(panel.getByRole('heading', { name: 'Pipelines' })).toBeVisible();
  await expect(panel).toContainText('will be listed here');
  await expect(panel.locator('code')).toHaveText('magg run CONFIG.magg.yaml');
  await page.screenshot({ path: 'test-results/pipelines.png' });
  expect(errors).toEqual([]);
});

test('the command palette opens the panel by keyboard alone', async ({ page }) => {
  await openLab(page);
  await expect(page.getByRole('region', { name: 'Pipelines' })).toBeHidden();
  await page.keyboard.press('Control+Shift+C');
  await page.locator('#modal-command-palette input:visible, #command-palette input:visible').fill('open pipelines');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Pipelines' })).toBeVisible();
});

test('the View menu lists the panel', async ({ page }) => {
  await openLab(page);
  await page.getByRole('menuitem', { name: 'View', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Open Pipelines' }).click();
  await expect(page.getByRole('region', { name: 'Pipelines' })).toBeVisible();
});
