import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const stub = (name: string): string => fileURLToPath(new URL(`stubs/${name}.mjs`, import.meta.url));
const unused = stub('unused');

/** Where ssh2's native crypto is once it has been built: among a checkout's packages, and nowhere in an installed Towline. */
const nativeCrypto = 'ssh2/lib/protocol/crypto/build/Release/sshcrypto.node';

/**
 * Makes a bundle for Node that runs without node_modules. Outside stays what is native: the keychain, which may be missing, and
 * ssh2's crypto, which is looked for when the program runs and replaced by Node's own where it isn't.
 */
export function selfContained(): Plugin {
  return {
    name: 'self-contained',
    enforce: 'pre',
    config: () => ({
      // one of ssh2's files asks for its folder, which a module knows by another name
      define: { __dirname: 'import.meta.dirname' },
      resolve: {
        alias: { '@grpc/grpc-js': unused, '@grpc/proto-loader': unused, protobufjs: unused, 'cpu-features': unused },
      },
      ssr: { noExternal: true, external: ['keytar'] },
    }),
    resolveId(source, importer) {
      if (source.endsWith('/sshcrypto.node')) return { id: nativeCrypto, external: true };
      if (source === 'url' && importer?.includes('/node_modules/docker-modem/')) return stub('url');
      return null;
    },
  };
}
