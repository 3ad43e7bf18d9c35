// Runs a body and turns whatever it throws into a return code and a text of this thread.
#pragma once
#include <ATen/ATen.h>

#include <exception>
#include <string>

#include "decant.h"

namespace decant {

std::string& last_error();

template <typename Body>
int32_t guarded(Body&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const c10::Error& error) {
    last_error() = error.what_without_backtrace();
  } catch (const std::exception& error) {
    last_error() = error.what();
  } catch (...) {
    last_error() = "an exception that is not a std::exception";
  }
  return 1;
}

// The handle is the tensor's own reference-counted body: no second allocation per tensor.
inline decant_tensor* release(at::Tensor&& tensor) {
  return reinterpret_cast<decant_tensor*>(tensor.unsafeReleaseTensorImpl());
}

inline at::Tensor borrow(decant_tensor* handle) {
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(reinterpret_cast<c10::TensorImpl*>(handle)));
}

inline decant_value result(at::Tensor&& tensor) {
  decant_value value{};
  if (!tensor.defined()) return value;
  value.tag = DECANT_TENSOR;
  value.length = static_cast<int64_t>(tensor.nbytes());
  value.pointer = release(std::move(tensor));
  return value;
}

}  // namespace decant
