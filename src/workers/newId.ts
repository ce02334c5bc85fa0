/** A name that nothing else has. Not `randomUUID`: browsers have it only where the page comes by HTTPS or from this machine. */
export const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16).padStart(8, '0')).join('-');
