// What belongs to the process: versions, the BLAS in use, threads, random generators, the allocator's habits.
#include "runtime.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <dlfcn.h>
#include <malloc.h>
#include <torch/version.h>

#include <algorithm>
#include <atomic>
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

template <typename Signature>
Signature* function(const char* name) { return reinterpret_cast<Signature*>(dlsym(RTLD_DEFAULT, name)); }

// The file that the symbol sgemm_ comes from says which BLAS really runs, independent of what libtorch was built for.
std::string blas_file() {
  void* symbol = dlsym(RTLD_DEFAULT, "sgemm_");
  Dl_info info{};
  if (!symbol || !dladdr(symbol, &info) || !info.dli_fname) return "";
  char* resolved = realpath(info.dli_fname, nullptr);
  std::string path = resolved ? resolved : info.dli_fname;
  std::free(resolved);
  return path;
}

// What set_threads was last asked for, by whichever thread; 0 leaves libtorch its own choice.
std::atomic<int32_t> wanted_threads{0};

// What set_own_threads was last asked for on this thread; 0 follows the process.
thread_local int32_t own_threads = 0;

// The count that this thread was last given; 0: it is to be given one.
thread_local int32_t followed = 0;

}  // namespace

namespace decant {

std::string& last_error() {
  static thread_local std::string text;
  return text;
}

void put_text(const std::string& text, char* room, int64_t capacity) {
  if (capacity <= 0) return;
  auto length = std::min(static_cast<int64_t>(text.size()), capacity - 1);
  std::memcpy(room, text.data(), length);
  room[length] = 0;
}

const char* torch_version() { return TORCH_VERSION; }

int32_t describe_runtime(char* text, int64_t capacity) {
  return guarded([&] {
    Dl_info info{};
    dladdr(reinterpret_cast<void*>(&at::get_num_threads), &info);
    std::ostringstream stream;
    stream << "libtorch-file=" << (info.dli_fname ? info.dli_fname : "") << "\nblas-file=" << blas_file() << "\n";
    if (auto config = function<char*()>("openblas_get_config")) stream << "openblas-config=" << config() << "\n";
    if (auto core = function<char*()>("openblas_get_corename")) stream << "openblas-core=" << core() << "\n";
    stream << at::get_parallel_info() << "\n" << at::show_config();
    put_text(stream.str(), text, capacity);
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
    wanted_threads.store(threads);
    followed = 0;  // the line above changed this thread too, which may have a count of its own
    // OpenBLAS with pthreads keeps a pool of its own beside OpenMP's.
    if (auto set = function<void(int)>("openblas_set_num_threads")) set(threads);
  });
}

int32_t set_own_threads(int32_t threads) {
  return guarded([&] {
    // No count was set yet that 0 could restore: libtorch's own choice is kept.
    int32_t nothing = 0;
    if (threads != 0) wanted_threads.compare_exchange_strong(nothing, at::get_num_threads());
    own_threads = threads;
  });
}

void follow_threads() {
  auto wanted = own_threads != 0 ? own_threads : wanted_threads.load(std::memory_order_relaxed);
  if (wanted == followed || wanted == 0) return;
  followed = wanted;
  // libtorch gives a thread the process's count when it first asks: let that be over.
  at::get_num_threads();
  static auto set_here = function<void(int)>("omp_set_num_threads");
  if (set_here) set_here(wanted);  // this thread's alone, where at::set_num_threads would also change what new threads start with
  else at::set_num_threads(wanted);
}

int32_t get_threads() {
  int32_t threads = 0;
  guarded([&] {
    follow_threads();
    threads = at::get_num_threads();
  });
  return threads;
}

int32_t cuda_devices() {
  int32_t devices = 0;
  guarded([&] { devices = static_cast<int32_t>(at::getNumGPUs()); });  // throws where the driver is broken: then there are none to use
  return devices;
}

void keep_freed_memory() {
#ifdef __GLIBC__
  // A training step frees and takes the same megabytes again and again. Left alone, glibc gives them back to the kernel,
  // which hands them out again page by page, zeroed.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  // Threads come and go with the epochs; with an arena for each, every arena would grow to what a teacher's answer needs.
  mallopt(M_ARENA_MAX, 1);
#endif
}

}  // namespace decant
