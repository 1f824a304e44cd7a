import { expect, test } from 'vitest';
import { answerPage, isOwnPage, pageAddress } from '../../electron/page-protocol.ts';

const pages = new Map([['/index.html', { type: 'text/html; charset=utf-8', body: Buffer.from('<p>') }]]);
const ask = (url: string, method = 'GET') => answerPage(pages, { url, method });

test('a page is served under a policy that lets nothing in from outside and nothing run inline', async () => {
  const answer = ask(pageAddress('#/settings'));
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    200,
    'text/html; charset=utf-8',
    '<p>',
  ]);
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
});

test('what is not one of our files does not exist', () => {
  const others = [
    'app://towline/',
    'app://towline/../main.js',
    'app://elsewhere/index.html',
    'app://towline/index.html/x',
  ];
  expect(others.map((url) => ask(url).status)).toEqual([404, 404, 404, 404]);
  expect(ask('app://towline/index.html', 'POST').status).toBe(404);
});

test('a page is ours by its whole origin', () => {
  expect(['app://towline/index.html#/logs', 'app://towline'].map(isOwnPage)).toEqual([true, true]);
  const others = ['app://towline.invalid/', 'https://towline/', 'app://other/', 'about:blank', '', undefined];
  expect(others.map(isOwnPage)).toEqual(others.map(() => false));
});
