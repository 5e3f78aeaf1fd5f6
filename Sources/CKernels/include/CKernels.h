// Kernels that need instructions Swift cannot name, each guarded by the processor it was compiled for.
#pragma once
#include <stdbool.h>

/// Whether this processor can run the numeric targets: AVX2, FMA and F16C on x86-64; always true elsewhere.
bool kernels_processor_is_supported(void);
