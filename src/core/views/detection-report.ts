// The document behind "What was looked at": what was found and why, what was not taken and why not.

import type { DetectionDocument } from '../documents/documents.ts';
import { dataDirHead, holdsText } from '../format/names.ts';
import { formatCount, plural } from '../format/numbers.ts';
import { visible } from '../format/width.ts';
import { coverageText } from '../text/coverage-text.ts';
import { notCoveredOf } from './coverage-rows.ts';
import { dotted } from './row.ts';

export function detectionReport(cwd: string, detection: DetectionDocument): string {
  const { dataDirs, rejected, foldersLookedAt, boundHit, configProblems } = detection;
  const lines = [
    `What was looked at in ${visible(cwd)}`,
    '',
    `${plural(foldersLookedAt, 'folder')} and every .env and compose file in them: ${plural(dataDirs.length, 'data directory', 'data directories')} found.`,
  ];
  if (boundHit) {
    lines.push(
      `Stopped looking after ${formatCount(foldersLookedAt)} folders. Missing something? Choose it by hand.`,
    );
  }
  for (const dir of dataDirs) {
    lines.push('', `Found: ${visible(dataDirHead(dir))}`);
    lines.push(
      `  ${dotted([`${dir.layout} layout, ${dir.confidence}`, holdsText(dir.databases.length, dir.files, dir.bytes)])}`,
    );
    for (const sentence of dir.evidence) lines.push(`  by ${visible(sentence)}`);
    if (dir.missing.length > 0) {
      lines.push(
        `  not there, though ${dir.layout} has it: ${dir.missing.map(visible).join(', ')}`,
      );
    }
    for (const excluded of dir.excluded) {
      lines.push(`  left out: ${visible(excluded.path)} (${excluded.reason})`);
    }
  }
  const notCovered = notCoveredOf(detection);
  if (notCovered.length > 0) lines.push('', 'Not covered:');
  for (const entry of notCovered) lines.push(`  ${coverageText(entry)}`);
  const told = new Set(notCovered.map(({ path }) => path));
  const others = rejected.filter(({ path }) => !told.has(path));
  if (others.length > 0) lines.push('', 'Looked at and not taken:');
  for (const { path, reason } of others) lines.push(`  ${visible(path)}: ${reason}`);
  if (configProblems.length > 0) lines.push('', 'In savepoint.json:');
  for (const { file, line, message } of configProblems) {
    lines.push(`  ${visible(file)}, line ${line}: ${message}`);
  }
  if (dataDirs.length === 0) {
    lines.push('', 'Choose a Data Directory... in the Data view, or name it in savepoint.json.');
  }
  return `${lines.join('\n')}\n`;
}
