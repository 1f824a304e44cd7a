import { CopyButton } from '../components/copy-button.tsx';
import { fingerprintGroups } from '../format.ts';

/** In groups of four; copying gives it in one piece. */
export function Fingerprint({ keyType, fingerprint }: { readonly keyType: string; readonly fingerprint: string }) {
  return (
    <div className="Fingerprint">
      <div className="Fingerprint-label">
        <span>{keyType.replace(/^ssh-/, '').toUpperCase()}, SHA256</span>
        <CopyButton text={fingerprint} what="fingerprint" />
      </div>
      <div className="Fingerprint-groups">
        {fingerprintGroups(fingerprint).map((group, i) => (
          <span key={i}>{group}</span>
        ))}
      </div>
    </div>
  );
}
