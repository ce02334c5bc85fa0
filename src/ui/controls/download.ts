/** Hands a file to the browser's downloads. */
export { saveFile as download } from '../../charts/picture.ts';
