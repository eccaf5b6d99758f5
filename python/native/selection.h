// Which columns of a NumPy matrix say something about a target.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <string>
#include <vector>

namespace meterhound::python {

using Matrix = nanobind::ndarray<const double, nanobind::ndim<2>, nanobind::c_contig, nanobind::device::cpu>;
using Vector = nanobind::ndarray<const double, nanobind::ndim<1>, nanobind::c_contig, nanobind::device::cpu>;

/// For each column (type, p_value, relevant); see features::RelevanceTable.
/// @param matrix rows x columns. @param target one number a row.
nanobind::list RelevanceOf(const Matrix& matrix, const std::vector<std::string>& names, const Vector& target,
                           bool classification, double fdr_level, bool independent, bool kolmogorov_smirnov,
                           std::size_t threads, nanobind::object report);

}  // namespace meterhound::python
