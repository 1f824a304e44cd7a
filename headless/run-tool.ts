import { execFile } from 'node:child_process';

export interface ToolResult {
  /** 127: there is no such program. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of the system, without a shell. Never rejects. */
export type RunTool = (program: string, args: readonly string[]) => Promise<ToolResult>;

const patienceMs = 20_000;

export const runTool: RunTool = (program, args) =>
  new Promise((resolve) => {
    execFile(
      program,
      [...args],
      { timeout: patienceMs, env: { ...process.env, LC_ALL: 'C' } },
      (error, stdout, stderr) => {
        if (error === null) return resolve({ code: 0, stdout, stderr });
        const { code } = error;
        if (code === 'ENOENT') return resolve({ code: 127, stdout, stderr: `${program}: not found` });
        resolve({ code: typeof code === 'number' ? code : 1, stdout, stderr: stderr || error.message });
      },
    );
  });
