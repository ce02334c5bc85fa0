/**
 * Training convolutions on wasm: the gradients of Conv2D by filter and by input (which is also Conv2DTranspose itself),
 * of max pooling and of gather. The backend lacks Conv2DBackpropFilter and UnsortedSegmentSum, and its
 * Conv2DBackpropInput is a scalar loop. Reference: the cpu kernels; assembly/conv.ts has the method.
 */
import { sizeOf } from '../../shape.ts';
import { backend_util } from '../tf.ts';
import type { Heap } from './heap.ts';
import type { KernelArgs, Replacement } from './replace.ts';

type Pad = Parameters<typeof backend_util.computeConv2DInfo>[4];
type Pair = [number, number] | number;
type Quad = [number, number, number, number];

function convInfo(inShape: readonly number[], filterShape: readonly number[], attrs: KernelArgs['attrs']) {
  return backend_util.computeConv2DInfo(
    inShape as Quad,
    filterShape as Quad,
    attrs['strides'] as Pair,
    (attrs['dilations'] as Pair | undefined) ?? 1,
    attrs['pad'] as Pad,
    attrs['dimRoundingMode'] as 'floor' | 'round' | 'ceil',
    false,
    'channelsLast',
  );
}

/** The sizes that every kernel of assembly/conv.ts begins with. */
function sizes(info: Info): number[] {
  return [
    ...[info.batchSize, info.inHeight, info.inWidth, info.inChannels, info.outHeight, info.outWidth, info.outChannels],
    ...[info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth],
    ...[info.dilationHeight, info.dilationWidth, info.padInfo.top, info.padInfo.left],
  ];
}

type Info = ReturnType<typeof convInfo>;

/** Bytes of an image in its frame of zeros; a little more, because whole vectors are read at its end. */
const frameBytes = (height: number, width: number, channels: number): number => 4 * height * width * channels + 64;

/** The frame of the input under every position of the kernel. */
function inputFrame(heap: Heap, info: Info): number {
  const height = (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight;
  const width = (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth;
  return heap.scratch('first', frameBytes(height, width, info.inChannels));
}

/** The frame of the output's gradient, as wide as the widest phase of the stride needs it. */
function gradientFrame(heap: Heap, info: Info): number {
  const side = (size: number, stride: number, filter: number): number =>
    Math.ceil(size / stride) + Math.ceil(filter / stride);
  const height = side(info.inHeight, info.strideHeight, info.effectiveFilterHeight);
  const width = side(info.inWidth, info.strideWidth, info.effectiveFilterWidth);
  return heap.scratch('first', frameBytes(height, width, info.outChannels));
}

/** Scratch for the sums of `columns` channels over a kernel's rows of `channels`. */
const sums = (heap: Heap, info: Info, columns: number, channels: number): number =>
  heap.scratch('third', heap.run['convWorkBytes'](columns, info.filterWidth * channels));

const packed = (heap: Heap, depth: number, columns: number): number =>
  heap.scratch('packed', heap.run['packedBytes'](depth, columns));

const channelsLast = (attrs: KernelArgs['attrs']): boolean => (attrs['dataFormat'] ?? 'NHWC') === 'NHWC';

const forward: Replacement = ({ inputs: { x, filter }, attrs }, heap) => {
  if (!channelsLast(attrs) || x.dtype !== 'float32' || filter.dtype !== 'float32') return null;
  const info = convInfo(x.shape, filter.shape, attrs);
  const out = heap.output(info.outShape);
  const depth = info.filterHeight * info.filterWidth * info.inChannels;
  heap.run['convForward'](
    ...[...sizes(info), heap.at(x), heap.at(filter), heap.at(out)],
    ...[inputFrame(heap, info), packed(heap, depth, info.outChannels)],
    sums(heap, info, info.outChannels, info.inChannels),
  );
  return out;
};

const filterGrad: Replacement = ({ inputs: { x, dy }, attrs }, heap) => {
  if (!channelsLast(attrs)) return null;
  const shape = attrs['filterShape'] as number[];
  const info = convInfo(x.shape, shape, attrs);
  const out = heap.output(shape);
  heap.run['convFilterGrad'](
    ...[...sizes(info), heap.at(x), heap.at(dy), heap.at(out)],
    ...[inputFrame(heap, info), packed(heap, heap.run['positionsAtOnce'](), info.outChannels)],
    ...[heap.scratch('second', 4 * info.outHeight * info.outWidth)],
    sums(heap, info, info.outChannels, info.inChannels),
  );
  return out;
};

const inputGrad: Replacement = ({ inputs: { dy, filter }, attrs }, heap) => {
  if (!channelsLast(attrs)) return null;
  const shape = attrs['inputShape'] as number[];
  const info = convInfo(shape, filter.shape, attrs);
  const out = heap.output(shape);
  const depth = info.filterHeight * info.filterWidth * info.outChannels;
  heap.run['convInputGrad'](
    ...[...sizes(info), heap.at(dy), heap.at(filter), heap.at(out)],
    ...[gradientFrame(heap, info), packed(heap, depth, info.inChannels)],
    sums(heap, info, info.inChannels, info.outChannels),
  );
  return out;
};

const maxPoolGrad: Replacement = ({ inputs: { dy, input }, attrs }, heap) => {
  const info = backend_util.computePool2DInfo(
    input.shape as Quad,
    attrs['filterSize'] as Pair,
    attrs['strides'] as Pair,
    1,
    attrs['pad'] as Pad,
    attrs['dimRoundingMode'] as 'floor' | 'round' | 'ceil',
  );
  const out = heap.output(input.shape);
  const { padInfo } = info;
  heap.run['maxPoolGrad'](
    ...[info.batchSize, info.inHeight, info.inWidth, info.inChannels, info.outHeight, info.outWidth],
    ...[info.effectiveFilterHeight, info.effectiveFilterWidth, info.strideHeight, info.strideWidth, 1, 1],
    ...[padInfo.top, padInfo.left, heap.at(input), heap.at(dy), heap.at(out)],
  );
  return out;
};

const segmentSum: Replacement = ({ inputs: { x, segmentIds }, attrs }, heap) => {
  if (x.dtype !== 'float32' || segmentIds.dtype !== 'int32' || segmentIds.shape.length !== 1) return null;
  const [rows, ...rest] = x.shape;
  const segments = attrs['numSegments'] as number;
  const columns = sizeOf(rest);
  const out = heap.output([segments, ...rest]);
  heap.run['segmentSum'](rows, columns, segments, heap.at(segmentIds), heap.at(x), heap.at(out));
  return out;
};

export const convKernels: Readonly<Record<string, Replacement>> = {
  Conv2D: forward,
  Conv2DBackpropFilter: filterGrad,
  Conv2DBackpropInput: inputGrad,
  MaxPoolGrad: maxPoolGrad,
  UnsortedSegmentSum: segmentSum,
};
