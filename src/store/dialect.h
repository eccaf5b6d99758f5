// Dialect: the few words in which SQLite's and PostgreSQL's SQL differ, so that every statement is written once.
#pragma once

#include <string>
#include <string_view>

#include "store/database.h"

namespace meterhound::store {

/// Replaces outside quotes: `?` by `$1`, `$2`... (PostgreSQL), and words in braces:
///   {BLOB} BLOB | BYTEA
///   {SERIAL} a whole number that is filled in, growing | the same
///   {BINARY} how text is compared: by bytes in both
///   {FIND} name of the function that finds one text in another: instr | strpos
///   {SKIP LOCKED} nothing | FOR UPDATE SKIP LOCKED
///   {FOR UPDATE} nothing | FOR UPDATE
/// An unknown word throws: it is a mistake of this program.
std::string ToDialect(std::string_view sql, Backend backend);

}  // namespace meterhound::store
