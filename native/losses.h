#pragma once
#include "decant.h"

namespace decant {
int32_t divergence_rows(decant_tensor* student, decant_tensor* teacher, decant_tensor* factors, int32_t reverse, double temperature, double slope, decant_value* rows, decant_value* gradient);
int32_t cross_entropy_rows(decant_tensor* logits, decant_tensor* labels, decant_tensor* factors, int64_t ignored, double smoothing, decant_value* rows, decant_value* gradient);
}  // namespace decant
