// What belongs to the process: versions, the BLAS in use, threads, random generators, the allocator's habits.
#include "runtime.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>
#include <malloc.h>
#include <torch/version.h>

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <sstream>

#include "guard.h"

namespace {

at::Generator borrow_generator(decant_generator* handle) {
  return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(reinterpret_cast<c10::GeneratorImpl*>(handle)));
}

decant_generator* release_generator(at::Generator generator) {
  return reinterpret_cast<decant_generator*>(c10::intrusive_ptr<c10::GeneratorImpl>(generator.getIntrusivePtr()).release());
}

// The file that the symbol sgemm_ comes from says which BLAS really runs, whatever libtorch was built for.
std::string blas_file() {
  void* symbol = dlsym(RTLD_DEFAULT, "sgemm_");
  Dl_info info{};
  if (!symbol || !dladdr(symbol, &info) || !info.dli_fname) return "";
  char* resolved = realpath(info.dli_fname, nullptr);
  std::string path = resolved ? resolved : info.dli_fname;
  std::free(resolved);
  return path;
}

}  // namespace

namespace decant {

std::string& last_error() {
  static thread_local std::string text;
  return text;
}

const char* torch_version() { return TORCH_VERSION; }

int32_t describe_runtime(char* text, int64_t capacity) {
  return guarded([&] {
    Dl_info info{};
    dladdr(reinterpret_cast<void*>(&at::get_num_threads), &info);
    std::ostringstream stream;
    stream << "libtorch-file=" << (info.dli_fname ? info.dli_fname : "") << "\nblas-file=" << blas_file() << "\n";
    if (auto config = reinterpret_cast<char* (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_config"))) stream << "openblas=" << config() << "\n";
    stream << at::get_parallel_info() << "\n" << at::show_config();
    std::strncpy(text, stream.str().c_str(), capacity - 1);
    text[capacity - 1] = 0;
  });
}

int32_t generator_default(int32_t device_type, int32_t device_index, decant_generator** out) {
  return guarded([&] {
    c10::Device device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
    *out = release_generator(at::globalContext().defaultGenerator(device));
  });
}

int32_t generator_new(uint64_t seed, decant_generator** out) {
  return guarded([&] { *out = release_generator(at::detail::createCPUGenerator(seed)); });
}

void generator_release(decant_generator* generator) {
  if (generator) c10::intrusive_ptr<c10::GeneratorImpl>::reclaim(reinterpret_cast<c10::GeneratorImpl*>(generator));
}

int32_t generator_seed(decant_generator* handle, uint64_t seed) {
  return guarded([&] {
    auto generator = borrow_generator(handle);
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_current_seed(seed);
  });
}

int32_t generator_get_state(decant_generator* handle, decant_value* out) {
  return guarded([&] {
    auto generator = borrow_generator(handle);
    std::lock_guard<std::mutex> lock(generator.mutex());
    *out = result(generator.get_state());
  });
}

int32_t generator_set_state(decant_generator* handle, decant_tensor* state) {
  return guarded([&] {
    auto generator = borrow_generator(handle);
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(borrow(state));
  });
}

int32_t set_threads(int32_t threads) {
  return guarded([&] {
    at::set_num_threads(threads);
    // OpenBLAS with pthreads keeps a pool of its own beside OpenMP's.
    if (auto set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(threads);
  });
}

int32_t get_threads() { return at::get_num_threads(); }

int32_t cuda_devices() { return at::hasCUDA() ? at::detail::getCUDAHooks().getNumGPUs() : 0; }

void keep_freed_memory() {
#ifdef __GLIBC__
  // A training step frees and takes the same megabytes again and again. Left alone, glibc gives them back to the kernel,
  // which hands them out again page by page, zeroed.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

}  // namespace decant
