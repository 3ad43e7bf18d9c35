// Runs a body and turns what it throws into a return code and a text of this thread; how handles and tensors become each other.
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
inline decant_tensor* release(at::Tensor&& tensor) noexcept {
  return reinterpret_cast<decant_tensor*>(tensor.unsafeReleaseTensorImpl());
}

// The tensor of a value that owns it: the reference is the tensor's from here on.
inline at::Tensor take(const decant_value& value) {
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(static_cast<c10::TensorImpl*>(const_cast<void*>(value.pointer))));
}

inline at::Tensor borrow(decant_tensor* handle) {
  TORCH_CHECK(handle, "a tensor is missing");
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(reinterpret_cast<c10::TensorImpl*>(handle)));
}

// Sparse tensors have no single storage with a number of bytes.
inline decant_value result(at::Tensor&& tensor) {
  decant_value value{};
  if (!tensor.defined()) return value;
  value.length = tensor.layout() == at::kStrided ? static_cast<int64_t>(tensor.nbytes()) : 0;
  value.tag = DECANT_TENSOR;
  value.pointer = release(std::move(tensor));
  return value;
}

// Releases what a value owns: for results that the caller will not get because of an error after them.
void discard(const decant_value& value) noexcept;

// Fills results one by one; if making one fails, those made before it are released, so that the caller owns all or none.
template <typename Make>
void all_or_none(decant_value* results, size_t count, Make&& make) {
  size_t done = 0;
  try {
    for (; done < count; done++) results[done] = make(done);
  } catch (...) {
    while (done > 0) {
      discard(results[--done]);
      results[done] = decant_value{};
    }
    throw;
  }
}

// Copies a text into the caller's room, cut off if it must be, always ended by a 0.
void put_text(const std::string& text, char* room, int64_t capacity);

}  // namespace decant
