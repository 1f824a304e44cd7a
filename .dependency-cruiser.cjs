const engineDoors =
  '^engine/(engine|api|atomic-file|commands|context|instance-lock|log-file|paths|settings-file|state-file|version)\\.ts$|^engine/(serve|demo)/|^engine/base/';

/** Who may know whom. Each rule is a sentence of ARCHITECTURE.md. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: '(\\.d\\.ts$|worker\\.ts$)' }, to: {} },
    {
      name: 'shared-knows-nobody',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: '^(shared/|node_modules/(zod|@orpc/contract)/)' },
    },
    {
      name: 'renderer-knows-shared',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(engine|headless|electron)/' },
    },
    {
      name: 'engine-knows-no-shell',
      severity: 'error',
      from: { path: '^engine/' },
      to: { path: '^(electron|headless|renderer)/', reachable: true },
    },
    {
      name: 'no-electron-below-the-shell',
      severity: 'error',
      from: { path: '^(engine|headless|shared)/' },
      to: { path: 'node_modules/electron/', reachable: true },
    },
    {
      name: 'shells-use-the-doors',
      severity: 'error',
      from: { path: '^(electron|headless)/' },
      to: { path: '^engine/', pathNot: engineDoors },
    },
    { name: 'shells-are-strangers', severity: 'error', from: { path: '^electron/' }, to: { path: '^headless/' } },
    {
      name: 'preload-is-alone',
      severity: 'error',
      from: { path: '^electron/preload\\.ts$' },
      to: { pathNot: '^(shared/bridge|electron/ipc-message)\\.ts$|^node_modules/electron/' },
    },
    {
      name: 'base-has-no-domain',
      severity: 'error',
      from: { path: '^engine/base/' },
      to: { path: '^engine/', pathNot: '^engine/base/' },
    },
    ...['ssh', 'docker', 'forward', 'deploy', 'run', 'logs'].map((domain) => ({
      name: `${domain}-is-joined-by-host`,
      severity: 'error',
      from: { path: `^engine/${domain}/` },
      to: { path: '^engine/', pathNot: `^engine/(base|${domain})/` },
    })),
    {
      name: 'ssh2-in-ssh',
      severity: 'error',
      from: { path: '^engine/', pathNot: '^engine/(ssh|demo)/' },
      to: { path: 'node_modules/ssh2/' },
    },
    {
      name: 'dockerode-in-docker',
      severity: 'error',
      from: { path: '^(engine|headless)/', pathNot: '^engine/docker/' },
      to: { path: 'node_modules/dockerode/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
