// Calls an operator by name: arguments are shaped by its schema, what the caller left out is filled from its defaults.
#include "dispatch.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>
#include <ATen/core/stack.h>

#include <memory>
#include <sstream>
#include <utility>
#include <vector>

#include "guard.h"
#include "runtime.h"
#include "tensors.h"

namespace {

using c10::TypeKind;

struct Parameter {
  TypeKind kind;     // of the value, without its optional
  TypeKind element;  // of a list's element, without its optional
  bool optional;
  bool optional_element;
  c10::IValue otherwise;
  bool has_default;
};

// Arguments have a second, "real" type (SymInt, ScalarType, Layout …); type() is the plain one that values are passed as, in 1.13 as in 2.x.
c10::TypePtr strip(const c10::TypePtr& type) {
  if (type->kind() != TypeKind::OptionalType) return type;
  return type->expectRef<c10::OptionalType>().getElementType();
}

Parameter parameter(const c10::Argument& argument) {
  auto type = strip(argument.type());
  auto optional = argument.type()->kind() == TypeKind::OptionalType;
  Parameter p{type->kind(), type->kind(), optional, false, c10::IValue(), optional};
  if (type->kind() == TypeKind::ListType) {
    auto element = type->expectRef<c10::ListType>().getElementType();
    p.optional_element = element->kind() == TypeKind::OptionalType;
    p.element = strip(element)->kind();
  }
  if (argument.default_value().has_value()) {
    p.otherwise = *argument.default_value();
    p.has_default = true;
  }
  return p;
}

bool is_int(TypeKind kind) { return kind == TypeKind::IntType || kind == TypeKind::SymIntType; }

// Whether a value can become what the parameter takes. libtorch would find out too, but by internal assertions that name nothing.
bool fits(const decant_value& value, const Parameter& p) {
  auto number = p.kind == TypeKind::NumberType || p.kind == TypeKind::AnyType;
  auto list = p.kind == TypeKind::ListType;
  switch (value.tag) {
    case DECANT_NONE: return p.optional;
    case DECANT_DEFAULT: return p.has_default;
    case DECANT_TENSOR: return p.kind == TypeKind::TensorType;
    case DECANT_INT:
      return number || is_int(p.kind) || p.kind == TypeKind::FloatType || p.kind == TypeKind::BoolType ||
             (list && (is_int(p.element) || p.element == TypeKind::FloatType));
    case DECANT_DOUBLE: return number || p.kind == TypeKind::FloatType;
    case DECANT_BOOL: return number || is_int(p.kind) || p.kind == TypeKind::BoolType;
    case DECANT_STRING: return p.kind == TypeKind::StringType;
    case DECANT_DEVICE: return p.kind == TypeKind::DeviceObjType;
    case DECANT_INT_LIST: return list && (is_int(p.element) || p.element == TypeKind::FloatType);
    case DECANT_DOUBLE_LIST: return list && p.element == TypeKind::FloatType;
    case DECANT_BOOL_LIST: return list && p.element == TypeKind::BoolType;
    case DECANT_TENSOR_LIST: return list && p.element == TypeKind::TensorType;
    case DECANT_GENERATOR: return p.kind == TypeKind::GeneratorType;
    default: return false;
  }
}

const char* tag_name(int64_t tag) {
  static const char* const names[] = {
      "nothing", "a tensor", "an integer", "a real number", "a truth value", "a text", "a device", "a list of integers",
      "a list of real numbers", "a list of truth values", "a list of tensors", "a generator", "the default"};
  return tag >= 0 && tag <= DECANT_DEFAULT ? names[tag] : "a value of unknown kind";
}

}  // namespace

struct decant_operator {
  c10::OperatorHandle handle;
  std::vector<Parameter> parameters;
};

namespace {

// The list type is named through IValue: its optional is c10's in 1.13 and the standard library's in later versions.
using OptionalTensors = decltype(std::declval<const c10::IValue&>().toOptionalTensorList());

c10::IValue tensor_list(const decant_value& value, bool optional_element) {
  auto handles = static_cast<decant_tensor* const*>(value.pointer);
  if (optional_element) {
    OptionalTensors list;
    list.reserve(value.length);
    for (int64_t i = 0; i < value.length; i++)
      list.push_back(handles[i] ? OptionalTensors::value_type(decant::borrow(handles[i])) : OptionalTensors::value_type());
    return list;
  }
  c10::List<at::Tensor> list;
  list.reserve(value.length);
  for (int64_t i = 0; i < value.length; i++) list.push_back(decant::borrow(handles[i]));
  return list;
}

template <typename Stored, typename Given>
c10::IValue list_of(const void* items, int64_t length) {
  c10::List<Stored> list;
  list.reserve(length);
  for (int64_t i = 0; i < length; i++) list.push_back(static_cast<Stored>(static_cast<const Given*>(items)[i]));
  return list;
}

c10::IValue integers(const void* items, int64_t length, TypeKind element) {
  return element == TypeKind::FloatType ? list_of<double, int64_t>(items, length) : list_of<int64_t, int64_t>(items, length);
}

c10::IValue integer(const decant_value& value, const Parameter& p) {
  if (p.kind == TypeKind::ListType) return integers(&value.integer, 1, p.element);
  if (p.kind == TypeKind::FloatType) return static_cast<double>(value.integer);
  if (p.kind == TypeKind::BoolType) return value.integer != 0;
  return value.integer;
}

c10::IValue generator(const decant_value& value) {
  auto impl = reinterpret_cast<c10::GeneratorImpl*>(const_cast<void*>(value.pointer));
  return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(impl));
}

c10::IValue to_ivalue(const decant_value& value, const Parameter& p) {
  switch (value.tag) {
    case DECANT_DEFAULT: return p.otherwise;
    case DECANT_TENSOR: return decant::borrow(static_cast<decant_tensor*>(const_cast<void*>(value.pointer)));
    case DECANT_INT: return integer(value, p);
    case DECANT_DOUBLE: return value.real;
    case DECANT_BOOL: return is_int(p.kind) ? c10::IValue(value.integer) : c10::IValue(value.integer != 0);
    case DECANT_STRING: return std::string(static_cast<const char*>(value.pointer), value.length);
    case DECANT_DEVICE: return c10::Device(static_cast<c10::DeviceType>(value.integer), static_cast<c10::DeviceIndex>(value.length));
    case DECANT_INT_LIST: return integers(value.pointer, value.length, p.element);
    case DECANT_DOUBLE_LIST: return list_of<double, double>(value.pointer, value.length);
    case DECANT_BOOL_LIST: return list_of<bool, uint8_t>(value.pointer, value.length);
    case DECANT_TENSOR_LIST: return tensor_list(value, p.optional_element);
    case DECANT_GENERATOR: return generator(value);
    default: return c10::IValue();
  }
}

c10::IValue argument(const decant_operator& op, size_t position, const decant_value* given) {
  const auto& p = op.parameters[position];
  const auto& described = op.handle.schema().arguments()[position];
  if (!given) {
    TORCH_CHECK(p.has_default, "argument '", described.name(), "' is missing and has no default: ", op.handle.schema());
    return p.otherwise;
  }
  TORCH_CHECK(fits(*given, p), "argument '", described.name(), "' takes ", described.type()->repr_str(), ", ", tag_name(given->tag),
              " came: ", op.handle.schema());
  return to_ivalue(*given, p);
}

decant_value tensor_list_result(const c10::IValue& value) {
  auto tensors = value.toTensorVector();
  std::unique_ptr<decant_value[]> list(new decant_value[tensors.size()]);
  decant::all_or_none(list.get(), tensors.size(), [&](size_t i) { return decant::result(std::move(tensors[i])); });
  decant_value out{};
  out.tag = DECANT_TENSOR_LIST;
  out.length = static_cast<int64_t>(tensors.size());
  out.pointer = list.release();
  return out;
}

decant_value to_result(c10::IValue&& value) {
  decant_value out{};
  if (value.isTensor()) return decant::result(std::move(value).toTensor());
  if (value.isTensorList()) return tensor_list_result(value);
  if (value.isInt()) { out.tag = DECANT_INT; out.integer = value.toInt(); return out; }
  if (value.isDouble()) { out.tag = DECANT_DOUBLE; out.real = value.toDouble(); return out; }
  if (value.isBool()) { out.tag = DECANT_BOOL; out.integer = value.toBool(); return out; }
  TORCH_CHECK(value.isNone(), "a result of type ", value.tagKind(), " has no counterpart here");
  return out;
}

}  // namespace

namespace decant {

int32_t find_operator(const char* name, const char* overload, decant_operator** out) {
  return guarded([&] {
    auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
    std::vector<Parameter> parameters;
    for (const auto& argument : handle.schema().arguments()) parameters.push_back(parameter(argument));
    *out = new decant_operator{handle, std::move(parameters)};
  });
}

int32_t operator_schema(decant_operator* op, char* text, int64_t capacity) {
  return guarded([&] {
    std::ostringstream stream;
    stream << op->handle.schema();
    put_text(stream.str(), text, capacity);
  });
}

int32_t call(decant_operator* op, const decant_value* arguments, int64_t count, decant_value* results, int64_t capacity, int64_t* written) {
  return guarded([&] {
    const auto& schema = op->handle.schema();
    auto expected = static_cast<int64_t>(op->parameters.size());
    auto returned = static_cast<int64_t>(schema.returns().size());
    TORCH_CHECK(count <= expected, "takes ", expected, " arguments, ", count, " came: ", schema);
    TORCH_CHECK(returned <= capacity, "gives ", returned, " results, room for ", capacity, ": ", schema);  // before anything is done in place
    torch::jit::Stack stack;
    stack.reserve(expected);
    for (int64_t i = 0; i < expected; i++) stack.push_back(argument(*op, i, i < count ? arguments + i : nullptr));
    follow_threads();
    op->handle.callBoxed(&stack);
    all_or_none(results, stack.size(), [&](size_t i) { return to_result(std::move(stack[i])); });
    *written = static_cast<int64_t>(stack.size());
  });
}

void free_list(const void* list) { delete[] static_cast<const decant_value*>(list); }

void discard(const decant_value& value) noexcept {
  if (value.tag == DECANT_TENSOR) tensor_release(static_cast<decant_tensor*>(const_cast<void*>(value.pointer)));
  if (value.tag != DECANT_TENSOR_LIST) return;
  auto items = static_cast<const decant_value*>(value.pointer);
  for (int64_t i = 0; i < value.length; i++) discard(items[i]);
  free_list(items);
}

}  // namespace decant
