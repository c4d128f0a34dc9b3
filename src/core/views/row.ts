// One line of a view, as plain data: what it says, in letters and aloud. The editor maps it to its own item.

export interface Row {
  /** Stable: does not change with what the row says, so that selection and expansion survive. */
  readonly id: string;
  /** Words that menus ask for. */
  readonly context: string;
  /** Name of a codicon; `null` for none. */
  readonly icon: string | null;
  /** A theme colour's name; `null` for the ordinary one. */
  readonly iconColor: string | null;
  readonly label: string;
  readonly description: string;
  /** For a screen reader, spelled out. */
  readonly spoken: string;
  readonly expand: 'none' | 'collapsed' | 'expanded';
}

export const errorColor = 'list.errorForeground';
export const warningColor = 'list.warningForeground';
export const infoColor = 'problemsInfoIcon.foreground';

/** Parts that are there, with the dot between them that the views use. */
export function dotted(parts: readonly (string | null | undefined | false)[]): string {
  return parts.filter((part) => part !== '' && Boolean(part)).join(' · ');
}

/** The same for what is read aloud. */
export function spokenList(parts: readonly (string | null | undefined | false)[]): string {
  return parts.filter((part) => part !== '' && Boolean(part)).join(', ');
}
