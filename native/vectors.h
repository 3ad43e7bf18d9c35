// One body of a loop for each width of the processor's registers; the loader takes the widest that it has.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define DECANT_WIDEST __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DECANT_WIDEST
#endif
