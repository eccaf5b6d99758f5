#!/usr/bin/env python3
"""The Debian package and the tarball of the built program, made by CPack and used in a bare bookworm. Exit status 77: this machine
cannot do it (root and mount namespaces are needed; debootstrap and lintian are installed).

    tests/ship/test_packages.py BUILD
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
BUILD = Path(sys.argv.pop(1)).resolve()
# A town, and a run over it, small enough for a test.
TOWN = ("simulate", "--consumers", "600", "--days", "200", "--seed", "7", "--out", "town.csv", "--quiet")
RUN = ("run", "town.csv", "--out", "out", "--set", "feature_extraction.tsfresh_settings=minimal", "--set", "evaluation.folds=3",
       "--set", "evaluation.bootstraps=100", "--quiet")


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, **options)
    if done.returncode:
        raise AssertionError(f"{' '.join(map(str, words))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Bookworm:
    """A copy of the bare tree, with what programs expect to be mounted."""

    def __init__(self, folder, name):
        self.root = folder / name
        run("cp", "-a", TREE, self.root)
        run("mount", "-t", "proc", "proc", self.root / "proc")
        run("mount", "--rbind", "/dev", self.root / "dev")
        shutil.copy("/etc/resolv.conf", self.root / "etc" / "resolv.conf")

    def __call__(self, *words, user="0:0", folder="/"):
        return run("chroot", f"--userspec={user}", self.root, "env", "-i", "-C", folder, "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/nonexistent",
                   "DEBIAN_FRONTEND=noninteractive", *words)

    def use(self, test, program):
        """The program as somebody without rights: what it is made of, and a whole run."""
        for line in ("meterhound 0.", "XGBoost", "Arrow", "llama.cpp"):
            test.assertIn(line, self(program, "--version", "--verbose", user="65534:65534"))
        work = self.root / "tmp" / "work"
        work.mkdir()
        os.chown(work, 65534, 65534)
        self(program, *TOWN, user="65534:65534", folder="/tmp/work")
        self(program, *RUN, user="65534:65534", folder="/tmp/work")
        for name in ("model.mh", "scores.csv", "report.html"):
            test.assertTrue((work / "out" / name).stat().st_size, name)


class PackagesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)

    def package(self, generator, pattern):
        run("cpack", "--config", BUILD / "CPackConfig.cmake", "-G", generator, "-B", self.folder / generator, cwd=BUILD)
        (made,) = (self.folder / generator).glob(pattern)
        print(f"{made.name}: {made.stat().st_size / 1e6:.1f} MB", flush=True)
        return made

    def bookworm(self, name):
        bookworm = Bookworm(self.folder, name)
        self.addCleanup(run, "umount", "--recursive", "--lazy", bookworm.root / "dev", bookworm.root / "proc")
        return bookworm

    def test_the_tarball_runs_where_nothing_is_installed(self):
        made = self.package("TGZ", "*.tar.gz")
        bookworm = self.bookworm("bare")
        run("tar", "-xzf", made, "-C", bookworm.root / "opt", "--no-same-owner")
        (top,) = ("/opt/" + path.name for path in (bookworm.root / "opt").iterdir())
        bookworm.use(self, top + "/bin/meterhound")
        for program in ("meterhound", "meterhound-llm"):
            needed = re.findall(r"^\s*(\S+) => (\S+)", bookworm("ldd", f"{top}/bin/{program}"), re.MULTILINE)
            outside = sorted({name.split(".so")[0] for name, path in needed if not os.path.normpath(path).startswith(top + "/lib/meterhound/")})
            self.assertGreater(len(needed), 3, needed)
            self.assertLessEqual(set(outside), {"libc", "libm", "libdl", "librt", "libpthread", "libresolv"}, program)
        inside = bookworm.root / top.lstrip("/")
        listed = (inside / "share/meterhound/licences/LIBRARIES").read_text()
        for library in (inside / "lib/meterhound").iterdir():
            if not library.name.startswith(("libarrow.", "libparquet.")):
                package = re.search(rf"^{re.escape(library.name)}: (\S+), source \S+ \S+$", listed, re.MULTILINE)
                self.assertTrue(package, library.name)
                self.assertTrue((inside / "share/meterhound/licences" / package[1]).stat().st_size, library.name)

    def test_the_debian_package_is_installed_used_and_removed(self):
        made = self.package("DEB", "*.deb")
        self.assertEqual(run("lintian", "--allow-root", "--suppress-tags", "bogus-mail-host,bogus-mail-host-in-debian-changelog", made), "")
        bookworm = self.bookworm("installed")
        shutil.copy(made, bookworm.root / "root" / "meterhound.deb")
        bookworm("apt-get", "-q", "update")
        bookworm("apt-get", "-q", "install", "-y", "--no-install-recommends", "/root/meterhound.deb", "systemd")
        bookworm.use(self, "meterhound")
        self.check_service(bookworm)
        bookworm("dpkg", "--remove", "meterhound")
        self.assertFalse((bookworm.root / "usr/bin/meterhound").exists())
        self.assertFalse((bookworm.root / "usr/lib/meterhound").exists())
        self.assertTrue((bookworm.root / "etc/meterhound/meterhound.yaml").exists())
        self.assertIn("ok config-files", bookworm("dpkg-query", "--show", "--showformat", "${Status}", "meterhound"))
        bookworm("dpkg", "--purge", "meterhound")
        self.assertFalse((bookworm.root / "etc/meterhound").exists())
        self.assertTrue((bookworm.root / "var/lib/meterhound/meterhound.db").exists())

    def check_service(self, bookworm):
        user = bookworm("getent", "passwd", "meterhound").strip().split(":")
        self.assertEqual((user[5], user[6]), ("/var/lib/meterhound", "/usr/sbin/nologin"))
        ids = f"{user[2]}:{user[3]}"
        bookworm("meterhound", "db", "migrate", "--config", "/etc/meterhound/meterhound.yaml", user=ids)
        store = (bookworm.root / "var/lib/meterhound/meterhound.db").stat()
        self.assertEqual(f"{store.st_uid}:{store.st_gid}", ids)
        self.check_start(bookworm, ids)
        bookworm("systemd-analyze", "verify", "meterhound.service")
        # 0: nothing is allowed; 100: everything is. It exits with 1 above the threshold.
        bookworm("systemd-analyze", "security", "--offline=true", "--threshold=15", "meterhound.service")

    def check_start(self, bookworm, ids):
        """The unit's own command, as its user, on a network of its own; systemd itself does not run here."""
        unit = (bookworm.root / "lib/systemd/system/meterhound.service").read_text()
        (command,) = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)
        words = ["unshare", "--net", "chroot", f"--userspec={ids}", str(bookworm.root), "env", "-i", "-C", "/var/lib/meterhound", *command.split()]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            first = process.stdout.readline()
            process.terminate()
            _, errors = process.communicate(timeout=60)
        self.assertEqual((first, process.returncode), ("http://127.0.0.1:8000\n", 0), errors)


if __name__ == "__main__":
    if os.environ.get("METERHOUND_NAMESPACE") is None:
        why = "not root" if os.geteuid() else "no mount namespaces here" if subprocess.run(["unshare", "--mount", "true"]).returncode else None
        if why is None and subprocess.run([SOURCE / "tools/install_packages.sh", SOURCE / "tools/packages-images.txt"]).returncode:
            why = "debootstrap and lintian cannot be installed"
        if why:
            print(f"SKIPPED: packages are not tried: {why}", file=sys.stderr)
            sys.exit(77)
        words = ["unshare", "--mount", sys.executable, __file__, str(BUILD), *sys.argv[1:]]
        os.execvpe(words[0], words, {**os.environ, "METERHOUND_NAMESPACE": "1"})
    TREE = run(SOURCE / "tools/bookworm.sh").strip()
    unittest.main()
