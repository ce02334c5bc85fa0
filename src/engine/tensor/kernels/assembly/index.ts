export { adam } from './adam';
export { attentionMaps, attentionMapsGrad, mixHeads, mixHeadsGrad } from './attention';
export { convFilterGrad, convForward, convInputGrad, convWorkBytes, maxPoolGrad, positionsAtOnce, segmentSum } from './conv';
export { divergenceRows, scaleRows } from './divergence';
export { gemm, gemmWorkBytes, packedBytes, peak } from './gemm';
export { lstmBackward, lstmForward, lstmLast } from './lstm';
export { copyBlocks, fillAll, sumMiddle } from './move';
export { layerNorm, layerNormGrad, softmaxRows, softmaxRowsGrad } from './rows';
export { copyAll, erfAll, expAll, gegluGradRows, gegluRows, geluAll, geluGradAll, logAll, sigmoidAll, tanhAll } from './unary';
