#!/usr/bin/env node
import { writeSync } from 'node:fs';
import process from 'node:process';
import { version } from '../version.js';

// Editors and scripts ask for the version all the time: nothing else is loaded for it.
const words = process.argv.slice(2);
if (words.length === 1 && words[0] === '--version') writeSync(1, `archc ${version}\n`);
else void import('./launch.js').then(({ launch }) => launch(words));
