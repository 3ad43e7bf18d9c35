#pragma once
#include "decant.h"

namespace decant {
int32_t set_requires_grad(decant_tensor* tensor, int32_t value);
int32_t get_grad(decant_tensor* tensor, decant_value* out);
int32_t set_grad(decant_tensor* tensor, decant_tensor* grad);
int32_t backward(decant_tensor** tensors, decant_tensor** grads, int64_t count, int32_t retain_graph, int32_t create_graph);
int32_t grad(decant_tensor** outputs, decant_tensor** grads, int64_t outputs_count, decant_tensor** inputs, int64_t inputs_count,
             int32_t retain_graph, int32_t create_graph, int32_t allow_unused, decant_value* results);
int32_t given_gradients(decant_tensor* value, decant_tensor** inputs, decant_tensor** gradients, int64_t count, decant_value* out);
int32_t recomputed(decant_tensor* output, decant_tensor** inputs, int64_t count, decant_recompute compute, decant_release release, void* context, decant_value* out);
int32_t grad_enabled();
void set_grad_enabled(int32_t value);
}  // namespace decant
