// Plain recursion: settings are a few levels deep.
#include "conversion.h"

#include <nanobind/stl/string.h>

#include <string>

namespace meterhound::python {
namespace nb = nanobind;
namespace {

Json NumberToJson(nb::handle value) {
  if (PyFloat_Check(value.ptr())) return nb::cast<double>(value);
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(value.ptr(), &overflow);
  if (overflow != 0) return nb::cast<double>(nb::float_(value));
  return static_cast<std::int64_t>(number);
}

Json SequenceToJson(nb::handle value) {
  Json json = Json::array();
  for (const nb::handle item : value) json.push_back(ToJson(item));
  return json;
}

Json DictToJson(nb::handle value) {
  Json json = Json::object();
  for (const auto [key, item] : nb::borrow<nb::dict>(value)) {
    if (!PyUnicode_Check(key.ptr())) throw nb::type_error("settings: expected texts as keys");
    json[nb::cast<std::string>(key)] = ToJson(item);
  }
  return json;
}

PyObject* ExceptionOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidInput:
    case ErrorCode::kCorrupt:
      return PyExc_ValueError;
    case ErrorCode::kNotFound:
      return PyExc_FileNotFoundError;
    case ErrorCode::kUnsupported:
      return PyExc_NotImplementedError;
    case ErrorCode::kUnavailable:
      return PyExc_OSError;
    case ErrorCode::kCancelled:
      return PyExc_KeyboardInterrupt;
    case ErrorCode::kInternal:
      break;
  }
  return PyExc_RuntimeError;
}

}  // namespace

Json ToJson(nb::handle value) {
  PyObject* const object = value.ptr();
  if (value.is_none()) return nullptr;
  if (PyBool_Check(object)) return object == Py_True;
  if (PyLong_Check(object) || PyFloat_Check(object)) return NumberToJson(value);
  if (PyUnicode_Check(object)) return nb::cast<std::string>(value);
  if (PyList_Check(object) || PyTuple_Check(object)) return SequenceToJson(value);
  if (PyDict_Check(object)) return DictToJson(value);
  const std::string type = nb::cast<std::string>(nb::str(value.type().attr("__name__")));
  throw nb::type_error(
      ("settings: found a value of type " + type + ", expected None, a number, a text, a list or a dict").c_str());
}

nb::object FromJson(const Json& json) {
  if (json.is_null()) return nb::none();
  if (json.is_boolean()) return nb::bool_(json.get<bool>());
  if (json.is_number_integer()) return nb::int_(json.get<std::int64_t>());
  if (json.is_number()) return nb::float_(json.get<double>());
  if (json.is_string()) return nb::str(json.get_ref<const std::string&>().c_str());
  if (json.is_array()) {
    nb::list list;
    for (const Json& item : json) list.append(FromJson(item));
    return list;
  }
  nb::dict dict;
  for (const auto& [key, item] : json.items()) dict[nb::str(key.c_str())] = FromJson(item);
  return dict;
}

void Raise(const Error& error) {
  PyErr_SetString(ExceptionOf(error.code), error.ToString().c_str());
  throw nb::python_error();
}

}  // namespace meterhound::python
