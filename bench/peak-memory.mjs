// Loaded before a program (`node --import`), this writes the peak memory of the process, in KiB, to $ARCHC_PEAK_FILE when it ends.
import { readFileSync, writeFileSync } from 'node:fs';

process.on('exit', () => writeFileSync(process.env.ARCHC_PEAK_FILE, String(peakKiB())));

/** On Linux from /proc: the value of getrusage(2) starts with that of the parent process. */
function peakKiB() {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
