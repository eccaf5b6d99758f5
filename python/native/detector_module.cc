// meterhound._detector: the detector, apart from the features because it needs more of the program.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "detector.h"

namespace nb = nanobind;
using namespace nb::literals;  // NOLINT(google-build-using-namespace)

NB_MODULE(_detector, module) {  // NOLINT(readability-identifier-naming)
  using meterhound::python::NativeDetector;
  nb::class_<NativeDetector>(module, "Detector")
      .def(nb::init<const std::string&>(), "path"_a)
      .def_prop_ro("manifest", &NativeDetector::Manifest)
      .def_prop_ro("fingerprint", &NativeDetector::Fingerprint)
      .def_prop_ro("novelty_share", &NativeDetector::NoveltyShare)
      .def("score", &NativeDetector::Score, "source"_a, "threads"_a = 0, "report"_a = nb::none(),
           "settings"_a = nb::none())
      .def("explain", &NativeDetector::Explain, "source"_a, "settings"_a, "ids"_a, "top"_a, "threads"_a = 0,
           "report"_a = nb::none());
  module.def("train", &meterhound::python::Train, "source"_a, "settings"_a, "path"_a, "threads"_a = 0,
             "report"_a = nb::none());
}
