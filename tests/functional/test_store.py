"""The service's store from the command line: made, looked at, saved, brought back; its keys and its dead letters."""
import hashlib
import json
import os
import sqlite3
import tempfile
import unittest
from pathlib import Path

from program import answer, run


def insert_job(path, job, state, queue="math_queue"):
    """A job as a worker leaves it, written by SQLite itself."""
    with sqlite3.connect(path) as store:
        store.execute(
            "INSERT INTO jobs (id, kind, queue, priority, title, owner, request, state, stage, progress_done, progress_total,"
            " unit, attempts, max_attempts, created, not_before, error_code, error_message, error_where, result, worker,"
            " lease_until, fence, version) VALUES (?, 'detect', ?, 1, 'Town', '', '{\"n\":1}', ?, '', 0, 0, '', 5, 5,"
            " 1764104580123, 0, 'unavailable', 'the disk is full', 'store.db', 'null', '', 0, 5, 5)", (job, queue, state))


class StoreCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "store.db"
        self.store = ["--store", f"sqlite:{self.path}"]

    def migrate(self):
        return answer("db", "migrate", *self.store)

    def test_migrate_once(self):
        self.assertIn("db migrate", run("db", "status", *self.store, status=2).stderr)
        applied = self.migrate()["applied"]
        self.assertEqual(applied, list(range(1, len(applied) + 1)))
        self.assertEqual(self.migrate()["applied"], [])
        status = answer("db", "status", *self.store)
        self.assertEqual((status["backend"], status["version"], status["audit_intact"]), ("sqlite", applied[-1], True))
        self.assertEqual(status["rows"]["jobs"], 0)
        self.assertGreater(status["bytes"], 0)

    def test_environment_and_settings_name_the_store(self):
        url = f"sqlite:{self.folder}/other.db"
        run("db", "migrate", env={"METERHOUND_STORE": url})
        self.assertTrue((self.folder / "other.db").exists())
        run("db", "status", "--set", f"service.store={url}")
        self.assertIn("neither sqlite:PATH nor postgresql://", run("db", "migrate", "--store", "mysql:x", status=2).stderr)

    def test_a_newer_store_is_refused(self):
        self.migrate()
        with sqlite3.connect(self.path) as store:
            store.execute("INSERT INTO schema_migrations VALUES (99, 'later', 0)")
        self.assertIn("newer meterhound", run("db", "status", *self.store, status=2).stderr)
        self.assertIn("newer meterhound", run("db", "migrate", *self.store, status=2).stderr)

    def test_a_changed_audit_log_is_seen(self):
        self.migrate()
        with sqlite3.connect(self.path) as store:
            store.execute("INSERT INTO audit VALUES (1, 0, 'x', 'y', '', 'null', 'no hash')")
        self.assertIn("audit log was changed", run("db", "status", *self.store, status=2).stderr)

    def test_backup_and_restore(self):
        self.migrate()
        run("keys", "add", "anna", "--scope", "score", *self.store)
        backup = self.folder / "backup"
        run("db", "backup", backup, *self.store)
        self.assertIn("exists already", run("db", "backup", backup, *self.store, status=2).stderr)
        run("db", "backup", backup, "--force", *self.store)
        run("keys", "revoke", "anna", *self.store)
        self.assertIn("--force", run("db", "restore", backup, *self.store, status=2).stderr)
        run("db", "restore", backup, "--force", *self.store)
        self.assertIsNone(answer("keys", "list", *self.store)["items"][0]["revoked"])
        new = ["--store", f"sqlite:{self.folder}/new.db"]
        run("db", "restore", backup, *new)
        self.assertEqual(answer("keys", "list", *new)["items"][0]["name"], "anna")
        backup.write_text("nothing of the sort")
        run("db", "restore", backup, "--force", *self.store, status=2)
        self.assertEqual(answer("keys", "list", *self.store)["items"][0]["name"], "anna")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir() if ".new-" in path.name), [])

    def test_keys(self):
        self.migrate()
        self.assertEqual(answer("keys", "list", *self.store)["items"], [])
        made = answer("keys", "add", "anna", "--scope", "score,review", *self.store)
        self.assertRegex(made["key"], r"^mh_[0-9a-f]{64}$")
        self.assertEqual(made["scopes"], ["score", "review"])
        self.assertIn("anna", run("keys", "add", "anna", "--scope", "admin", *self.store, status=2).stderr)
        self.assertIn("expected some of score", run("keys", "add", "b", "--scope", "root", *self.store, status=2).stderr)
        text = run("keys", "list", *self.store).stdout
        self.assertIn("anna", text)
        self.assertNotIn("mh_", text)
        stored = b"".join(path.read_bytes() for path in self.folder.glob("store.db*"))
        self.assertNotIn(made["key"].encode(), stored)
        self.assertIn(hashlib.sha256(made["key"].encode()).hexdigest().encode(), stored)
        run("keys", "revoke", made["id"], *self.store)
        self.assertIsNotNone(answer("keys", "list", *self.store)["items"][0]["revoked"])
        run("keys", "revoke", "anna", *self.store, status=2)

    def test_dead_letters(self):
        self.migrate()
        for job, state in (("a1", "dead"), ("a2", "dead"), ("a3", "done"), ("a4", "queued")):
            insert_job(self.path, job, state)
        self.assertEqual([job["id"] for job in answer("jobs", "list", *self.store)["items"]], ["a2", "a1"])
        self.assertIn("the disk is full", run("jobs", "list", *self.store).stdout)
        self.assertEqual(len(answer("jobs", "list", "--state", "all", *self.store)["items"]), 4)
        self.assertIn("expected queued", run("jobs", "list", "--state", "lost", *self.store, status=2).stderr)
        shown = answer("jobs", "show", "a1", *self.store)
        self.assertEqual((shown["request"], shown["error"]["code"], shown["created"]),
                         ({"n": 1}, "unavailable", "2025-11-25T21:03:00.123Z"))
        run("jobs", "show", "none", *self.store, status=2)
        self.assertEqual(answer("jobs", "retry", "a1", *self.store)["retried"], ["a1"])
        again = answer("jobs", "show", "a1", *self.store)
        self.assertEqual((again["state"], again["attempts"]), ("queued", 0))
        with sqlite3.connect(self.path) as store:
            self.assertEqual(store.execute("SELECT queue, job, priority FROM queue_entries").fetchall(),
                             [("math_queue", "a1", 1)])
        run("jobs", "retry", "a3", *self.store, status=2)
        run("jobs", "drop", "a4", *self.store, status=2)
        run("jobs", "drop", *self.store, status=2)
        self.assertEqual(answer("jobs", "drop", "--all", *self.store)["dropped"], ["a2"])
        self.assertEqual(answer("jobs", "list", *self.store)["items"], [])

    def test_postgresql(self):
        if "METERHOUND_TEST_SERVERS" not in os.environ:
            self.skipTest("no servers: METERHOUND_TEST_SERVERS")
        servers = json.loads(Path(os.environ["METERHOUND_TEST_SERVERS"]).read_text())
        store = ["--store", servers["postgresql"].removesuffix("postgres") + "functional"]
        told = run("db", "status", *store, status=2).stderr
        self.assertIn("db migrate", told)
        self.assertNotIn("loopback", told)  # the password
        backup = self.folder / "backup"
        run("db", "migrate", *store)
        run("keys", "add", "anna", "--scope", "admin", *store)
        run("db", "backup", backup, *store)
        run("keys", "revoke", "anna", *store)
        run("db", "restore", backup, *store, status=2)
        run("db", "restore", backup, "--force", *store)
        self.assertIsNone(answer("keys", "list", *store)["items"][0]["revoked"])
        self.assertEqual(answer("db", "status", *store)["backend"], "postgresql")


if __name__ == "__main__":
    unittest.main()
