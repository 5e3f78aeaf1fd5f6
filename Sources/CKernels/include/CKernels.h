// Kernels that need instructions Swift cannot name, each guarded by the processor it was compiled for.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether this processor can run the numeric targets: AVX2, FMA and F16C on x86-64; always true elsewhere.
bool kernels_processor_is_supported(void);

/// Widens `count` IEEE half-precision numbers at `from` (any alignment).
void kernels_widen_half(const void *_Nonnull from, float *_Nonnull to, size_t count);

/// Widens `count` bfloat16 numbers at `from` (any alignment).
void kernels_widen_bfloat(const void *_Nonnull from, float *_Nonnull to, size_t count);

/// Narrows `count` numbers to IEEE half precision, rounded to nearest even.
void kernels_narrow_half(const float *_Nonnull from, uint16_t *_Nonnull to, size_t count);
