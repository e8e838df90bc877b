// The last line of a CI run, from the report of vitest: `node scripts/ci-summary.mjs RESULTS.json LINT EXIT_CODE`. Lint counts as one
// check; a test file that could not even be loaded counts as one failure.
import { existsSync, readFileSync } from 'node:fs';

const [file, lint, exitCode] = process.argv.slice(2);
let passed = lint === 'passed' ? 1 : 0;
let failed = lint === 'passed' ? 0 : 1;

if (existsSync(file)) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  for (const { name, status, assertionResults, message } of report.testResults) {
    const broken = assertionResults.filter((result) => result.status === 'failed');
    for (const { fullName } of broken) console.log(`FAILED ${name}: ${fullName}`);
    if (status === 'failed' && broken.length === 0) {
      console.log(`FAILED ${name}: ${message}`);
      failed++;
    }
  }
  // An error outside any test, such as an unhandled rejection, fails the run without failing a test.
  if (exitCode !== '0' && failed === 0) failed++;
} else {
  console.log('FAILED npm test: it left no report');
  failed++;
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
