// Kernels that need instructions Swift cannot name, each guarded by the processor it was compiled for.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether this processor can run the numeric targets: AVX2, FMA and F16C on x86-64; always true elsewhere.
bool kernels_processor_is_supported(void);

/// Lets all threads of the process share two heaps. By default every thread gets its own, and what is freed in one the others cannot use: a
/// fifth of the resident memory of a watch. Does nothing where the C library is not glibc.
void kernels_share_heaps(void);

/// Keeps what is larger than half a megabyte out of the heaps, so that it goes back to the system as soon as it is freed. By default they take in
/// ever larger pieces and are left in shreds, which in a process that runs for days keep growing. Costs system time, some 3 s for eight minutes of
/// video. Call it before anything large is made. Does nothing where the C library is not glibc.
void kernels_keep_heaps_whole(void);

/// Gives the pages of freed memory back to the system, some milliseconds of work. Heaps keep them otherwise, and what is freed between two
/// lasting pieces lies idle for days. Does nothing where the C library is not glibc.
void kernels_return_freed_memory(void);

/// Widens `count` IEEE half-precision numbers at `from` (any alignment).
void kernels_widen_half(const void *_Nonnull from, float *_Nonnull to, size_t count);

/// Widens `count` bfloat16 numbers at `from` (any alignment).
void kernels_widen_bfloat(const void *_Nonnull from, float *_Nonnull to, size_t count);

/// Narrows `count` numbers to IEEE half precision, rounded to nearest even.
void kernels_narrow_half(const float *_Nonnull from, uint16_t *_Nonnull to, size_t count);

/// What a linear layer does to its sums; add the values.
enum { kernels_accumulate = 1, kernels_relu = 2, kernels_relu6 = 4 };

/// `y = x · weightᵀ + bias`, rows `x_stride` and `y_stride` apart, for weights packed as `[outputs / 16 rounded up][inputs][16]`, zeros where
/// there is no output. `bias`, null for none, is padded to a multiple of sixteen.
/// Output rows may come in groups: row `i` is written at `y + i / group * group_stride + i % group * y_stride`.
void kernels_linear(
    const float *_Nonnull packed, const float *_Nullable bias, size_t inputs, size_t outputs, const float *_Nonnull x, size_t x_stride,
    size_t rows, float *_Nonnull y, size_t y_stride, size_t group, size_t group_stride, int flags);

/// Depthwise convolution of size × size taps; sums are kept within 0 and `ceiling` (6 for ReLU6, infinity for ReLU). `x` is padded
/// already: its rows are `x_row` numbers apart and hold `[columns][channels]`; `weight` is `[size][size][channels]`; `y` is
/// `[height][width][channels]`, dense.
void kernels_depthwise(
    size_t size, size_t stride, const float *_Nonnull x, size_t x_row, const float *_Nonnull weight, const float *_Nonnull bias,
    size_t channels, float ceiling, float *_Nonnull y, size_t height, size_t width);

/// `y = x · weightᵀ + bias` with half-precision weights and single-precision sums, for few rows of x.
///
/// *Shape* `weight`: `[rows, columns]`, rows `stride` apart; `bias`: `[rows]` or null; `x`: `[batch, columns]`, rows `x_stride` apart;
/// `y`: `[batch, rows]`, rows `y_stride` apart.
void kernels_half_product(const uint16_t *_Nonnull weight, size_t rows, size_t stride, size_t columns, const float *_Nullable bias,
                          const float *_Nonnull x, size_t x_stride, size_t batch, float *_Nonnull y, size_t y_stride);
