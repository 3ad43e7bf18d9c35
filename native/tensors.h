#pragma once
#include "decant.h"

namespace decant {
void tensor_release(decant_tensor* tensor);
int32_t tensor_describe(decant_tensor* tensor, decant_tensor_info* out);
int32_t tensor_sizes(decant_tensor* tensor, int64_t* sizes, int64_t* strides, int64_t capacity);
int32_t tensor_view(void* data, const int64_t* sizes, int64_t dimensions, int32_t dtype, decant_release release, void* context, decant_tensor** out);
}  // namespace decant
