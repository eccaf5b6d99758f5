// SQLite is copied by itself; PostgreSQL's own tools know best how.
#include "store/backup.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "store/schema.h"

namespace meterhound::store {
namespace {

namespace fs = std::filesystem;

/// A PostgreSQL URL as its tools take it: the password apart, since everyone may read a command line.
struct Login {
  std::string rest;
  std::string password;
};

Result<Login> ParseLogin(const std::string& url) {
  char* message = nullptr;
  PQconninfoOption* const options = PQconninfoParse(url.c_str(), &message);
  if (options == nullptr) {
    const Error error = InvalidInput(message == nullptr ? "out of memory" : message, "store");
    PQfreemem(message);
    return error;
  }
  Login login;
  for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string keyword = option->keyword;
    if (keyword == "password") {
      login.password = option->val;
      continue;
    }
    login.rest += keyword + "='";
    for (const char* c = option->val; *c != 0; ++c) {
      if (*c == '\'' || *c == '\\') login.rest.push_back('\\');
      login.rest.push_back(*c);
    }
    login.rest += "' ";
  }
  PQconninfoFree(options);
  return login;
}

/// Runs a program of PostgreSQL's and waits; its messages go to standard error.
Status RunProgram(const std::vector<std::string>& words, const std::string& password) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) return Unavailable(std::strerror(errno), words[0]);
  if (child == 0) {
    if (!password.empty()) setenv("PGPASSWORD", password.c_str(), 1);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  int state = 0;
  while (waitpid(child, &state, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(state) && WEXITSTATUS(state) == 0) return {};
  if (WIFEXITED(state) && WEXITSTATUS(state) == 127) {
    return Unavailable("is not installed, and PostgreSQL's backups need it", words[0]);
  }
  return Unavailable("failed; see its messages above", words[0]);
}

Status SyncFile(const fs::path& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Unavailable(std::strerror(errno), path.string());
  const bool synced = fsync(file) == 0;
  close(file);
  return synced ? Status() : Status(Unavailable("cannot be written to disk", path.string()));
}

/// A file beside `path` that is removed unless it was renamed.
struct Aside {
  explicit Aside(const fs::path& path) : aside(path.string() + ".new-" + std::to_string(getpid())) { Remove(); }
  ~Aside() { Remove(); }
  void Remove() const {
    std::error_code ignored;  // it mostly is not there
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) fs::remove(aside.string() + suffix, ignored);
  }
  Status MoveTo(const fs::path& path) const {
    METERHOUND_RETURN_IF_ERROR(SyncFile(aside));
    std::error_code error;
    fs::rename(aside, path, error);
    return error ? Status(Unavailable(error.message(), path.string())) : Status();
  }
  fs::path aside;
};

Status CheckSqlite(const std::string& path) {
  METERHOUND_ASSIGN_OR_RETURN(const auto copy, Database::Open("sqlite:" + path));
  METERHOUND_ASSIGN_OR_RETURN(const auto row, copy->QueryOne("PRAGMA quick_check"));
  if (!row || row->Text(0) != "ok") return Corrupt("is damaged" + (row ? ": " + row->Text(0) : ""), path);
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t version, SchemaVersion(*copy));
  return version > 0 ? Status() : Status(InvalidInput("is no store of meterhound: it has no schema", path));
}

Status RestoreSqlite(const fs::path& target, const std::string& path) {
  const Aside aside(target);
  {
    METERHOUND_ASSIGN_OR_RETURN(const auto source, Database::Open("sqlite:" + path));
    METERHOUND_RETURN_IF_ERROR(source->CopyTo(aside.aside.string()));
  }
  METERHOUND_RETURN_IF_ERROR(CheckSqlite(aside.aside.string()));
  std::error_code error;
  for (const char* suffix : {"-wal", "-shm"}) {
    fs::remove(target.string() + suffix, error);  // of the store that goes: they would be read into the one that comes
    if (error) return Unavailable(error.message(), target.string() + suffix);
  }
  return aside.MoveTo(target);
}

Result<bool> HoldsSchema(const std::string& url) {
  if (const auto path = SqlitePath(url); path && !fs::exists(*path)) return false;
  METERHOUND_ASSIGN_OR_RETURN(const auto database, Database::Open(url));
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t version, SchemaVersion(*database));
  return version > 0;
}

}  // namespace

Status Backup(Database& database, const std::string& url, const std::string& path, bool force) {
  if (!force && fs::exists(path)) return InvalidInput("exists already; give another name, or --force", path);
  const Aside aside(path);
  if (database.backend() == Backend::kSqlite) {
    METERHOUND_RETURN_IF_ERROR(database.CopyTo(aside.aside.string()));
    METERHOUND_RETURN_IF_ERROR(CheckSqlite(aside.aside.string()));
  } else {
    METERHOUND_ASSIGN_OR_RETURN(const Login login, ParseLogin(url));
    METERHOUND_RETURN_IF_ERROR(RunProgram(
        {"pg_dump", "--format=custom", "--file=" + aside.aside.string(), "--dbname=" + login.rest}, login.password));
  }
  return aside.MoveTo(path);
}

Status Restore(const std::string& url, const std::string& path, bool force) {
  if (!fs::exists(path)) return NotFound("there is no such file", path);
  METERHOUND_ASSIGN_OR_RETURN(const bool holds, HoldsSchema(url));
  if (holds && !force) {
    return InvalidInput("the store is in use; its data would be lost. Stop every process on it and add --force",
                        "store");
  }
  if (const auto target = SqlitePath(url)) {
    METERHOUND_RETURN_IF_ERROR(CheckSqlite(path));
    return RestoreSqlite(*target, path);
  }
  METERHOUND_ASSIGN_OR_RETURN(const Login login, ParseLogin(url));
  return RunProgram({"pg_restore", "--clean", "--if-exists", "--no-owner", "--exit-on-error", "--single-transaction",
                     "--dbname=" + login.rest, path},
                    login.password);
}

}  // namespace meterhound::store
