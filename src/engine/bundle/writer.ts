/** This program, as bundles name it; a test holds it against package.json. */
export const WRITER = { program: 'telltale', version: '0.1.0' } as const;
