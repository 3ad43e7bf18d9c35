#pragma once
#include "decant.h"

namespace decant {
int32_t find_operator(const char* name, const char* overload, decant_operator** out);
int32_t operator_schema(decant_operator* op, char* text, int64_t capacity);
int32_t call(decant_operator* op, const decant_value* arguments, int64_t count, decant_value* results, int64_t capacity, int64_t* written);
void free_list(const void* list);
}  // namespace decant
