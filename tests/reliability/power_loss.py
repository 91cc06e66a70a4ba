"""Is everything that was answered still there after a loss of power?

The data folder is on a file system in an image file. When an answer has come, the server is stopped, and the image is
copied: what the kernel has not written yet is not in the copy. The copy is mounted and asked for everything that was
answered so far. Needs root, loop devices and the programs of the file system.

usage: power_loss.py [ext4|xfs] [ROUNDS]
"""

from shared import *

FILE_SYSTEMS = {"ext4": (["mkfs.ext4", "-q"], 128, "loop"), "xfs": (["mkfs.xfs", "-q"], 320, "loop,nouuid")}
ARTICLES = 60


def command(*arguments, may_fail=False):
    done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True)
    if done.returncode and not may_fail:
        sys.exit(f"error: {' '.join(map(str, arguments))}: {done.stderr}")
    return done.returncode == 0


def unmount(folder):
    for _ in range(50):
        if command("umount", folder, may_fail=True):
            return
        time.sleep(0.1)


class Disk:
    """A file system in an image file, and the copy of it that a loss of power leaves."""

    def __init__(self, kind):
        make, size_mib, self.options = FILE_SYSTEMS[kind]
        memory = Path("/dev/shm")
        home = memory if memory.is_dir() else WORK
        self.image, self.copy = home / f"fihrist-image-{os.getpid()}", home / f"fihrist-copy-{os.getpid()}"
        self.folder, self.after = WORK / "disk", WORK / "after"
        for folder in (self.folder, self.after):
            folder.mkdir(exist_ok=True)
        command("truncate", "-s", f"{size_mib}M", self.image)
        command(*make, self.image)
        command("mount", "-o", "loop", self.image, self.folder)
        atexit.register(self.remove)

    def lose_power(self):
        """Mounts a copy of the image as it is now. Returns whether that succeeds."""
        command("cp", "--sparse=always", self.image, self.copy)
        return command("mount", "-o", self.options, self.copy, self.after, may_fail=True)

    def end_loss(self):
        unmount(self.after)
        removed(self.copy)

    def remove(self):
        for folder in (self.after, self.folder):
            if os.path.ismount(folder):
                unmount(folder)
        removed(self.image), removed(self.copy)


class Test:
    def __init__(self, kind):
        self.disk = Disk(kind)
        self.checks = Checks(f"power-loss {kind}")
        self.data = self.disk.folder / "data"
        self.rng = random.Random(SEED)
        # What was answered: the version of each article, or None if it was deleted.
        self.answered = {f"base-{i}": 1 for i in range(ARTICLES)}
        self.keys = []
        self.backups = []
        write_lines(WORK / "base.jsonl", (article(name, 1) for name in self.answered))
        must("index", WORK / "base.jsonl", data=self.data)
        self.key = new_key(self.data)
        command("sync")
        self.server = Server(self.data, "power-loss")
        if not self.server.start():
            sys.exit(f"error: the server does not start: {self.server.printed()}")

    def client(self):
        """Returns a new connection: the server closes one that was idle for long."""
        return Client(self.server.port, self.key)

    def put(self, number):
        name = self.rng.choice([f"http-{number % 9}", f"base-{self.rng.randrange(ARTICLES)}"])
        self.written(self.client().put(article(name, number + 2)), name, number + 2)

    def delete(self, number):
        there = sorted(name for name, version in self.answered.items() if version is not None)
        name = self.rng.choice(there)
        self.written(self.client().delete(name), name, None)

    def written(self, answer, name, version):
        status, body = answer
        if status in (200, 201):
            self.answered[name] = version
        self.checks.check(status in (200, 201), "a write is refused", status=status, body=body)

    def wait_for_writer(self):
        """Waits until the server has released the lock."""
        time.sleep(3)

    def job(self, number):
        self.wait_for_writer()
        names = [f"job-{number}-{i}" for i in range(10)] + [f"job-{i}" for i in range(3)]
        path = WORK / f"job-{number % 3}.jsonl"
        write_lines(path, (article(name, number + 2) for name in names))
        must("index", path, data=self.data)
        self.answered.update(dict.fromkeys(names, number + 2))

    def rebuild(self, number):
        self.wait_for_writer()
        must("rebuild", data=self.data)

    def new_key(self, number):
        self.keys.append(new_key(self.data))

    def backup(self, number):
        path = f"backup-{number}.tar.zst"
        must("backup", self.disk.folder / path, data=self.data)
        there = sum(version is not None for version in self.answered.values())
        self.backups.append((path, there))

    def restore(self, number):
        """Backs up and restores at once, so that the articles stay the same."""
        self.wait_for_writer()
        path = self.disk.folder / "again.tar.zst"
        must("backup", path, data=self.data)
        must("restore", path, "--force", data=self.data)
        removed(path)

    def round(self, number):
        steps = [self.put, self.delete, self.put, self.job, self.put, self.new_key, self.rebuild, self.backup]
        steps += [self.put, self.restore]
        step = steps[number % len(steps)]
        step(number)
        self.server.process.send_signal(signal.SIGSTOP)
        is_mounted = self.disk.lose_power()
        self.server.process.send_signal(signal.SIGCONT)
        self.checks.note(f"after {step.__name__}")
        if self.checks.check(is_mounted, "the copy cannot be mounted"):
            self.look(step.__name__, number)
        self.disk.end_loss()

    def look(self, step, number):
        """Asks the copy for everything that was answered."""
        data = self.disk.after / "data"
        server = Server(data, "after")
        removed(server.log)
        place = {"step": step, "number": number}
        if not self.checks.check(server.start(), "the index does not open", **place, log=server.printed()[-500:]):
            return
        client = Client(server.port, self.keys[-1] if self.keys else self.key)
        lost = []
        for name, version in self.answered.items():
            status, body = client.article(name)
            wanted = None if version is None else article(name, version)["title"]
            found = body["title"] if status == 200 else None if status == 404 else status
            if found != wanted:
                lost.append((name, wanted, found))
        self.checks.check(not lost, "an answered write is lost", **place, lost=lost[:3], count=len(lost))
        self.checks.note("articles asked for", len(self.answered))
        status, body = client.put(article("key", number))
        is_written = status in (200, 201)
        self.checks.check(is_written, "an answered key is lost, or writing fails", **place, status=status, body=body)
        server.kill()
        for path, there in self.backups[-2:]:
            code, printed = run("restore", self.disk.after / path, "--dry-run", data=WORK / "nowhere")
            is_whole = code == 0 and f"{there} articles" in printed
            self.checks.check(is_whole, "an answered backup is lost", **place, printed=printed)


def main():
    kind = sys.argv[1] if len(sys.argv) > 1 else "ext4"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    if kind not in FILE_SYSTEMS or os.geteuid() != 0:
        sys.exit("error: give ext4 or xfs, and run as root")
    test = Test(kind)
    for number in range(rounds):
        test.round(number)
    test.server.kill()
    test.checks.end()


if __name__ == "__main__":
    main()
