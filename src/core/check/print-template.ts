// A template written down: what parseTemplate reads back as the same parts.

import type { Step } from './template-steps.ts';
import type { ColumnPart, TemplatePart } from './template.ts';

export function printTemplate(parts: readonly TemplatePart[]): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return literalText(part.text);
      return part.kind === 'below' ? '**/' : `{${printColumn(part)}}`;
    })
    .join('');
}

/** Braces in a name stand for themselves. */
export function literalText(text: string): string {
  return text.replaceAll('{', '{{').replaceAll('}', '}}');
}

function printColumn({ column, steps, fallback }: ColumnPart): string {
  const end = fallback === undefined ? '' : `|${fallback}`;
  return [columnText(column), ...steps.map(stepText)].join(':') + end;
}

/** With quotes where the name holds what means something in a template. */
export function columnText(column: string): string {
  return /[:|"{}]|^\s|\s$/.test(column) ? quoted(column) : column;
}

export function stepText(step: Step): string {
  if (step.op === 'json' || step.op === 'each') return [step.op, ...step.path].join('.');
  if (step.op === 'pad') return `0${step.width}`;
  if (step.op === 'slice') return `${step.from}..${step.to ?? ''}`;
  if (step.op === 'hash') return step.algorithm;
  if (step.op === 'date') return step.format;
  if (step.op === 'from') return `from.${step.name}`;
  if (step.op !== 'after') return step.op;
  return `after.${/^[\w/.-]+$/.test(step.start) ? step.start : quoted(step.start)}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
