// The one exported function: a table of the bridge's entries, for callers that speak this ABI.
#include "autocast.h"
#include "autograd.h"
#include "decant.h"
#include "dispatch.h"
#include "guard.h"
#include "losses.h"
#include "norms.h"
#include "runtime.h"
#include "tensors.h"

static const char* last_error_text() { return decant::last_error().c_str(); }

static const decant_api api = {
    DECANT_ABI, sizeof(decant_api), last_error_text, decant::torch_version, decant::describe_runtime,
    decant::find_operator, decant::operator_schema, decant::call, decant::free_list,
    decant::tensor_release, decant::tensor_describe, decant::tensor_sizes, decant::tensor_view,
    decant::set_requires_grad, decant::get_grad, decant::set_grad, decant::backward, decant::grad, decant::grad_enabled, decant::set_grad_enabled,
    decant::generator_default, decant::generator_new, decant::generator_release, decant::generator_seed, decant::generator_get_state, decant::generator_set_state,
    decant::set_threads, decant::get_threads, decant::cuda_devices, decant::given_gradients, decant::set_own_threads, decant::autocast,
    decant::divergence_rows, decant::cross_entropy_rows, decant::batch_norm_relu,
    decant::recomputed};

extern "C" const decant_api* decant_bridge(uint32_t abi) {
  if (abi != DECANT_ABI) return nullptr;
  decant::keep_freed_memory();
  return &api;
}
