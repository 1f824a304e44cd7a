import { expect, test } from 'vitest';
import { scriptCommand } from '../../../engine/run/script.ts';

test.each([
  ['echo', ['sh', '/dev/fd/9', 'a b']],
  ['', ['sh', '/dev/fd/9', 'a b']],
  ['#!/bin/bash', ['/bin/bash', '/dev/fd/9', 'a b']],
  ['#! /usr/bin/env  python3 -u \nprint()', ['/usr/bin/env', 'python3 -u', '/dev/fd/9', 'a b']],
  ['#!/bin/bash -e\r\necho', ['/bin/bash', '-e', '/dev/fd/9', 'a b']],
  ['# !/bin/bash', ['sh', '/dev/fd/9', 'a b']],
  ['#!\necho', ['sh', '/dev/fd/9', 'a b']],
])('%j is run by what its first line names, with one argument at most', (text, command) => {
  expect(scriptCommand({ text, args: ['a b'] })).toEqual(command);
});
