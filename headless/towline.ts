#!/usr/bin/env -S node --single-threaded-gc --max-semi-space-size=8
import { main } from './program.ts';
import { systemShell } from './shell.ts';

process.exitCode = await main(process.argv.slice(2), systemShell());
