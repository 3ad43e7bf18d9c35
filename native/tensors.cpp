// Tensor handles: describing, releasing, and views of memory with another owner.
#include "tensors.h"

#include <memory>

#include "guard.h"

namespace decant {

void tensor_release(decant_tensor* tensor) {
  if (!tensor) return;
  // Freeing the last reference can run a deleter of the caller's; nothing of it may leave.
  guarded([&] { c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(reinterpret_cast<c10::TensorImpl*>(tensor)); });
}

int32_t tensor_describe(decant_tensor* handle, decant_tensor_info* out) {
  return guarded([&] {
    auto tensor = borrow(handle);
    auto strided = tensor.layout() == at::kStrided;
    out->dtype = static_cast<int32_t>(tensor.scalar_type());
    out->device_type = static_cast<int32_t>(tensor.device().type());
    out->device_index = tensor.device().index();
    out->dimensions = static_cast<int32_t>(tensor.dim());
    out->elements = tensor.numel();
    out->element_size = static_cast<int64_t>(tensor.element_size());
    out->requires_grad = tensor.requires_grad();
    out->contiguous = strided && tensor.is_contiguous();
    out->leaf = tensor.is_leaf();
    out->reserved = 0;
    out->data = strided && tensor.has_storage() ? tensor.data_ptr() : nullptr;
  });
}

int32_t tensor_sizes(decant_tensor* handle, int64_t* sizes, int64_t* strides, int64_t capacity) {
  return guarded([&] {
    auto tensor = borrow(handle);
    TORCH_CHECK(tensor.dim() <= capacity, "room for ", capacity, " sizes, the tensor has ", tensor.dim());
    for (int64_t i = 0; i < tensor.dim(); i++) {
      sizes[i] = tensor.size(i);
      if (strides) strides[i] = tensor.stride(i);
    }
  });
}

int32_t tensor_view(void* data, const int64_t* sizes, int64_t dimensions, int32_t dtype, decant_release release_memory, void* context, decant_tensor** out) {
  return guarded([&] {
    auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)).device(at::kCPU);
    auto shape = at::IntArrayRef(sizes, dimensions);
    // libtorch may have made the storage, and so call its deleter, before it throws; the memory is still the caller's then.
    auto ours = std::make_shared<bool>(false);
    auto tensor = at::from_blob(data, shape, [=](void*) { if (*ours) release_memory(context); }, options);
    *ours = true;
    *out = release(std::move(tensor));
  });
}

}  // namespace decant
