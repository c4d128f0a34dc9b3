// Which words of which tool destroy data: the form of the guard's tables and of a
// system's own rules.

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
  /** False for what is no database, or one in a file. */
  readonly isOfServers?: boolean;
  readonly why: string;
}

export const startIsMigration = 'migrates the database when it starts';

/** Rules of a system whose container migrates its database as it starts. */
export function startsInContainer(layout: string): readonly ToolRule[] {
  const rule = { tool: layout, valueOptions: composeOptions, layout, why: startIsMigration };
  return [
    {
      ...rule,
      programs: ['docker', 'podman', 'nerdctl'],
      destructive: ['compose up|start|restart'],
    },
    {
      ...rule,
      programs: ['docker-compose', 'podman-compose'],
      destructive: ['up|start|restart'],
    },
  ];
}

const composeOptions = ['-f', '--file', '-p', '--project-name', '--profile', '--env-file'];
