// The parts of Asio that are compiled once for the whole room instead of in every file that names them.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>

namespace meterhound::http {}
