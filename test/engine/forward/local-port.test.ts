import fc from 'fast-check';
import { expect, test } from 'vitest';
import { candidatePorts } from '../../../engine/forward/local-port.ts';

test.each([
  [5432, undefined, [5432, 15_432, 15_433]],
  [80, undefined, [80, 8080, 8081]],
  [5432, 15_440, [15_440, 5432, 15_432]],
  [60_000, undefined, [60_000, 20_000, 20_001]],
])('%i, remembered as %s, is tried as %j …', (wanted, remembered, first) => {
  expect(candidatePorts(wanted, remembered).slice(0, 3)).toEqual(first);
});

test('the candidates are ports, none twice, none of the alternatives privileged', () => {
  const port = fc.integer({ min: 1, max: 65_535 });
  fc.assert(
    fc.property(port, fc.option(port, { nil: undefined }), (wanted, remembered) => {
      const ports = candidatePorts(wanted, remembered);
      expect(new Set(ports).size).toBe(ports.length);
      expect(ports.filter((it) => it > 65_535 || (it < 1_024 && it !== wanted && it !== remembered))).toEqual([]);
    }),
  );
});
