/** The text of src/engine/tensor/kernels/binary.ts for the AssemblyScript sources as they are. */
export function generate(): Promise<string>;
