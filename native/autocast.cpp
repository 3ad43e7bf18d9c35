// Which operators compute in a lower precision on this thread: libtorch's own lists say.
#include "autocast.h"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

#include "guard.h"

namespace {

void set(c10::DeviceType device, bool enabled, at::ScalarType dtype) {
  TORCH_CHECK(device == at::kCPU || device == at::kCUDA, "there is no mixed precision on ", device);
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  if (enabled) at::autocast::set_autocast_dtype(device, dtype);
  at::autocast::set_autocast_enabled(device, enabled);
#else
  if (device == at::kCPU) {
    if (enabled) at::autocast::set_autocast_cpu_dtype(dtype);
    at::autocast::set_cpu_enabled(enabled);
  } else {
    if (enabled) at::autocast::set_autocast_gpu_dtype(dtype);
    at::autocast::set_enabled(enabled);
  }
#endif
}

}  // namespace

namespace decant {

int32_t autocast(int32_t device_type, int32_t dtype) {
  return guarded([&] {
    auto enabled = dtype >= 0;
    set(static_cast<c10::DeviceType>(device_type), enabled, static_cast<at::ScalarType>(dtype));
    // What was cast belongs to the weights as they were, and a copy made without gradients would be taken where they are wanted.
    at::autocast::clear_cache();
  });
}

}  // namespace decant
