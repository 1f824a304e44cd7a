import { readFileSync } from 'node:fs';

/** The flags for Node that a program's first line asks for (`#!/usr/bin/env -S node --flag`), for when it is run by `node FILE`. */
export function nodeFlagsOf(program) {
  const firstLine = readFileSync(program, 'utf8').split('\n', 1)[0] ?? '';
  return /^#!.*\bnode\b(.*)$/.exec(firstLine)?.[1]?.trim().split(/\s+/).filter(Boolean) ?? [];
}
