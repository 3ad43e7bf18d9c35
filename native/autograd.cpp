#include "autograd.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>

#include <vector>

#include "guard.h"
#include "runtime.h"

namespace {

std::vector<at::Tensor> borrow_all(decant_tensor** handles, int64_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int64_t i = 0; i < count; i++) tensors.push_back(decant::borrow(handles[i]));
  return tensors;
}

// What flows in; undefined where the caller left it out: libtorch puts ones there, for scalars.
std::vector<at::Tensor> seeds(decant_tensor** handles, int64_t count) {
  std::vector<at::Tensor> tensors(count);
  for (int64_t i = 0; handles && i < count; i++)
    if (handles[i]) tensors[i] = decant::borrow(handles[i]);
  return tensors;
}

// The checks that PyTorch makes in its Python setter, and that mutable_grad leaves out.
void check_gradient(const at::Tensor& tensor, const at::Tensor& grad) {
  TORCH_CHECK(!grad.is_same(tensor), "a tensor cannot be its own gradient");
  TORCH_CHECK(grad.scalar_type() == tensor.scalar_type(), "the gradient is ", grad.scalar_type(), ", the tensor is ", tensor.scalar_type());
  TORCH_CHECK(grad.device() == tensor.device(), "the gradient is on ", grad.device(), ", the tensor is on ", tensor.device());
  TORCH_CHECK(grad.sizes() == tensor.sizes(), "the gradient has the shape ", grad.sizes(), ", the tensor has ", tensor.sizes());
}

// The backward of a number with derivatives that were computed beforehand.
struct GivenGradients : torch::autograd::Node {
  std::vector<at::Tensor> gradients;

  torch::autograd::variable_list apply(torch::autograd::variable_list&& flowing) override {
    torch::autograd::variable_list out(gradients.size());
    if (!flowing[0].defined()) return out;
    for (size_t i = 0; i < gradients.size(); i++) {
      TORCH_CHECK(gradients[i].defined(), "the graph was used before, and its gradients are gone");
      if (should_compute_output(i)) out[i] = gradients[i] * flowing[0];
    }
    return out;
  }

  void release_variables() override {
    for (auto& gradient : gradients) gradient.reset();
  }
};

// The backward of something that is computed anew for it by the caller's function.
struct Recomputed : torch::autograd::Node {
  static constexpr int64_t text_capacity = 2048;

  decant_recompute compute = nullptr;
  decant_release release = nullptr;
  void* context = nullptr;

  ~Recomputed() override { release_variables(); }

  torch::autograd::variable_list apply(torch::autograd::variable_list&& flowing) override {
    torch::autograd::variable_list out(num_outputs());
    if (!flowing[0].defined()) return out;
    TORCH_CHECK(context, "the graph was used before, and what it was to be computed from is gone");
    auto gradient = decant::result(std::move(flowing[0]));
    std::vector<decant_value> results(out.size());
    char text[text_capacity] = "";
    TORCH_CHECK(compute(context, &gradient, results.data(), static_cast<int64_t>(results.size()), text, text_capacity) == 0, text);
    for (size_t i = 0; i < out.size(); i++)
      if (results[i].tag == DECANT_TENSOR) out[i] = decant::take(results[i]);
    return out;
  }

  void release_variables() override {
    if (context) release(context);
    context = nullptr;
  }
};

torch::autograd::edge_list edges_of(const std::vector<at::Tensor>& inputs) {
  torch::autograd::edge_list edges;
  for (const auto& input : inputs) edges.push_back(input.requires_grad() ? torch::autograd::impl::gradient_edge(input) : torch::autograd::Edge());
  return edges;
}

}  // namespace

namespace decant {

int32_t set_requires_grad(decant_tensor* tensor, int32_t value) {
  return guarded([&] { borrow(tensor).requires_grad_(value != 0); });
}

int32_t get_grad(decant_tensor* tensor, decant_value* out) {
  return guarded([&] { *out = result(at::Tensor(borrow(tensor).grad())); });
}

int32_t set_grad(decant_tensor* handle, decant_tensor* grad) {
  return guarded([&] {
    auto tensor = borrow(handle);
    if (grad) check_gradient(tensor, borrow(grad));
    tensor.mutable_grad() = grad ? borrow(grad) : at::Tensor();
  });
}

int32_t backward(decant_tensor** tensors, decant_tensor** grads, int64_t count, int32_t retain_graph, int32_t create_graph) {
  return guarded([&] {
    follow_threads();
    torch::autograd::backward(borrow_all(tensors, count), seeds(grads, count), retain_graph != 0, create_graph != 0);
  });
}

int32_t grad(decant_tensor** outputs, decant_tensor** grads, int64_t outputs_count, decant_tensor** inputs, int64_t inputs_count,
             int32_t retain_graph, int32_t create_graph, int32_t allow_unused, decant_value* results) {
  return guarded([&] {
    follow_threads();
    auto found = torch::autograd::grad(borrow_all(outputs, outputs_count), borrow_all(inputs, inputs_count), seeds(grads, outputs_count),
                                       retain_graph != 0, create_graph != 0, allow_unused != 0);
    all_or_none(results, found.size(), [&](size_t i) { return result(std::move(found[i])); });
  });
}

int32_t given_gradients(decant_tensor* value, decant_tensor** inputs, decant_tensor** gradients, int64_t count, decant_value* out) {
  return guarded([&] {
    auto given = borrow_all(gradients, count);
    TORCH_CHECK(borrow(value).numel() == 1, "the value has ", borrow(value).numel(), " elements; it is one number");
    at::Tensor number;
    {
      at::NoGradGuard no_grad;
      number = borrow(value).clone();
    }
    auto recorded = false;
    const auto all = borrow_all(inputs, count);
    for (int64_t i = 0; i < count; i++) {
      check_gradient(all[i], given[i]);
      recorded |= all[i].requires_grad();
    }
    auto edges = edges_of(all);
    if (recorded && at::GradMode::is_enabled()) {
      std::shared_ptr<GivenGradients> node(new GivenGradients(), torch::autograd::deleteNode);
      node->gradients = std::move(given);
      node->set_next_edges(std::move(edges));
      torch::autograd::set_history(number, node);
    }
    *out = result(std::move(number));
  });
}

int32_t recomputed(decant_tensor* output, decant_tensor** inputs, int64_t count, decant_recompute compute, decant_release release, void* context, decant_value* out) {
  return guarded([&] {
    auto edges = edges_of(borrow_all(inputs, count));
    at::Tensor part;
    {
      at::NoGradGuard no_grad;
      part = borrow(output).detach();
    }
    std::shared_ptr<Recomputed> node(new Recomputed(), torch::autograd::deleteNode);
    node->set_next_edges(std::move(edges));
    torch::autograd::set_history(part, node);
    *out = result(std::move(part));
    node->compute = compute;
    node->release = release;
    node->context = context;
  });
}

int32_t grad_enabled() { return at::GradMode::is_enabled(); }

void set_grad_enabled(int32_t value) { at::GradMode::set_enabled(value != 0); }

}  // namespace decant
