import { useEffect, useState } from 'react';
import type { SshAlias } from '../../shared/host.ts';
import { useApp } from '../app-context.ts';

/** The names of the user's ssh_config, read anew with each view that shows them; undefined until they are there. */
export function useAliases(): readonly SshAlias[] | undefined {
  const { mirror } = useApp();
  const [aliases, setAliases] = useState<readonly SshAlias[]>();
  useEffect(() => {
    let wanted = true;
    mirror.api.hosts.aliases().then(
      (found) => wanted && setAliases(found),
      () => wanted && setAliases([]), // an address can be typed all the same
    );
    return () => {
      wanted = false;
    };
  }, [mirror]);
  return aliases;
}
