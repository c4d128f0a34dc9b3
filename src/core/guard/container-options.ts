// Options that take a value, as docker, podman and nerdctl share them.

/** Of `compose`, before its own command. */
export const composeOptions: readonly string[] = [
  '-f',
  '--file',
  '-p',
  '--project-name',
  '--profile',
  '--env-file',
  '--project-directory',
];

/** Of `exec` and `run`, with compose and without it. */
export const containerOptions: readonly string[] = [
  '-e',
  '--env',
  '-u',
  '--user',
  '-w',
  '--workdir',
  '--index',
  '-v',
  '--volume',
  '--name',
  '--entrypoint',
  '-l',
  '--label',
];
