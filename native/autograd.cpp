#include "autograd.h"

#include <torch/csrc/autograd/autograd.h>

#include <vector>

#include "guard.h"

namespace {

std::vector<at::Tensor> borrow_all(decant_tensor** handles, int64_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int64_t i = 0; i < count; i++) tensors.push_back(handles[i] ? decant::borrow(handles[i]) : at::Tensor());
  return tensors;
}

}  // namespace

namespace decant {

int32_t set_requires_grad(decant_tensor* tensor, int32_t value) {
  return guarded([&] { borrow(tensor).requires_grad_(value != 0); });
}

int32_t get_grad(decant_tensor* tensor, decant_value* out) {
  return guarded([&] { *out = result(at::Tensor(borrow(tensor).grad())); });
}

int32_t set_grad(decant_tensor* tensor, decant_tensor* grad) {
  return guarded([&] { borrow(tensor).mutable_grad() = grad ? borrow(grad) : at::Tensor(); });
}

int32_t backward(decant_tensor** tensors, decant_tensor** grads, int64_t count, int32_t retain_graph, int32_t create_graph) {
  return guarded([&] {
    auto gradients = grads ? borrow_all(grads, count) : std::vector<at::Tensor>(count);
    torch::autograd::backward(borrow_all(tensors, count), gradients, retain_graph != 0, create_graph != 0);
  });
}

int32_t grad(decant_tensor** outputs, decant_tensor** grads, int64_t outputs_count, decant_tensor** inputs, int64_t inputs_count,
             int32_t retain_graph, int32_t create_graph, int32_t allow_unused, decant_value* results) {
  return guarded([&] {
    auto gradients = grads ? borrow_all(grads, outputs_count) : std::vector<at::Tensor>(outputs_count);
    auto found = torch::autograd::grad(borrow_all(outputs, outputs_count), borrow_all(inputs, inputs_count), gradients,
                                       retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (int64_t i = 0; i < inputs_count; i++) results[i] = result(std::move(found[i]));
  });
}

int32_t grad_enabled() { return at::GradMode::is_enabled(); }

void set_grad_enabled(int32_t value) { at::GradMode::set_enabled(value != 0); }

}  // namespace decant
