// What Electron's crypto lacks beside Node's, as far as SSH is concerned: Electron is built with BoringSSL, its stand-in
// runs on Node. Loaded before the app. (electron/electron: patches/boringssl, script/node-disabled-tests.json)
const crypto = require('node:crypto');
const { syncBuiltinESMExports } = require('node:module');

const ciphers = /^(aes-?(128|192|256)|id-aes(128|192|256))-(cbc|ctr|ecb|gcm|ofb|cfb)$|^des|^rc[24]/i;
const missing = (what) => {
  throw Object.assign(new Error(`${what} is not in BoringSSL`), { code: 'ERR_OSSL_EVP_UNSUPPORTED' });
};

const { createCipheriv, createDecipheriv, createDiffieHellmanGroup, generateKeyPairSync, getCiphers } = crypto;
const limits = {
  getCiphers: () => getCiphers().filter((name) => ciphers.test(name)),
  createCipheriv: (name, ...rest) => (ciphers.test(name) ? createCipheriv(name, ...rest) : missing(name)),
  createDecipheriv: (name, ...rest) => (ciphers.test(name) ? createDecipheriv(name, ...rest) : missing(name)),
  createDiffieHellmanGroup: (name) =>
    ['modp1', 'modp2', 'modp5'].includes(name) ? missing(`the group ${name}`) : createDiffieHellmanGroup(name),
  getDiffieHellman: (name) => limits.createDiffieHellmanGroup(name),
  generateKeyPairSync: (kind, ...rest) =>
    ['dsa', 'ed448', 'x448'].includes(kind) ? missing(kind) : generateKeyPairSync(kind, ...rest),
  getHashes: () => ['RSA-MD5', 'md5', 'ripemd160', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
};
Object.assign(crypto, limits);
syncBuiltinESMExports();
