// Depthwise convolution, channels last: eight channels in a vector, four output columns in registers at a time.
#include "CKernels.h"
#include "target.h"

KERNELS_BEGIN

typedef float v8 __attribute__((vector_size(32), aligned(4)));

static inline float clamped(float x, float ceiling) { return x < 0 ? 0 : x > ceiling ? ceiling : x; }

static inline __attribute__((always_inline)) void columns(
    int count, int size, int stride, const float *x, size_t x_row, const float *weight, const float *bias, size_t channels, float ceiling,
    float *y) {
  size_t c = 0;
  for (; c + 8 <= channels; c += 8) {
    v8 sum[4];
    for (int i = 0; i < count; i++) sum[i] = *(const v8 *)(bias + c);
    for (int ky = 0; ky < size; ky++) {
      for (int kx = 0; kx < size; kx++) {
        v8 w = *(const v8 *)(weight + (ky * size + kx) * channels + c);
        for (int i = 0; i < count; i++) sum[i] += w * *(const v8 *)(x + ky * x_row + (i * stride + kx) * channels + c);
      }
    }
    for (int i = 0; i < count; i++) {
      *(v8 *)(y + i * channels + c) = __builtin_elementwise_min(__builtin_elementwise_max(sum[i], (v8){}), (v8){} + ceiling);
    }
  }
  for (; c < channels; c++) {
    for (int i = 0; i < count; i++) {
      float sum = bias[c];
      for (int ky = 0; ky < size; ky++) {
        for (int kx = 0; kx < size; kx++) {
          sum += weight[(ky * size + kx) * channels + c] * x[ky * x_row + (i * stride + kx) * channels + c];
        }
      }
      y[i * channels + c] = clamped(sum, ceiling);
    }
  }
}

static inline __attribute__((always_inline)) void image(
    int size, int stride, const float *x, size_t x_row, const float *weight, const float *bias, size_t channels, float ceiling, float *y,
    size_t height, size_t width) {
  for (size_t row = 0; row < height; row++) {
    const float *source = x + row * stride * x_row;
    float *target = y + row * width * channels;
    size_t column = 0;
    for (; column + 4 <= width; column += 4) {
      columns(4, size, stride, source + column * stride * channels, x_row, weight, bias, channels, ceiling, target + column * channels);
    }
    for (; column < width; column++) {
      columns(1, size, stride, source + column * stride * channels, x_row, weight, bias, channels, ceiling, target + column * channels);
    }
  }
}

void kernels_depthwise(
    size_t size, size_t stride, const float *x, size_t x_row, const float *weight, const float *bias, size_t channels, float ceiling,
    float *y, size_t height, size_t width) {
  if (size == 3 && stride == 1) {
    image(3, 1, x, x_row, weight, bias, channels, ceiling, y, height, width);
  } else if (size == 3 && stride == 2) {
    image(3, 2, x, x_row, weight, bias, channels, ceiling, y, height, width);
  } else if (size == 5 && stride == 1) {
    image(5, 1, x, x_row, weight, bias, channels, ceiling, y, height, width);
  } else if (size == 5 && stride == 2) {
    image(5, 2, x, x_row, weight, bias, channels, ceiling, y, height, width);
  } else {
    image((int)size, (int)stride, x, x_row, weight, bias, channels, ceiling, y, height, width);
  }
}

KERNELS_END
