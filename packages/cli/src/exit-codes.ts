/** What a run of the command ends with. Scripts rely on them. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  noData: 3,
  breached: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What `spancost help exit-codes` prints. */
export const exitCodesHelp = `What spancost ends with

    0  ok
    1  failure: a file could not be read, a receiver did not answer, a port was taken
    2  usage: an unknown command, flag or name, or a value that a flag does not take
    3  no data: nothing is stored for the window, or no such trace
    4  a threshold was breached
  130  interrupted

A command that reads several files goes on after one that it cannot read, and ends with 1.
A receiver that is asked to stop with SIGTERM stores what it has and ends with 0.
`;
