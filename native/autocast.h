#pragma once
#include "decant.h"

namespace decant {

int32_t autocast(int32_t device_type, int32_t dtype);

}  // namespace decant
