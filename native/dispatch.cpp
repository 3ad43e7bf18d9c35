// Calls an operator by name: arguments are shaped by its schema, what the caller left out is filled from its defaults.
#include "dispatch.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>
#include <ATen/core/stack.h>

#include <cstring>
#include <sstream>
#include <vector>

#include "guard.h"

namespace {

struct Parameter {
  c10::TypeKind kind;     // of the value, without its optional
  c10::TypeKind element;  // of a list's element, without its optional
  bool optional_element;
  c10::IValue otherwise;
  bool has_default;
};

c10::TypePtr strip(const c10::TypePtr& type) {
  if (type->kind() != c10::TypeKind::OptionalType) return type;
  return type->expectRef<c10::OptionalType>().getElementType();
}

Parameter parameter(const c10::Argument& argument) {
  auto type = strip(argument.type());
  Parameter p{type->kind(), type->kind(), false, c10::IValue(), false};
  if (type->kind() == c10::TypeKind::ListType) {
    auto element = type->expectRef<c10::ListType>().getElementType();
    p.optional_element = element->kind() == c10::TypeKind::OptionalType;
    p.element = strip(element)->kind();
  }
  if (argument.default_value().has_value()) {
    p.otherwise = *argument.default_value();
    p.has_default = true;
  } else if (argument.type()->kind() == c10::TypeKind::OptionalType) {
    p.has_default = true;  // None
  }
  return p;
}

}  // namespace

struct decant_operator {
  c10::OperatorHandle handle;
  std::vector<Parameter> parameters;
};

namespace {

c10::IValue tensor_list(const decant_value& value, bool optional_element) {
  auto handles = static_cast<decant_tensor* const*>(value.pointer);
  if (optional_element) {
    c10::List<c10::optional<at::Tensor>> list;
    list.reserve(value.length);
    for (int64_t i = 0; i < value.length; i++)
      list.push_back(handles[i] ? c10::optional<at::Tensor>(decant::borrow(handles[i])) : c10::optional<at::Tensor>());
    return list;
  }
  c10::List<at::Tensor> list;
  list.reserve(value.length);
  for (int64_t i = 0; i < value.length; i++) list.push_back(decant::borrow(handles[i]));
  return list;
}

template <typename Stored, typename Given>
c10::IValue list_of(const decant_value& value) {
  c10::List<Stored> list;
  list.reserve(value.length);
  auto items = static_cast<const Given*>(value.pointer);
  for (int64_t i = 0; i < value.length; i++) list.push_back(static_cast<Stored>(items[i]));
  return list;
}

c10::IValue integers(const decant_value& value, c10::TypeKind element) {
  return element == c10::TypeKind::FloatType ? list_of<double, int64_t>(value) : list_of<int64_t, int64_t>(value);
}

c10::IValue number(const decant_value& value, const Parameter& p) {
  if (p.kind == c10::TypeKind::ListType) return integers(decant_value{DECANT_INT_LIST, 1, {reinterpret_cast<int64_t>(&value.integer)}}, p.element);
  if (p.kind == c10::TypeKind::FloatType) return static_cast<double>(value.integer);
  if (p.kind == c10::TypeKind::BoolType) return value.integer != 0;
  return value.integer;
}

c10::IValue to_ivalue(const decant_value& value, const Parameter& p) {
  switch (value.tag) {
    case DECANT_NONE: return c10::IValue();
    case DECANT_DEFAULT: TORCH_CHECK(p.has_default, "this argument has no default"); return p.otherwise;
    case DECANT_TENSOR: return decant::borrow(static_cast<decant_tensor*>(const_cast<void*>(value.pointer)));
    case DECANT_INT: return number(value, p);
    case DECANT_DOUBLE: return value.real;
    case DECANT_BOOL: return p.kind == c10::TypeKind::IntType ? c10::IValue(value.integer) : c10::IValue(value.integer != 0);
    case DECANT_STRING: return std::string(static_cast<const char*>(value.pointer), value.length);
    case DECANT_DEVICE: return c10::Device(static_cast<c10::DeviceType>(value.integer), static_cast<c10::DeviceIndex>(value.length));
    case DECANT_INT_LIST: return integers(value, p.element);
    case DECANT_DOUBLE_LIST: return list_of<double, double>(value);
    case DECANT_BOOL_LIST: return list_of<bool, uint8_t>(value);
    case DECANT_TENSOR_LIST: return tensor_list(value, p.optional_element);
    case DECANT_GENERATOR: {
      auto impl = reinterpret_cast<c10::GeneratorImpl*>(const_cast<void*>(value.pointer));
      return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(impl));
    }
    default: TORCH_CHECK(false, "unknown argument tag ", value.tag);
  }
}

decant_value to_result(c10::IValue&& value) {
  decant_value out{};
  if (value.isTensor()) return decant::result(std::move(value).toTensor());
  if (value.isInt()) { out.tag = DECANT_INT; out.integer = value.toInt(); return out; }
  if (value.isDouble()) { out.tag = DECANT_DOUBLE; out.real = value.toDouble(); return out; }
  if (value.isBool()) { out.tag = DECANT_BOOL; out.integer = value.toBool(); return out; }
  if (value.isNone()) return out;
  if (value.isTensorList()) {
    auto tensors = value.toTensorVector();
    auto list = new decant_value[tensors.size()];
    for (size_t i = 0; i < tensors.size(); i++) list[i] = decant::result(std::move(tensors[i]));
    out.tag = DECANT_TENSOR_LIST;
    out.length = static_cast<int64_t>(tensors.size());
    out.pointer = list;
    return out;
  }
  TORCH_CHECK(false, "a result of type ", value.tagKind(), " has no counterpart here");
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
    std::strncpy(text, stream.str().c_str(), capacity - 1);
    text[capacity - 1] = 0;
  });
}

int32_t call(decant_operator* op, const decant_value* arguments, int64_t count, decant_value* results, int64_t capacity, int64_t* written) {
  return guarded([&] {
    const auto& parameters = op->parameters;
    TORCH_CHECK(count <= static_cast<int64_t>(parameters.size()), "takes ", parameters.size(), " arguments, ", count, " came: ", op->handle.schema());
    torch::jit::Stack stack;
    stack.reserve(parameters.size());
    for (size_t i = 0; i < parameters.size(); i++) {
      if (static_cast<int64_t>(i) < count) {
        stack.push_back(to_ivalue(arguments[i], parameters[i]));
      } else {
        TORCH_CHECK(parameters[i].has_default, "argument ", op->handle.schema().arguments()[i].name(), " is missing and has no default");
        stack.push_back(parameters[i].otherwise);
      }
    }
    op->handle.callBoxed(&stack);
    TORCH_CHECK(static_cast<int64_t>(stack.size()) <= capacity, "gives ", stack.size(), " results, room for ", capacity);
    *written = static_cast<int64_t>(stack.size());
    for (size_t i = 0; i < stack.size(); i++) results[i] = to_result(std::move(stack[i]));
  });
}

void free_list(const void* list) { delete[] static_cast<const decant_value*>(list); }

}  // namespace decant
