// VS Code's own page as a user has it: palette, views, trees, dialogs, toasts. Waits for what it
// looks for, never for a time.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { root } from '../../scripts/setup.mjs';
import type { VscodeHost } from './vscode-host.ts';

export interface Workbench {
  readonly page: Page;
  /** Runs a command by its full title, as the palette shows it. */
  runCommand(title: string): Promise<void>;
  /** Types into the input box that a command has opened, and presses Enter. */
  answer(text: string): Promise<void>;
  /** Opens the Savepoint container where it is closed. */
  openSavepoint(): Promise<void>;
  /** A view by its title, as `Data` or `Snapshots`. */
  view(title: string): Locator;
  /** Rows of a view by text in them. */
  row(view: string, text: string | RegExp): Locator;
  /** Opens a row where it is closed. */
  expand(view: string, text: string | RegExp): Promise<void>;
  /** Picks an entry of a row's context menu. */
  rowCommand(view: string, text: string | RegExp, command: string): Promise<void>;
  /** The lines that the open editor shows; what is scrolled out of sight is not among them. */
  editorLines(): Promise<readonly string[]>;
  /** A button in the title of the open editor, by the text on it. */
  editorAction(text: string): Locator;
  readonly dialog: Locator;
  readonly quickInput: Locator;
  statusItem(): Locator;
  toast(text: string | RegExp): Locator;
  /** Into `test-results/screenshots/<name>-dark.png`, `-light.png` and the like. */
  screenshot(name: string, themes?: readonly Theme[]): Promise<void>;
}

/** As the system asks for them, and by which class VS Code shows that it heard. */
const looks = {
  light: { colorScheme: 'light', forcedColors: 'none', shown: 'vs' },
  dark: { colorScheme: 'dark', forcedColors: 'none', shown: 'vs-dark' },
  'contrast-light': { colorScheme: 'light', forcedColors: 'active', shown: 'hc-light' },
  'contrast-dark': { colorScheme: 'dark', forcedColors: 'active', shown: 'hc-black' },
} as const;

type Theme = keyof typeof looks;

/** The last one stays. */
const plainThemes: readonly Theme[] = ['light', 'dark'];
export const allThemes: readonly Theme[] = ['contrast-light', 'contrast-dark', ...plainThemes];

export interface WorkbenchOptions {
  readonly workspace: string | null;
}

const appearLimitMs = 60_000;
const paletteLimitMs = 20_000;

/** Runs in the page, whose types are not ours. */
const inputBoxIsOpen = `(() => {
  const input = document.querySelector('.quick-input-widget input');
  return input !== null && input.offsetParent !== null && !input.value.startsWith('>');
})()`;

export async function openWorkbench(
  browser: Browser,
  host: VscodeHost,
  { workspace }: WorkbenchOptions,
): Promise<Workbench> {
  const context = await browser.newContext({
    viewport: { width: 1360, height: 860 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(appearLimitMs);
  await page.goto(host.address(workspace));
  await page.locator('.monaco-workbench').waitFor({ timeout: appearLimitMs });
  // Its text is there once the workbench takes commands.
  await page.locator('.statusbar-item').first().waitFor({ timeout: appearLimitMs });
  return workbench(page);
}

function workbench(page: Page): Workbench {
  const quickInput = page.locator('.quick-input-widget');
  const view = (title: string): Locator =>
    page.locator('.pane').filter({ has: page.getByRole('button', { name: `${title} Section` }) });
  const row = (title: string, text: string | RegExp): Locator =>
    view(title).getByRole('treeitem').filter({ hasText: text }).first();
  return {
    page,
    quickInput,
    view,
    row,
    dialog: page.locator('.monaco-dialog-box'),
    statusItem: () => page.locator('.statusbar-item[id^="savepoint"]'),
    toast: (text) => page.locator('.notification-toast').filter({ hasText: text }),
    async runCommand(title) {
      const input = quickInput.getByRole('textbox').or(quickInput.getByRole('combobox')).first();
      const entry = quickInput.getByRole('option', { name: title }).first();
      const run = async (): Promise<void> => {
        if (!(await input.isVisible())) await page.keyboard.press('F1');
        await input.fill(`>${title}`, { timeout: paletteLimitMs });
        await entry.click({ timeout: paletteLimitMs });
      };
      // An editor or a message that opens late takes the keyboard, and the palette closes.
      await run().catch(run);
    },
    async editorLines() {
      const lines = await page.locator('.editor-instance .view-line').all();
      const placed = await Promise.all(
        lines.map(async (line) => ({
          top: (await line.boundingBox())?.y ?? 0,
          text: (await line.innerText()).replaceAll('\u00a0', ' '),
        })),
      );
      return placed.toSorted((a, b) => a.top - b.top).map(({ text }) => text);
    },
    async answer(text) {
      // The palette uses the same box; its text begins with ">".
      await page.waitForFunction(inputBoxIsOpen);
      await quickInput.locator('input').first().fill(text);
      await page.keyboard.press('Enter');
    },
    async openSavepoint() {
      const tab = page.getByRole('tab', { name: /^Savepoint/ });
      await tab.waitFor();
      if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    },
    editorAction: (text) =>
      page.locator('.editor-group-container .title a.action-label', { hasText: text }),
    async expand(title, text) {
      const closed = row(title, text);
      if ((await closed.getAttribute('aria-expanded')) === 'true') return;
      await closed.locator('.monaco-tl-twistie').click();
    },
    async rowCommand(title, text, command) {
      await row(title, text).click({ button: 'right' });
      const item = page.locator('.monaco-menu').getByRole('menuitem', { name: command });
      await item.hover();
      // A fresh menu does not take clicks yet, so that the click that opened it cannot choose.
      await page.keyboard.press('Enter');
      await item.waitFor({ state: 'hidden' });
    },
    async screenshot(name, themes = plainThemes) {
      const folder = join(root, 'test-results', 'screenshots');
      await mkdir(folder, { recursive: true });
      for (const theme of themes) {
        const { shown, ...media } = looks[theme];
        await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
        await page.locator(`.monaco-workbench.${shown}`).waitFor();
        await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
      }
    },
  };
}
