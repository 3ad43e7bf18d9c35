// A program of its own that tries the BLAS under the kernels that OPENBLAS_CORETYPE names, since kernels that a processor cannot execute end their process,
// and OpenBLAS takes its kernels once, when it is loaded.
//   decant_blas_probe locate BRIDGE              which BLAS comes with the bridge
//   decant_blas_probe try BLAS                   is it right, and how fast is it on one thread
//   decant_blas_probe product BLAS SIZE RUNS     how fast is a large product on the threads that OPENBLAS_NUM_THREADS names
// Every answer is lines of "name=value" on standard output. Exit codes: 0, 2 wrong arguments, 3 a file that cannot be loaded, 4 a wrong result.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "probe.h"

namespace {

constexpr int kArguments = 2, kNotLoaded = 3, kWrong = 4;

std::string file_of(const char* symbol) {
  void* address = dlsym(RTLD_DEFAULT, symbol);
  Dl_info info{};
  return address && dladdr(address, &info) && info.dli_fname ? info.dli_fname : "";
}

const char* text_of(const char* function) {
  auto call = reinterpret_cast<char* (*)()>(dlsym(RTLD_DEFAULT, function));
  return call ? call() : "";
}

bool load(const char* path) {
  if (dlopen(path, RTLD_NOW | RTLD_GLOBAL)) return true;
  std::printf("fault=%s\n", dlerror());
  return false;
}

int locate(const char* bridge) {
  if (!load(bridge)) return kNotLoaded;
  std::printf("blas=%s\nopenblas=%s\nconfig=%s\n", file_of("sgemm_").c_str(), file_of("openblas_get_corename").c_str(), text_of("openblas_get_config"));
  return 0;
}

int try_kernels(const char* blas) {
  if (!load(blas)) return kNotLoaded;
  std::printf("core=%s\n", text_of("openblas_get_corename"));
  std::fflush(stdout);  // known even if what follows ends the process
  std::string wrong = decant::first_wrong_result();
  if (!wrong.empty()) {
    std::printf("wrong=%s\n", wrong.c_str());
    return kWrong;
  }
  std::printf("checked=%s\n", decant::has_sbgemm() ? "sgemm dgemm sgemv sdot sbgemm" : "sgemm dgemm sgemv sdot");
  std::printf("square=%.2f\nthin=%.2f\nvector=%.2f\n", decant::gflops(512, 512, 512, 8, true), decant::gflops(1200, 128, 784, 8, true), decant::gflops(1200, 1, 784, 64, true));
  return 0;
}

int product(const char* blas, int size, int runs) {
  if (!load(blas)) return kNotLoaded;
  std::printf("core=%s\nproduct=%.2f\n", text_of("openblas_get_corename"), decant::gflops(size, size, size, runs, false));
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  std::string verb = count > 1 ? arguments[1] : "";
  if (verb == "locate" && count == 3) return locate(arguments[2]);
  if (verb == "try" && count == 3) return try_kernels(arguments[2]);
  if (verb == "product" && count == 5 && std::atoi(arguments[3]) > 0 && std::atoi(arguments[4]) > 0) return product(arguments[2], std::atoi(arguments[3]), std::atoi(arguments[4]));
  std::fprintf(stderr, "expected: locate BRIDGE | try BLAS | product BLAS SIZE RUNS\n");
  return kArguments;
}
