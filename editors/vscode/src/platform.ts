import type * as vscode from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';

/** What a run of the command line gave. */
export interface Finished {
  /** `undefined` if it was stopped or could not be started. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Run {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly stop?: vscode.CancellationToken;
  /** Is given each line of both outputs as it comes. */
  readonly onLine?: (line: string) => void;
}

/** What differs between the desktop and the web. */
export interface Platform {
  /** The schemes of the documents that the server can read; all if left out. */
  readonly schemes?: readonly string[];
  /** The client of a language server that is not started yet; throws an error whose message is for people if there is none. */
  readonly createClient: (options: LanguageClientOptions) => Promise<BaseLanguageClient>;
  /** Runs the command line of archc. Where no process can be started, there is none. */
  readonly runArchc: ((run: Run) => Promise<Finished>) | undefined;
}
