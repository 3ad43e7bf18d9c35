// Right results and rates of the BLAS that is loaded. Fortran's convention: everything by address, matrices by columns.
#include <dlfcn.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <vector>

#include "probe.h"

namespace {

using bfloat16 = uint16_t;  // the upper half of a float32

template <typename In, typename Out>
using Gemm = void(const char*, const char*, const int*, const int*, const int*, const Out*, const In*, const int*, const In*, const int*, const Out*, Out*, const int*);
using Gemv = void(const char*, const int*, const int*, const float*, const float*, const int*, const float*, const int*, const float*, float*, const int*);
using Dot = float(const int*, const float*, const int*, const float*, const int*);

template <typename Signature>
Signature* function(const char* name) { return reinterpret_cast<Signature*>(dlsym(RTLD_DEFAULT, name)); }

// The same numbers on every machine, between -1 and 1.
struct Numbers {
  uint32_t state = 12345;
  double next() {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) / 8388608.0 - 1;
  }
};

double value(float x) { return x; }
double value(double x) { return x; }
double value(bfloat16 x) {
  uint32_t bits = static_cast<uint32_t>(x) << 16;
  float result;
  std::memcpy(&result, &bits, sizeof result);
  return result;
}

template <typename T>
T number(double x) { return static_cast<T>(x); }
template <>
bfloat16 number<bfloat16>(double x) {
  float single = static_cast<float>(x);
  uint32_t bits;
  std::memcpy(&bits, &single, sizeof bits);
  return static_cast<bfloat16>(bits >> 16);
}

template <typename T>
std::vector<T> numbers(size_t count, Numbers& from) {
  std::vector<T> result(std::max<size_t>(count, 1));
  for (auto& x : result) x = number<T>(from.next());
  return result;
}

struct Shape { int m, n, k; };

std::string describe(const char* name, char ta, char tb, Shape s, double alpha, double beta, int row, int column, double expected, double came) {
  char text[256];
  std::snprintf(text, sizeof text, "%s %c%c %dx%dx%d alpha %g beta %g: expected %.9g at (%d, %d), came %.9g", name, ta, tb, s.m, s.n, s.k, alpha, beta, expected, row, column, came);
  return text;
}

// C = alpha op(A) op(B) + beta C. Two rows more than C has must stay what they are; with beta = 0, C holds NaN and must be overwritten.
template <typename In, typename Out>
std::string check_gemm(const char* name, char ta, char tb, Shape s, double alpha, double beta, double epsilon) {
  auto gemm = function<Gemm<In, Out>>((std::string(name) + "_").c_str());
  if (!gemm) return std::string(name) + " is missing";
  Numbers from;
  int lda = (ta == 'N' ? s.m : s.k) + 1, ldb = (tb == 'N' ? s.k : s.n) + 1, ldc = s.m + 2;
  auto a = numbers<In>(static_cast<size_t>(lda) * (ta == 'N' ? s.k : s.m), from), b = numbers<In>(static_cast<size_t>(ldb) * (tb == 'N' ? s.n : s.k), from);
  auto c = numbers<Out>(static_cast<size_t>(ldc) * s.n, from), before = c;
  if (beta == 0) {
    for (int j = 0; j < s.n; j++) std::fill_n(&c[static_cast<size_t>(j) * ldc], s.m, std::numeric_limits<Out>::quiet_NaN());
  }
  Out one = static_cast<Out>(alpha), other = static_cast<Out>(beta);
  gemm(&ta, &tb, &s.m, &s.n, &s.k, &one, a.data(), &lda, b.data(), &ldb, &other, c.data(), &ldc);
  for (int j = 0; j < s.n; j++) {
    for (int i = 0; i < ldc; i++) {
      auto at = static_cast<size_t>(j) * ldc + i;
      double sum = 0, size = 0, old = value(before[at]), came = value(c[at]);
      for (int l = 0; i < s.m && l < s.k; l++) {
        double x = value(a[ta == 'N' ? i + static_cast<size_t>(l) * lda : l + static_cast<size_t>(i) * lda]) * value(b[tb == 'N' ? l + static_cast<size_t>(j) * ldb : j + static_cast<size_t>(l) * ldb]);
        sum += x;
        size += std::fabs(x);
      }
      double expected = i < s.m ? alpha * sum + beta * old : old;
      double allowed = i < s.m ? epsilon * (s.k + 8) * (std::fabs(alpha) * size + std::fabs(beta * old)) : 0;
      if (!(std::fabs(came - expected) <= allowed)) return describe(name, ta, tb, s, alpha, beta, i, j, expected, came);
    }
  }
  return "";
}

template <typename In, typename Out>
std::string check_gemms(const char* name, double epsilon) {
  const Shape shapes[] = {{1, 1, 1}, {2, 3, 1}, {7, 5, 3}, {5, 7, 0}, {16, 16, 16}, {17, 33, 65}, {64, 64, 64}, {65, 129, 31}, {129, 65, 200}, {1, 100, 257}, {100, 1, 257}, {48, 47, 1}, {33, 17, 513}, {321, 35, 67}};
  for (auto& shape : shapes) {
    for (const char* t : {"NN", "TN", "NT", "TT"}) {
      for (double beta : {0.0, 1.0, -0.5}) {
        auto wrong = check_gemm<In, Out>(name, t[0], t[1], shape, beta == 1 ? 1 : 0.75, beta, epsilon);
        if (!wrong.empty()) return wrong;
      }
    }
  }
  return "";
}

// y = alpha op(A) x + beta y, with every second element of x and y.
std::string check_gemv(char t, int m, int n, int step) {
  auto gemv = function<Gemv>("sgemv_");
  if (!gemv) return "sgemv is missing";
  Numbers from;
  int lda = m + 1, rows = t == 'N' ? m : n, inner = t == 'N' ? n : m;
  auto a = numbers<float>(static_cast<size_t>(lda) * n, from), x = numbers<float>(static_cast<size_t>(inner) * step, from), y = numbers<float>(static_cast<size_t>(rows) * step, from), before = y;
  float alpha = 0.75f, beta = -0.5f;
  gemv(&t, &m, &n, &alpha, a.data(), &lda, x.data(), &step, &beta, y.data(), &step);
  for (int i = 0; i < rows * step; i++) {
    double sum = 0, size = 0;
    for (int l = 0; i % step == 0 && l < inner; l++) {
      double product = value(a[t == 'N' ? i / step + static_cast<size_t>(l) * lda : l + static_cast<size_t>(i / step) * lda]) * x[static_cast<size_t>(l) * step];
      sum += product;
      size += std::fabs(product);
    }
    double expected = i % step == 0 ? alpha * sum + beta * before[i] : before[i];
    double allowed = i % step == 0 ? 1.2e-7 * (inner + 8) * (size + 1) : 0;
    if (!(std::fabs(y[i] - expected) <= allowed)) return describe("sgemv", t, ' ', {m, n, 1}, alpha, beta, i, 0, expected, y[i]);
  }
  return "";
}

std::string check_dot(int n) {
  auto dot = function<Dot>("sdot_");
  if (!dot) return "sdot is missing";
  Numbers from;
  auto x = numbers<float>(n, from), y = numbers<float>(n, from);
  double sum = 0, size = 0;
  for (int i = 0; i < n; i++) {
    sum += static_cast<double>(x[i]) * y[i];
    size += std::fabs(static_cast<double>(x[i]) * y[i]);
  }
  int one = 1;
  float came = dot(&n, x.data(), &one, y.data(), &one);
  return std::fabs(came - sum) <= 1.2e-7 * (n + 8) * size ? "" : describe("sdot", ' ', ' ', {n, 1, 1}, 1, 0, 0, 0, sum, came);
}

double seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + now.tv_nsec * 1e-9;
}

}  // namespace

namespace decant {

bool has_sbgemm() { return dlsym(RTLD_DEFAULT, "sbgemm_") != nullptr; }

std::string first_wrong_result() {
  auto wrong = check_gemms<float, float>("sgemm", 1.2e-7);
  if (wrong.empty()) wrong = check_gemms<double, double>("dgemm", 4.5e-16);
  for (char t : {'N', 'T'}) {
    for (auto& shape : {Shape{1, 1, 0}, Shape{7, 5, 0}, Shape{33, 65, 0}, Shape{129, 1, 0}, Shape{1, 257, 0}, Shape{200, 131, 0}, Shape{1203, 785, 0}}) {
      for (int step : {1, 2}) {
        if (wrong.empty()) wrong = check_gemv(t, shape.m, shape.n, step);
      }
    }
  }
  for (int n : {1, 7, 33, 1027}) {
    if (wrong.empty()) wrong = check_dot(n);
  }
  // The products of two bfloat16 are exact in float32, and are summed in it.
  if (wrong.empty() && has_sbgemm()) wrong = check_gemms<bfloat16, float>("sbgemm", 2.4e-7);
  return wrong;
}

double gflops(int m, int n, int k, int runs, bool by_processor_time) {
  auto gemm = function<Gemm<float, float>>("sgemm_");
  if (!gemm) return 0;
  Numbers from;
  auto a = numbers<float>(static_cast<size_t>(m) * k, from), b = numbers<float>(static_cast<size_t>(k) * n, from), c = numbers<float>(static_cast<size_t>(m) * n, from);
  float one = 1, zero = 0;
  double best = std::numeric_limits<double>::infinity();
  auto clock = by_processor_time ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC;
  for (int run = 0; run <= runs; run++) {
    double start = seconds(clock);
    gemm("T", "N", &m, &n, &k, &one, a.data(), &k, b.data(), &k, &zero, c.data(), &m);
    double taken = seconds(clock) - start;
    if (run > 0) best = std::min(best, taken);
  }
  return 2.0 * m * n * k / best / 1e9;
}

}  // namespace decant
