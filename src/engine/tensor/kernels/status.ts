/** Which of our wasm kernels are in use: apart from the kernels, so that who only asks does not load them. */

/** `relaxed`: SIMD with fused multiply-add; `simd`: plain SIMD; `off`: stock ops, `reason` says why. */
export type KernelStatus = { readonly variant: 'relaxed' | 'simd' | 'off'; readonly reason: string };

let status: KernelStatus = { variant: 'off', reason: 'not installed' };

/** Whether our kernels are in use, and which. */
export const kernelStatus = (): KernelStatus => status;

/** Keeps and returns it. */
export const setKernelStatus = (next: KernelStatus): KernelStatus => (status = next);
