/** The worker's calls about run bundles. */
import { bundleFile, openBundleFile } from './bundleFiles.ts';
import type { BundleOutside } from './bundleFiles.ts';
import type { BundleApi } from './bundleProtocol.ts';
import type { Session } from './session.ts';
import { attempt } from './wire.ts';

export type BundleScope = BundleOutside & {
  readonly session: Session;
  /** Starts the backend, with which a run's model is tried before it is kept. */
  readonly device: () => Promise<unknown>;
};

export const createBundles = ({ session, device, ...outside }: BundleScope): BundleApi => ({
  exportBundle: (runId) => attempt(() => bundleFile(session, runId)),
  openBundle: (file) =>
    attempt(async () => {
      await device();
      return openBundleFile(session, file, outside);
    }),
});
