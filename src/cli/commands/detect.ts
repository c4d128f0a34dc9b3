import { detectText } from '../../core/text/detect-text.ts';
import { warnOfConfig } from '../config-warnings.ts';
import type { RunCommand } from '../command.ts';
import { selectDataDirs } from '../../core/select-data-dirs.ts';

export const runDetect: RunCommand = async ({ project, withProgress, terminal, globals }) => {
  const opened = await project();
  const all = await withProgress((call) => opened.detect(call));
  warnOfConfig(all, terminal);
  const detection = { ...all, dataDirs: selectDataDirs(all.dataDirs, globals.data) };
  if (globals.json) return { document: detection.dataDirs, lines: () => [] };
  const [newest] = await opened.list({ limit: 1 });
  return {
    document: detection.dataDirs,
    lines: () => detectText(detection, newest ?? null, terminal.text),
  };
};
