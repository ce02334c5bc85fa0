/**
 * The text of our compute shaders. A kernel names its buffers and uniforms and gives one function,
 * `run(group, thread)`; what surrounds it is the same everywhere and is written here.
 */

/** One compute shader; made once per specialisation and kept, because its compiled pipeline hangs on the object. */
export type Kernel = {
  readonly name: string;
  /** Buffers of float32 that it changes, and those that it only reads: arrays of these names in the shader. */
  readonly writes: readonly string[];
  readonly reads: readonly string[];
  /** Numbers given with each dispatch, in this order: `u.name` in the shader. */
  readonly uniforms: Readonly<Record<string, 'u32' | 'f32'>>;
  /** Threads of a workgroup: `THREADS` in the shader. */
  readonly threads: number;
  /** WGSL with `fn run(group: u32, thread: u32)`. */
  readonly code: string;
};

/** The numbers with which TensorFlow.js begins every uniform buffer: NaN, infinity, size and stride of each binding. */
const stockUniforms = (bindings: number): string[] => [
  'nan: f32',
  'infinity: f32',
  ...Array.from({ length: bindings }, (_, i) => `stockSize${i}: i32, stockStride${i}: i32`),
];

/** The whole shader. `group` counts workgroups through both dimensions of the dispatch; what is beyond does nothing. */
export function shader({ writes, reads, uniforms, threads, code }: Kernel): string {
  const own = Object.entries(uniforms).map(([name, type]) => `${name}: ${type}`);
  const buffers = [...writes, ...reads].map((name, i) => {
    const access = i < writes.length ? 'read_write' : 'read';
    return `@group(0) @binding(${i}) var<storage, ${access}> ${name}: array<f32>;`;
  });
  return `
struct Uniforms { ${[...stockUniforms(buffers.length), 'groups: u32', ...own].join(', ')} };
${buffers.join('\n')}
@group(0) @binding(${buffers.length}) var<uniform> u: Uniforms;
const THREADS = ${threads}u;
${code}
@compute @workgroup_size(${threads})
fn start(@builtin(workgroup_id) id: vec3<u32>, @builtin(num_workgroups) grid: vec3<u32>,
         @builtin(local_invocation_index) thread: u32) {
  let group = id.y * grid.x + id.x;
  if (group < u.groups) { run(group, thread); }
}`;
}

/**
 * `fn name(part, thread)`: all threads' parts joined by `join` (of `a` and `b`) in every thread. `threads` is a power
 * of two. Always the same order, so that the same input gives the same bytes.
 */
export const reduction = (name: string, type: string, threads: number, join = 'a + b'): string => `
var<workgroup> ${name}Lanes: array<${type}, ${threads}>;
fn ${name}(part: ${type}, thread: u32) -> ${type} {
  ${name}Lanes[thread] = part;
  for (var half = ${threads / 2}u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (thread < half) {
      let a = ${name}Lanes[thread];
      let b = ${name}Lanes[thread + half];
      ${name}Lanes[thread] = ${join};
    }
  }
  workgroupBarrier();
  let joined = ${name}Lanes[0];
  workgroupBarrier();
  return joined;
}`;

/** One thread a value: `code` sets it at index `i`; `u.size` is the number of values. */
export const elementwise = (
  name: string,
  [write]: readonly [string],
  reads: readonly string[],
  expression: string,
  more: { readonly uniforms?: Kernel['uniforms']; readonly functions?: string } = {},
): Kernel => ({
  name,
  writes: [write],
  reads,
  uniforms: { size: 'u32', ...more.uniforms },
  threads: 256,
  code: `${more.functions ?? ''}
fn run(group: u32, thread: u32) {
  let i = group * THREADS + thread;
  if (i < u.size) { ${write}[i] = ${expression}; }
}`,
});

/** A kernel for each value of `key`, made when first asked for: the compiled pipeline hangs on the object. */
export function specialised<K extends string | number>(make: (key: K) => Kernel): (key: K) => Kernel {
  const made = new Map<K, Kernel>();
  return (key) => {
    let kernel = made.get(key);
    if (kernel === undefined) made.set(key, (kernel = make(key)));
    return kernel;
  };
}
