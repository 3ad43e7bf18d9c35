#pragma once
#include "decant.h"

namespace decant {
const char* torch_version();
int32_t describe_runtime(char* text, int64_t capacity);
int32_t generator_default(int32_t device_type, int32_t device_index, decant_generator** out);
int32_t generator_new(uint64_t seed, decant_generator** out);
void generator_release(decant_generator* generator);
int32_t generator_seed(decant_generator* generator, uint64_t seed);
int32_t generator_get_state(decant_generator* generator, decant_value* out);
int32_t generator_set_state(decant_generator* generator, decant_tensor* state);
int32_t set_threads(int32_t threads);
int32_t set_own_threads(int32_t threads);
int32_t get_threads();
void follow_threads();  // OpenMP counts per thread: makes this one use what set_own_threads said here, or set_threads on whichever thread
int32_t cuda_devices();
void keep_freed_memory();
}  // namespace decant
