// The bridge between Decant and libtorch: a C ABI that calls any operator by name.
//
// One function is exported, decant_bridge(abi); it returns a table. Every entry that can fail returns 0 on success
// and another number after an error; last_error() then gives its text on the same thread. No C++ exception leaves.
// After an error the caller owns nothing of what the call would have given. Every entry may be called from any thread;
// a handle may be used by several threads at once, but not released while one of them still uses it.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DECANT_ABI 1

typedef struct decant_tensor decant_tensor;        // one owned reference to a tensor
typedef struct decant_operator decant_operator;    // lives as long as the process
typedef struct decant_generator decant_generator;  // one owned reference to a random generator

typedef enum decant_tag {
  DECANT_NONE = 0,
  DECANT_TENSOR = 1,       // pointer: decant_tensor*; as a result, length holds the bytes of its elements
  DECANT_INT = 2,          // integer
  DECANT_DOUBLE = 3,       // real
  DECANT_BOOL = 4,         // integer, 0 or 1
  DECANT_STRING = 5,       // pointer: UTF-8, length bytes
  DECANT_DEVICE = 6,       // integer: c10::DeviceType, length: index or -1
  DECANT_INT_LIST = 7,     // pointer: int64_t[length]
  DECANT_DOUBLE_LIST = 8,  // pointer: double[length]
  DECANT_BOOL_LIST = 9,    // pointer: uint8_t[length]
  DECANT_TENSOR_LIST = 10, // pointer: decant_tensor*[length]; null where an optional element is absent. As a result: free_list
  DECANT_GENERATOR = 11,   // pointer: decant_generator*
  DECANT_DEFAULT = 12      // what the operator's schema says
} decant_tag;

typedef struct decant_value {
  int64_t tag;
  int64_t length;
  union {
    int64_t integer;
    double real;
    const void* pointer;
  };
} decant_value;

typedef struct decant_tensor_info {
  int32_t dtype;         // c10::ScalarType
  int32_t device_type;   // c10::DeviceType
  int32_t device_index;  // -1 where the device has none
  int32_t dimensions;
  int64_t elements;
  int64_t element_size;
  int32_t requires_grad;
  int32_t contiguous;
  int32_t leaf;
  int32_t reserved;
  void* data;            // first element, on the tensor's device
} decant_tensor_info;

typedef void (*decant_release)(void* context);

// The gradients of as many inputs as there are results, each a tensor or none, which the callee hands over; from the one that flows into the output, which is handed over to it.
// 0 on success; else text, of at most capacity bytes with its ending 0, says what went wrong, and nothing is handed over.
typedef int32_t (*decant_recompute)(void* context, const decant_value* gradient, decant_value* results, int64_t count, char* text, int64_t capacity);

typedef struct decant_api {
  uint32_t abi;
  uint32_t size;  // sizeof(decant_api) of the library: entries are only ever appended

  const char* (*last_error)(void);
  const char* (*torch_version)(void);
  int32_t (*describe_runtime)(char* text, int64_t capacity);  // build configuration and the BLAS that was loaded

  int32_t (*find_operator)(const char* name, const char* overload, decant_operator** out);
  int32_t (*operator_schema)(decant_operator* op, char* text, int64_t capacity);
  int32_t (*call)(decant_operator* op, const decant_value* arguments, int64_t count, decant_value* results, int64_t capacity, int64_t* written);
  void (*free_list)(const void* list);

  void (*tensor_release)(decant_tensor* tensor);
  int32_t (*tensor_describe)(decant_tensor* tensor, decant_tensor_info* out);
  int32_t (*tensor_sizes)(decant_tensor* tensor, int64_t* sizes, int64_t* strides, int64_t capacity);
  // The tensor's storage calls release(context) once, on the thread that releases it; after an error it is never called.
  int32_t (*tensor_view)(void* data, const int64_t* sizes, int64_t dimensions, int32_t dtype, decant_release release, void* context, decant_tensor** out);

  int32_t (*set_requires_grad)(decant_tensor* tensor, int32_t value);
  int32_t (*get_grad)(decant_tensor* tensor, decant_value* out);
  int32_t (*set_grad)(decant_tensor* tensor, decant_tensor* grad);
  int32_t (*backward)(decant_tensor** tensors, decant_tensor** grads, int64_t count, int32_t retain_graph, int32_t create_graph);
  int32_t (*grad)(decant_tensor** outputs, decant_tensor** grads, int64_t outputs_count, decant_tensor** inputs, int64_t inputs_count,
                  int32_t retain_graph, int32_t create_graph, int32_t allow_unused, decant_value* results);
  int32_t (*grad_enabled)(void);
  void (*set_grad_enabled)(int32_t value);

  int32_t (*generator_default)(int32_t device_type, int32_t device_index, decant_generator** out);
  int32_t (*generator_new)(uint64_t seed, decant_generator** out);
  void (*generator_release)(decant_generator* generator);
  int32_t (*generator_seed)(decant_generator* generator, uint64_t seed);
  int32_t (*generator_get_state)(decant_generator* generator, decant_value* out);
  int32_t (*generator_set_state)(decant_generator* generator, decant_tensor* state);

  int32_t (*set_threads)(int32_t threads);  // of one operator, and of the BLAS under it; holds for every calling thread
  int32_t (*get_threads)(void);
  int32_t (*cuda_devices)(void);
  // A copy of value with the given gradients for the inputs, times the one that flows into it; shapes as the inputs', value of one element.
  int32_t (*given_gradients)(decant_tensor* value, decant_tensor** inputs, decant_tensor** gradients, int64_t count, decant_value* out);
  int32_t (*set_own_threads)(int32_t threads);  // of operators on the calling thread alone; 0: as set_threads says. BLAS with a pool of its own has one count only
  // From here on, on the calling thread, operators that libtorch lists for it (matrix products, convolutions) compute in dtype on that kind of device; -1: none does.
  // Cached casts are dropped in either case.
  int32_t (*autocast)(int32_t device_type, int32_t dtype);

  // Losses of every row of logits [R, C], float32 on the processor, and the gradient [R, C] of their sum, both times the row's factor [R] (null: 1):
  // KL divergence of softmax(teacher / temperature) from softmax(student / temperature), its gradient (q - p) times slope;
  int32_t (*divergence_rows)(decant_tensor* student, decant_tensor* teacher, decant_tensor* factors, int32_t reverse, double temperature, double slope, decant_value* rows, decant_value* gradient);
  // cross-entropy with int64 labels [R], 0 for those that are ignored.
  int32_t (*cross_entropy_rows)(decant_tensor* logits, decant_tensor* labels, decant_tensor* factors, int64_t ignored, double smoothing, decant_value* rows, decant_value* gradient);

  // relu(batch norm(input) + around) of [B, C, ...] in training, recorded by autograd; around may be null. Updates mean and variance [C].
  int32_t (*batch_norm_relu)(decant_tensor* input, decant_tensor* around, decant_tensor* weight, decant_tensor* bias, decant_tensor* mean, decant_tensor* variance, double momentum,
                             double epsilon, decant_value* out);

  // The output as a part of the graph of the inputs, whose backward pass calls compute, once, on the thread that passes through there. The graph calls release(context) once, when it
  // no longer needs it; after an error it is never called.
  int32_t (*recomputed)(decant_tensor* output, decant_tensor** inputs, int64_t count, decant_recompute compute, decant_release release, void* context, decant_value* out);
} decant_api;

__attribute__((visibility("default"))) const decant_api* decant_bridge(uint32_t abi);

#ifdef __cplusplus
}

static_assert(sizeof(decant_value) == 24, "the managed mirror of decant_value has 24 bytes");
static_assert(sizeof(decant_tensor_info) == 56, "the managed mirror of decant_tensor_info has 56 bytes");
#endif
