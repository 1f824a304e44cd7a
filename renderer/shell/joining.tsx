import { useEffect, useState } from 'react';
import { Empty } from '../components/empty.tsx';

const patienceMs = 1_500;

/** Before the first snapshot: nothing for a moment, as it takes only a moment; then words. */
export function Joining() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <main className="Joining">
      <Empty title="Towline does not answer">
        It was stopped, or this page&apos;s key has expired. Start it with <code>towline up --ui</code> and open the
        address that it prints. This page joins by itself once it is back.
      </Empty>
    </main>
  );
}
