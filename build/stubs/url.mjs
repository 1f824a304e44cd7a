import { format, Url, URL } from 'node:url';

/** What docker-modem uses of `node:url`. Of its `parse` Node warns in a bundle; this is the same parser, without the warning. */
const parse = (address) => new Url().parse(address);
const resolve = (from, to) =>
  parse(from)
    .resolveObject(new Url().parse(to, false, true))
    .format();

export { format, parse, resolve, URL };
