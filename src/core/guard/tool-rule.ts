// Which words of which tool destroy data: the form of the tables in rules/.

export interface ToolRule {
  readonly tool: string;
  /** Names of the program, without its path and `.exe`, `.cmd`. */
  readonly programs: readonly string[];
  /** Options whose value is the next word. */
  readonly valueOptions?: readonly string[];
  readonly destructive: readonly string[];
  readonly harmless?: readonly string[];
  /** Only in projects whose data has this layout. */
  readonly layout?: string;
  readonly why: string;
}
