/**
 * What the production build takes in place of the union package '@tensorflow/tfjs' (see `alias` in vite.config.ts):
 * the gradients and the cpu backend, without layers, data, converter and WebGL. That is 94 kB of gzip instead of 254.
 * Node keeps the union package, whose single file starts quicker. Chained ops (`x.add(y)`) do not exist here.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
