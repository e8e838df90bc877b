#!/usr/bin/env node
import nodeModule from 'node:module';
import process from 'node:process';

// Newer versions of Node keep compiled code between processes, for what is imported after this call.
const { enableCompileCache } = nodeModule as { enableCompileCache?: () => unknown };
enableCompileCache?.();

const { main } = await import('./main.js');
const { processTerminal } = await import('./process-terminal.js');
process.exitCode = await main(process.argv.slice(2), processTerminal());
