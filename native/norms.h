#pragma once
#include "decant.h"

namespace decant {
int32_t batch_norm_relu(decant_tensor* input, decant_tensor* around, decant_tensor* weight, decant_tensor* bias, decant_tensor* mean, decant_tensor* variance, double momentum,
                        double epsilon, decant_value* out);
}  // namespace decant
