// Losses over rows of logits, with their gradient, in one pass over a row's memory instead of one for each operator: of a large vocabulary, memory is what the
// operators wait for. Processor and float32 only; elsewhere the same is composed of libtorch's operators.
#include "losses.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "guard.h"
#include "runtime.h"
#include "vectors.h"

#define INLINE __attribute__((always_inline)) inline

namespace {

// Number of classes that are added up in float32 before the sum goes on in float64.
constexpr int64_t kPart = 1024;

template <typename To, typename From>
INLINE To bits(From from) {
  To to;
  static_assert(sizeof(to) == sizeof(from), "bits stay as they are");
  std::memcpy(&to, &from, sizeof(to));
  return to;
}

// e^x of x <= 0 within 2 units of the last place; 0 below e^-87, the end of float32's normal numbers. NaN stays NaN.
// x = n·ln 2 + r, and e^r by the polynomial of Cephes' expf. Adding and taking away 1.5·2^23 rounds, and leaves n in the low bits.
INLINE float exp_of(float x) {
  constexpr float kRound = 12582912.f;
  auto shifted = x * 1.44269504088896341f + kRound;
  auto n = shifted - kRound;
  auto r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
  auto p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  auto fraction = p * r * r + r + 1.f;
  auto power = bits<float>((bits<int32_t>(shifted) - bits<int32_t>(kRound) + 127) << 23);
  return x < -87.f ? 0.f : fraction * power;
}

INLINE float largest(const float* values, int64_t count) {
  auto most = -std::numeric_limits<float>::infinity();
#pragma omp simd reduction(max : most)
  for (int64_t i = 0; i < count; i++) most = values[i] > most ? values[i] : most;
  return most;
}

// KL divergence of softmax(t ÷ τ) from softmax(s ÷ τ), and (q − p)·slope. `room` has a place for every class.
DECANT_WIDEST double soft_targets(const float* s, const float* t, float* gradient, float* room, int64_t classes, float inverse, float slope) {
  auto most_s = largest(s, classes), most_t = largest(t, classes);
  double sum_q = 0, sum_p = 0, sum = 0;
  for (int64_t from = 0; from < classes; from += kPart) {
    auto to = std::min(classes, from + kPart);
    float part_q = 0, part_p = 0, part = 0;
#pragma omp simd reduction(+ : part_q, part_p, part)
    for (int64_t i = from; i < to; i++) {
      auto warm_s = (s[i] - most_s) * inverse, warm_t = (t[i] - most_t) * inverse;
      auto q = exp_of(warm_s), p = exp_of(warm_t);
      gradient[i] = q;
      room[i] = p;
      part_q += q;
      part_p += p;
      part += p == 0.f ? 0.f : p * (warm_t - warm_s);  // a class that is ruled out has no part
    }
    sum_q += part_q;
    sum_p += part_p;
    sum += part;
  }
  auto by_q = static_cast<float>(slope / sum_q), by_p = static_cast<float>(slope / sum_p);
#pragma omp simd
  for (int64_t i = 0; i < classes; i++) gradient[i] = gradient[i] * by_q - room[i] * by_p;
  return sum / sum_p + std::log(sum_q) - std::log(sum_p);
}

// KL divergence of q = softmax(s ÷ τ) from p = softmax(t ÷ τ), Σ q·(log q − log p), and q·(log q − log p − it)·slope. A probability of the teacher's below e^-104 counts as that.
DECANT_WIDEST double reverse_kl(const float* s, const float* t, float* gradient, float* room, int64_t classes, float inverse, float slope) {
  auto most_s = largest(s, classes), most_t = largest(t, classes);
  double sum_q = 0, sum_p = 0, sum = 0;
  for (int64_t from = 0; from < classes; from += kPart) {
    auto to = std::min(classes, from + kPart);
    float part_q = 0, part_p = 0;
#pragma omp simd reduction(+ : part_q, part_p)
    for (int64_t i = from; i < to; i++) {
      auto q = exp_of((s[i] - most_s) * inverse);
      gradient[i] = q;
      part_q += q;
      part_p += exp_of((t[i] - most_t) * inverse);
    }
    sum_q += part_q;
    sum_p += part_p;
  }
  auto log_q = static_cast<float>(std::log(sum_q)), log_p = static_cast<float>(std::log(sum_p)), by_q = static_cast<float>(1 / sum_q);
  for (int64_t from = 0; from < classes; from += kPart) {
    auto to = std::min(classes, from + kPart);
    float part = 0;
#pragma omp simd reduction(+ : part)
    for (int64_t i = from; i < to; i++) {
      auto of_p = (t[i] - most_t) * inverse - log_p;
      auto above = (s[i] - most_s) * inverse - log_q - (of_p < -104.f ? -104.f : of_p);
      auto q = gradient[i] * by_q;
      above = q == 0.f ? 0.f : above;  // a class that the student rules out has no part
      gradient[i] = q;
      room[i] = above;
      part += q * above;
    }
    sum += part;
  }
  auto mean = static_cast<float>(sum);
#pragma omp simd
  for (int64_t i = 0; i < classes; i++) gradient[i] = gradient[i] * (room[i] - mean) * slope;
  return sum;
}

// −(1 − ε)·log q(y) − (ε ÷ C)·Σ log q, and its gradient times a factor.
DECANT_WIDEST double cross_entropy(const float* s, float* gradient, int64_t classes, int64_t label, double smoothing, float factor) {
  auto most = largest(s, classes);
  double sum = 0, sum_logits = 0;
  for (int64_t from = 0; from < classes; from += kPart) {
    auto to = std::min(classes, from + kPart);
    float part = 0, part_logits = 0;
#pragma omp simd reduction(+ : part, part_logits)
    for (int64_t i = from; i < to; i++) {
      auto above = s[i] - most;
      auto q = exp_of(above);
      gradient[i] = q;
      part += q;
      part_logits += above;
    }
    sum += part;
    sum_logits += part_logits;
  }
  auto by = static_cast<float>(factor / sum), spread = static_cast<float>(factor * smoothing / static_cast<double>(classes));
#pragma omp simd
  for (int64_t i = 0; i < classes; i++) gradient[i] = gradient[i] * by - spread;
  gradient[label] -= static_cast<float>(factor * (1 - smoothing));
  auto log_sum = std::log(sum);
  auto of_label = log_sum - (s[label] - most);
  return smoothing == 0 ? of_label : (1 - smoothing) * of_label + smoothing * (log_sum - sum_logits / static_cast<double>(classes));
}

at::Tensor rows_of_logits(decant_tensor* handle, const char* owner) {
  auto logits = decant::borrow(handle).detach();
  TORCH_CHECK(logits.dim() == 2 && logits.size(1) > 0, owner, " logits are [rows, classes], came ", logits.sizes());
  TORCH_CHECK(logits.device().is_cpu() && logits.scalar_type() == at::kFloat, owner, " logits are float32 on the processor, came ", logits.scalar_type(), " on ", logits.device());
  return logits.contiguous();
}

at::Tensor factors_of_rows(decant_tensor* handle, int64_t rows) {
  if (!handle) return {};
  auto factors = decant::borrow(handle).detach();
  TORCH_CHECK(factors.dim() == 1 && factors.size(0) == rows, "there is a factor for each of ", rows, " rows, came ", factors.sizes());
  return factors.to(at::kCPU, at::kFloat).contiguous();
}

int64_t grain(int64_t classes) { return std::max<int64_t>(1, (int64_t{1} << 15) / classes); }

}  // namespace

namespace decant {

int32_t divergence_rows(decant_tensor* student, decant_tensor* teacher, decant_tensor* factors, int32_t reverse, double temperature, double slope, decant_value* rows, decant_value* gradient) {
  return guarded([&] {
    follow_threads();
    at::NoGradGuard no_grad;
    auto s = rows_of_logits(student, "the student's"), t = rows_of_logits(teacher, "the teacher's");
    TORCH_CHECK(s.sizes() == t.sizes(), "student and teacher have logits of one shape, came ", s.sizes(), " and ", t.sizes());
    auto count = s.size(0), classes = s.size(1);
    auto by_row = factors_of_rows(factors, count);
    auto losses = at::empty({count}, s.options()), slopes = at::empty_like(s);
    auto *from_s = s.data_ptr<float>(), *from_t = t.data_ptr<float>(), *to = slopes.data_ptr<float>(), *sums = losses.data_ptr<float>();
    auto* factor = by_row.defined() ? by_row.data_ptr<float>() : nullptr;
    at::parallel_for(0, count, grain(classes), [&](int64_t begin, int64_t end) {
      std::vector<float> room(classes);
      for (auto row = begin; row < end; row++) {
        auto at = row * classes;
        auto by = factor ? factor[row] : 1.f;
        auto of_row = reverse ? reverse_kl : soft_targets;
        sums[row] = static_cast<float>(of_row(from_s + at, from_t + at, to + at, room.data(), classes, static_cast<float>(1 / temperature), static_cast<float>(slope) * by)) * by;
      }
    });
    all_or_none(rows, 1, [&](size_t) { return result(std::move(losses)); });
    *gradient = result(std::move(slopes));
  });
}

int32_t cross_entropy_rows(decant_tensor* logits, decant_tensor* labels, decant_tensor* factors, int64_t ignored, double smoothing, decant_value* rows, decant_value* gradient) {
  return guarded([&] {
    follow_threads();
    at::NoGradGuard no_grad;
    auto s = rows_of_logits(logits, "the");
    auto count = s.size(0), classes = s.size(1);
    auto y = borrow(labels).detach();
    TORCH_CHECK(y.dim() == 1 && y.size(0) == count && y.scalar_type() == at::kLong && y.device().is_cpu(), "there is an int64 label for each of ", count, " rows, came ", y.scalar_type(), " ", y.sizes());
    y = y.contiguous();
    auto* label = y.data_ptr<int64_t>();
    for (int64_t row = 0; row < count; row++)
      TORCH_CHECK_INDEX(label[row] == ignored || (label[row] >= 0 && label[row] < classes), "label ", label[row], " of row ", row, " is out of bounds: there are ", classes, " classes");
    auto by_row = factors_of_rows(factors, count);
    auto losses = at::zeros({count}, s.options()), slopes = at::empty_like(s);
    auto *from = s.data_ptr<float>(), *to = slopes.data_ptr<float>(), *sums = losses.data_ptr<float>();
    auto* factor = by_row.defined() ? by_row.data_ptr<float>() : nullptr;
    at::parallel_for(0, count, grain(classes), [&](int64_t begin, int64_t end) {
      for (auto row = begin; row < end; row++) {
        auto at = row * classes;
        auto by = factor ? factor[row] : 1.f;
        if (label[row] == ignored) std::fill(to + at, to + at + classes, 0.f);
        else sums[row] = static_cast<float>(cross_entropy(from + at, to + at, classes, label[row], smoothing, by)) * by;
      }
    });
    all_or_none(rows, 1, [&](size_t) { return result(std::move(losses)); });
    *gradient = result(std::move(slopes));
  });
}

}  // namespace decant
