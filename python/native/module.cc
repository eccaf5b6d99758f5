// meterhound._native: what the Python package calls.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "base/thread_pool.h"
#include "base/version.h"
#include "extraction.h"
#include "selection.h"

namespace nb = nanobind;
using namespace nb::literals;  // NOLINT(google-build-using-namespace)

NB_MODULE(_native, module) {  // NOLINT(readability-identifier-naming)
  using meterhound::python::NativeExtractor;
  module.attr("__version__") = meterhound::kVersion;
  nb::class_<NativeExtractor>(module, "Extractor")
      .def(nb::init<nb::handle, const std::vector<std::string>&, const std::optional<std::string>&>(), "settings"_a,
           "kinds"_a, "clean"_a = nb::none())
      .def_prop_ro("columns", &NativeExtractor::Columns)
      .def_prop_ro("origins", &NativeExtractor::Origins)
      .def("extract", &NativeExtractor::Extract, "series"_a, "threads"_a = 0, "report"_a = nb::none());
  module.def("catalogue", &meterhound::python::Catalogue);
  module.def("cadence_of", &meterhound::python::CadenceOf, "times"_a);
  module.def("available_cores", &meterhound::AvailableCores);
  module.def("relevance", &meterhound::python::RelevanceOf, "matrix"_a, "names"_a, "target"_a, "classification"_a,
             "fdr_level"_a, "independent"_a, "kolmogorov_smirnov"_a, "threads"_a = 0, "report"_a = nb::none());
}
