import { registerHooks } from 'node:module';

// Preloaded, it hides ssh2's native binding from the program, as if it had not been built.
registerHooks({
  resolve(specifier, context, next) {
    if (specifier.endsWith('sshcrypto.node')) throw new Error('hidden by the bench');
    return next(specifier, context);
  },
});
