export { gemm, gemmWorkBytes, packedBytes, peak } from './gemm';
export { lstmBackward, lstmForward, lstmLast } from './lstm';
export { erfAll, expAll, logAll, sigmoidAll, tanhAll } from './unary';
