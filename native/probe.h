// What the probe does with the BLAS that is loaded.
#pragma once
#include <string>

namespace decant {

// Compares products with plain loops in double precision: odd sizes, transposed operands, k = 0, values that must be overwritten, rows beyond the result.
// Returns the first that is wrong, or nothing.
std::string first_wrong_result();

bool has_sbgemm();

// 10^9 operations per second of C = A^T B in float32, the best of some runs after one more; m x n x k.
// By the processor time of this thread, which other programs hardly disturb, or by the clock.
double gflops(int m, int n, int k, int runs, bool by_processor_time);

}  // namespace decant
