/// <reference types="node" />

import { appendFileSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { HostError } from '../host.js';
import { append } from '../lists.js';
import { hostError } from './host-error.js';
import { isAlive, randomName, shortened } from './temporary-file.js';

/** A lock is held for milliseconds. One that has not changed for this long while being watched from here belongs to a process that has failed. Milliseconds. */
const patience = 20_000;

/** Milliseconds between two checks of a lock. */
const pause = 10;

/**
 * What the holder of a lock does: it receives what a previous holder that was killed may have left behind, and announces what it is about
 * to make and remove.
 */
export type Work<R> = (leftBehind: readonly string[], announce: (names: readonly string[]) => void) => R;

/**
 * Runs `work` while no other process does so for the same output. The lock is a file next to the output that contains the process that
 * holds it and the names that it announced. `work` is synchronous, so only a kill that cannot be caught leaves a lock behind, and the next
 * process removes it. Throws `HostError`.
 */
export async function withOutputLock<R>(destination: string, work: Work<R>): Promise<R> {
  const path = join(dirname(destination), `.${shortened(basename(destination))}.lock`);
  const owner = ownerText();
  const leftBehind = await take(path, owner, destination);
  try {
    return work(leftBehind, (names) => appendFileSync(path, names.map((name) => `${name}\n`).join('')));
  } finally {
    if (textOf(path)?.startsWith(owner)) rmSync(path, { force: true });
  }
}

/** Takes the lock; returns the names announced by previous holders that did not release it. */
async function take(path: string, owner: string, destination: string): Promise<readonly string[]> {
  const leftBehind: string[] = [];
  const waiting = new Waiting();
  while (!make(path, owner, destination)) {
    const text = textOf(path);
    const waited = waiting.see(text);
    // What cannot be read was not made by a build, or has just been removed.
    if (text === undefined && waited > patience) throw new HostError(`cannot write ${destination}: ${path} is in the way`);
    if (text !== undefined && (waited > patience || isAbandoned(text)) && remove(path, text, destination, waited > 2 * patience)) {
      append(leftBehind, text.split('\n').slice(1));
    }
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
  }
  return leftBehind;
}

/** Measures how long something has stayed unchanged. */
class Waiting {
  #seen: string | undefined;
  #since = performance.now();

  see(text: string | undefined): number {
    if (text !== this.#seen) this.#since = performance.now();
    this.#seen = text;
    return performance.now() - this.#since;
  }
}

/** Whether the file was made: no other process has made it before. */
function make(path: string, text: string, destination: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw hostError('write', destination, error);
  }
}

/** What a lock of this process says first. */
export function ownerText(): string {
  return `${process.pid} ${placeOfProcesses()} ${randomName()}\n`;
}

/** Whether the process that holds the lock with this text ran here and is gone. */
export function isAbandoned(text: string): boolean {
  const [, pid, place] = /^(\d+) (.+) \w+\n/.exec(text) ?? [];
  return place === placeOfProcesses() && !isAlive(Number(pid));
}

/** Where process ids mean the same: on one machine, and on Linux in one container of it. */
function placeOfProcesses(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** Removes a lock that still says `text`. Another file prevents other processes from doing the same, since one of them could otherwise remove the next lock. */
function remove(path: string, text: string, destination: string, isGuardAbandoned: boolean): boolean {
  const guard = `${path}.broken`;
  try {
    if (isGuardAbandoned) rmSync(guard, { force: true });
    if (!make(guard, '', destination)) return false;
    try {
      if (textOf(path) !== text) return false;
      rmSync(path, { force: true });
      return true;
    } finally {
      rmSync(guard, { force: true });
    }
  } catch (error) {
    throw hostError('write', destination, error);
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
