// Batch norm in training with the sum and the ReLU after it, for images with channels side by side in memory (channels last): two passes over the image forward and two backward, where
// libtorch's operators make eight. Everything else is composed of libtorch's operators.
#include "norms.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "guard.h"
#include "runtime.h"
#include "vectors.h"

namespace {

// Pixels are added up in float32 a few at a time, and those sums in float64, part by part: the same parts for every number of threads.
constexpr int64_t kParts = 64, kFew = 64;

struct Sums {
  std::vector<double> first, second;  // [parts, channels], then [channels]
};

// Σ (x − x₀) and Σ (x − x₀)² of some pixels, x₀ the first pixel of all: so that a mean far from 0 costs no digits.
DECANT_WIDEST void add_moments(const float* x, const float* origin, int64_t begin, int64_t end, int64_t channels, float* few, double* first, double* second) {
  for (auto from = begin; from < end; from += kFew) {
    std::fill(few, few + 2 * channels, 0.f);
    for (auto pixel = from; pixel < std::min(end, from + kFew); pixel++) {
      auto* values = x + pixel * channels;
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) {
        auto value = values[c] - origin[c];
        few[c] += value;
        few[channels + c] += value * value;
      }
    }
    for (int64_t c = 0; c < channels; c++) {
      first[c] += few[c];
      second[c] += few[channels + c];
    }
  }
}

DECANT_WIDEST void normalise(const float* x, const float* around, float* y, int64_t begin, int64_t end, int64_t channels, const float* factor, const float* shift) {
  for (auto pixel = begin; pixel < end; pixel++) {
    auto *from = x + pixel * channels, *to_add = around ? around + pixel * channels : nullptr;
    auto* to = y + pixel * channels;
    if (to_add) {
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) {
        auto value = from[c] * factor[c] + shift[c] + to_add[c];
        to[c] = value < 0.f ? 0.f : value;  // NaN stays
      }
    } else {
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) {
        auto value = from[c] * factor[c] + shift[c];
        to[c] = value < 0.f ? 0.f : value;
      }
    }
  }
}

// Σ g and Σ g·(x − mean), g the gradient where the answer is above 0; g itself where it is needed.
DECANT_WIDEST void add_gradients(const float* slope, const float* y, const float* x, const float* mean, float* passed, int64_t begin, int64_t end, int64_t channels, float* few,
                                 double* first, double* second) {
  for (auto from = begin; from < end; from += kFew) {
    std::fill(few, few + 2 * channels, 0.f);
    for (auto pixel = from; pixel < std::min(end, from + kFew); pixel++) {
      auto at = pixel * channels;
      auto *of = slope + at, *above = y + at, *values = x + at;
      if (passed) {
        auto* to = passed + at;
#pragma omp simd
        for (int64_t c = 0; c < channels; c++) to[c] = above[c] > 0.f ? of[c] : 0.f;
      }
#pragma omp simd
      for (int64_t c = 0; c < channels; c++) {
        auto g = above[c] > 0.f ? of[c] : 0.f;
        few[c] += g;
        few[channels + c] += g * (values[c] - mean[c]);
      }
    }
    for (int64_t c = 0; c < channels; c++) {
      first[c] += few[c];
      second[c] += few[channels + c];
    }
  }
}

// factor·(g − Σg ÷ M − (x − mean)·slopes).
DECANT_WIDEST void differentiate(const float* slope, const float* y, const float* x, float* out, int64_t begin, int64_t end, int64_t channels, const float* factor, const float* mean,
                                 const float* mean_of_g, const float* slopes) {
  for (auto pixel = begin; pixel < end; pixel++) {
    auto at = pixel * channels;
    auto *of = slope + at, *above = y + at, *values = x + at;
    auto* to = out + at;
#pragma omp simd
    for (int64_t c = 0; c < channels; c++) {
      auto g = above[c] > 0.f ? of[c] : 0.f;
      to[c] = factor[c] * (g - mean_of_g[c] - (values[c] - mean[c]) * slopes[c]);
    }
  }
}

template <typename Add>
Sums summed(int64_t pixels, int64_t channels, const Add& add) {
  Sums parts{std::vector<double>(kParts * channels), std::vector<double>(kParts * channels)};
  auto size = (pixels + kParts - 1) / kParts;
  at::parallel_for(0, kParts, 1, [&](int64_t begin, int64_t end) {
    std::vector<float> few(2 * channels);
    for (auto part = begin; part < end; part++)
      add(std::min(pixels, part * size), std::min(pixels, (part + 1) * size), few.data(), parts.first.data() + part * channels, parts.second.data() + part * channels);
  });
  Sums all{std::vector<double>(channels), std::vector<double>(channels)};
  for (int64_t part = 0; part < kParts; part++)
    for (int64_t c = 0; c < channels; c++) {
      all.first[c] += parts.first[part * channels + c];
      all.second[c] += parts.second[part * channels + c];
    }
  return all;
}

int64_t grain(int64_t channels) { return std::max<int64_t>(1, (int64_t{1} << 15) / channels); }

bool is_served(const at::Tensor& tensor) {
  return tensor.dim() == 4 && tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat && tensor.numel() > tensor.size(1) && tensor.is_contiguous(at::MemoryFormat::ChannelsLast);
}

bool is_plain(const at::Tensor& tensor, int64_t channels) {
  return tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat && tensor.dim() == 1 && tensor.size(0) == channels && tensor.is_contiguous();
}

struct NormRelu : torch::autograd::Function<NormRelu> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const c10::optional<at::Tensor>& around,
                            at::Tensor running_mean, at::Tensor running_variance, double momentum, double epsilon) {
    auto channels = x.size(1), pixels = x.numel() / channels;
    auto* values = x.data_ptr<float>();
    auto sums = summed(pixels, channels, [&](int64_t begin, int64_t end, float* few, double* first, double* second) {
      add_moments(values, values, begin, end, channels, few, first, second);
    });
    auto factor = at::empty({channels}, weight.options()), mean = at::empty({channels}, weight.options()), inverse = at::empty({channels}, weight.options());
    std::vector<float> shift(channels);
    auto *to_factor = factor.data_ptr<float>(), *to_mean = mean.data_ptr<float>(), *to_inverse = inverse.data_ptr<float>();
    auto *w = weight.data_ptr<float>(), *b = bias.data_ptr<float>(), *running_m = running_mean.data_ptr<float>(), *running_v = running_variance.data_ptr<float>();
    for (int64_t c = 0; c < channels; c++) {
      auto above = sums.first[c] / pixels, m = values[c] + above, v = std::max(0.0, sums.second[c] / pixels - above * above);
      if (std::isnan(sums.second[c])) v = sums.second[c];
      auto by = 1 / std::sqrt(v + epsilon);
      to_mean[c] = static_cast<float>(m);
      to_inverse[c] = static_cast<float>(by);
      to_factor[c] = static_cast<float>(w[c] * by);
      shift[c] = static_cast<float>(b[c] - m * w[c] * by);
      running_m[c] = static_cast<float>((1 - momentum) * running_m[c] + momentum * m);
      running_v[c] = static_cast<float>((1 - momentum) * running_v[c] + momentum * v * pixels / (pixels - 1.0));
    }
    auto y = at::empty_like(x);
    auto* to = y.data_ptr<float>();
    auto* add = around ? around->data_ptr<float>() : nullptr;
    at::parallel_for(0, pixels, grain(channels), [&](int64_t begin, int64_t end) { normalise(values, add, to, begin, end, channels, to_factor, shift.data()); });
    context->save_for_backward({x, y, factor, mean, inverse});
    context->saved_data["around"] = around.has_value();
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context, torch::autograd::variable_list flowing) {
    auto saved = context->get_saved_variables();
    auto &x = saved[0], &y = saved[1], &factor = saved[2], &mean = saved[3], &inverse = saved[4];
    auto channels = x.size(1), pixels = x.numel() / channels;
    auto g = flowing[0].contiguous(at::MemoryFormat::ChannelsLast);
    auto passed = context->saved_data["around"].toBool() ? at::empty_like(x) : at::Tensor();
    auto *of = g.data_ptr<float>(), *above = y.data_ptr<float>(), *values = x.data_ptr<float>(), *means = mean.data_ptr<float>(), *factors = factor.data_ptr<float>();
    auto* by = inverse.data_ptr<float>();
    auto* to_around = passed.defined() ? passed.data_ptr<float>() : nullptr;
    auto sums = summed(pixels, channels, [&](int64_t begin, int64_t end, float* few, double* first, double* second) {
      add_gradients(of, above, values, means, to_around, begin, end, channels, few, first, second);
    });
    auto of_weight = at::empty({channels}, factor.options()), of_bias = at::empty({channels}, factor.options()), of_x = at::empty_like(x);
    auto *to_weight = of_weight.data_ptr<float>(), *to_bias = of_bias.data_ptr<float>(), *to = of_x.data_ptr<float>();
    std::vector<float> mean_of_g(channels), slopes(channels);
    for (int64_t c = 0; c < channels; c++) {
      to_weight[c] = static_cast<float>(sums.second[c] * by[c]);
      to_bias[c] = static_cast<float>(sums.first[c]);
      mean_of_g[c] = static_cast<float>(sums.first[c] / pixels);
      slopes[c] = static_cast<float>(sums.second[c] * by[c] * by[c] / pixels);
    }
    at::parallel_for(0, pixels, grain(channels), [&](int64_t begin, int64_t end) {
      differentiate(of, above, values, to, begin, end, channels, factors, means, mean_of_g.data(), slopes.data());
    });
    return {of_x, of_weight, of_bias, passed, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

namespace decant {

int32_t batch_norm_relu(decant_tensor* input, decant_tensor* around, decant_tensor* weight, decant_tensor* bias, decant_tensor* mean, decant_tensor* variance, double momentum,
                        double epsilon, decant_value* out) {
  return guarded([&] {
    follow_threads();
    auto x = borrow(input), w = borrow(weight), b = borrow(bias), m = borrow(mean), v = borrow(variance);
    c10::optional<at::Tensor> plus;
    if (around) plus = borrow(around);
    auto channels = x.dim() > 1 ? x.size(1) : 0;
    auto served = is_served(x) && is_plain(w, channels) && is_plain(b, channels) && is_plain(m, channels) && is_plain(v, channels);
    if (served && plus) {
      served = plus->sizes() == x.sizes() && plus->scalar_type() == at::kFloat && plus->device().is_cpu();
      if (served) plus = plus->contiguous(at::MemoryFormat::ChannelsLast);
    }
    if (served) {
      *out = result(NormRelu::apply(x, w, b, plus, m, v, momentum, epsilon));
      return;
    }
    auto normed = at::batch_norm(x, w, b, m, v, true, momentum, epsilon, false);
    *out = result(at::relu(plus ? normed + *plus : normed));
  });
}

}  // namespace decant
