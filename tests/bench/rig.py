"""What tools/bench measures with: the server as a process, load, imports, the machine's facts.

Every process is started here and ended by its own id; every wait has an end.
"""
import contextlib
import http.client
import itertools
import json
import os
import pathlib
import platform
import re
import select
import shutil
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
READY_SECONDS_MAX = 20
STOP_SECONDS_MAX = 30
IMPORT_SECONDS_MAX = 300
SEARCH_SECONDS_MAX = 240
SEARCH_ROUND_SECONDS = 0.8  # longer than between two looks of engine/keeper.c
PROFILE = "https://www.linkedin.com/in/"


class Failure(Exception):
    """The measuring itself went wrong; the message is for whoever runs it."""


class Build:
    """The programs of a build folder."""

    def __init__(self, folder):
        self.folder = folder
        self.galena = folder / "galena"
        self.load = folder / "tests/bench/load"
        self.raw = folder / "tests/bench/raw"

    def make_tools(self):
        if not self.galena.exists():
            raise Failure(f"{self.galena} is missing; run make build first")
        subprocess.run(["ninja", "-C", self.folder, "--quiet", "tests/bench/load",
                        "tests/bench/raw"], check=True, stdout=subprocess.DEVNULL, timeout=300)

    def stripped_bytes(self, scratch):
        """Size of the program without symbols for the debugger."""
        if not shutil.which("strip"):
            return self.galena.stat().st_size
        path = scratch / "stripped"
        subprocess.run(["strip", "-o", path, self.galena], check=True, timeout=30)
        size = path.stat().st_size
        path.unlink()
        return size

    def make_key(self, db):
        return run_json([self.galena, "key", "create", "--db", db, "--name", "bench", "--json"],
                        30, "key create")["key"]

    def raw_load(self, db, people, batch, seconds, cache_kib):
        return run_json([self.raw, "--db", db, "--people", people, "--batch", f"{batch:.3f}",
                         "--seconds", seconds, "--cache-kib", cache_kib], seconds + 60,
                        "the raw limit")


def run_json(args, seconds_max, what):
    """The JSON document that a program prints."""
    try:
        done = subprocess.run([str(a) for a in args], capture_output=True, text=True,
                              timeout=seconds_max, check=False)
    except subprocess.TimeoutExpired:
        raise Failure(f"{what} took longer than {seconds_max} s") from None
    if done.returncode != 0:
        raise Failure(f"{what} failed: {(done.stderr or done.stdout).strip()[-500:]}")
    return json.loads(done.stdout)


class Server:
    """galena serve on a free port of the loopback address, with the settings it has by default."""

    def __init__(self, build, db, key):
        self.build, self.db, self.key = build, db, key
        self.seeds = itertools.count(time.time_ns())  # no load repeats what one before it wrote
        self.errors = open(f"{db}.log", "ab")
        begin = time.perf_counter()
        self.process = subprocess.Popen(
            [build.galena, "serve", "--db", db, "--listen", "127.0.0.1:0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        try:
            self.port = self.wait_ready()
        except Failure:
            self.stop()
            raise
        self.ready_ms = (time.perf_counter() - begin) * 1000

    def wait_ready(self):
        if not select.select([self.process.stdout], [], [], READY_SECONDS_MAX)[0]:
            raise Failure(f"the server was not ready in {READY_SECONDS_MAX} s")
        line = self.process.stdout.readline()
        found = re.search(r"listening on http://127\.0\.0\.1:(\d+)", line)
        if not found:
            raise Failure(f"the server ended or said {line!r}; see {self.db}.log")
        return int(found[1])

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        self.errors.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def ask(self, method, path, body=None, media="application/json"):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port,
                                                           timeout=120)) as connection:
            connection.request(method, path, body, {"Authorization": f"Bearer {self.key}",
                                                    "Content-Type": media})
            answer = connection.getresponse()
            text = answer.read()
        if answer.status not in (200, 201, 202):
            raise Failure(f"{method} {path}: {answer.status} {text[:300]!r}")
        return text

    def command(self, command_id, /, **given):
        """Run a command; its data."""
        body = json.dumps({"input": given})
        return json.loads(self.ask("POST", f"/api/v1/commands/{command_id}", body))["data"]

    def metrics(self):
        text = self.ask("GET", "/metrics").decode()
        return {name: float(value) for name, value in
                re.findall(r"^(\w+(?:\{[^}]*\})?) ([0-9.e+-]+)$", text, re.M)}

    def settle(self):
        """Wait until the search index has seen everything; the seconds that took."""
        begin = seen = time.perf_counter()
        # What the server says is as old as its last look, so it must say so for a while.
        while time.perf_counter() - seen < SEARCH_ROUND_SECONDS:
            if self.metrics()["galena_search_behind"] > 0:
                seen = time.perf_counter()
            if seen - begin > SEARCH_SECONDS_MAX:
                raise Failure("the search index does not catch up")
            time.sleep(0.1)
        return seen - begin

    def memory_mb(self, which):
        """VmRSS: resident now; VmHWM: the most since the start. Megabytes."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{which}:\s+(\d+) kB", text, re.M)[1]) * 1024 / 1e6

    def cpu_seconds(self):
        """What the server has computed so far, on all its threads."""
        text = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text()
        user, system = text.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def begin_import(self, path):
        """Send a file; the id of its import."""
        with open(path, "rb") as file:
            answer = json.loads(self.ask("POST", f"/api/v1/imports?name={path.name}", file,
                                         "text/csv"))
        return answer["data"]["import"]["import_id"]

    def import_state(self, import_id):
        return self.command("import.get", import_id=import_id)["import"]

    def wait_import(self, import_id, is_there):
        """Wait until is_there(the import)."""
        until = time.monotonic() + IMPORT_SECONDS_MAX
        while True:
            state = self.import_state(import_id)
            if is_there(state):
                return state
            if state["state"] in ("failed", "cancelled", "done") or time.monotonic() > until:
                raise Failure(f"an import did not get where it should: {state}")
            time.sleep(0.1)

    def import_file(self, path, rows):
        """Import a file of new people; the seconds from beginning to send it to its end."""
        begin = time.perf_counter()
        import_id = self.begin_import(path)
        state = self.wait_import(import_id, lambda state: state["state"] == "done")
        seconds = time.perf_counter() - begin
        if state["created_count"] != rows:
            raise Failure(f"of {rows} rows only {state['created_count']} made a lead: {state}")
        return seconds

    def load(self, scratch, name, given, connections, seconds, lines=None):
        """Load with one command; `given` is the text of its input, with the load's braces."""
        template = scratch / "body.json"
        template.write_text('{"input":' + given + "}")
        args = [self.build.load, "--port", self.port, "--method", "POST",
                "--path", f"/api/v1/commands/{name}", "--connections", connections,
                "--seconds", seconds, "--seed", next(self.seeds), "--body-template", template,
                "--header", f"Authorization: Bearer {self.key}",
                "--header", "Content-Type: application/json"]
        if lines:
            args += ["--lines", lines, "--key-range", 1 << 40]
        before = self.cpu_seconds()
        result = run_json(args, seconds + 30, f"the load of {name}")
        result["cpu_us"] = (self.cpu_seconds() - before) * 1e6 / max(result["requests"], 1)
        answered = result["status"].get("200", 0)
        result["failed"] = result["requests"] - answered + result["errors"]
        if answered == 0:
            raise Failure(f"no {name} succeeded: {result}")
        return result


def upsert_load(server, scratch, lines, connections, seconds):
    """Durable upserts of known people, with the mean batch and the share that wrote."""
    before = server.metrics()
    result = server.load(scratch, "lead.upsert",
                         '{{line},"job_title":"Head of Sales {r:1000000}","score":{r:1000}}',
                         connections, seconds, lines)
    after = server.metrics()
    grown = {name: after[name] - before.get(name, 0) for name in after}
    commits = max(grown["galena_commits_total"], 1)
    result["batch"] = max(grown["galena_committed_writes_total"] / commits, 1)
    result["commit_us"] = grown["galena_commit_microseconds_total"] / commits
    wrote = grown.get('galena_lead_writes_total{outcome="updated"}', 0)
    result["wrote"] = wrote / result["requests"]
    return result


def fsync_us(folder, count=200):
    """Median of writing 4 KiB to a file and waiting until it is on disk."""
    path, took = folder / "fsync", []
    fd = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    for i in range(count):
        begin = time.perf_counter()
        os.pwrite(fd, b"x" * 4096, i * 4096)
        os.fdatasync(fd)
        took.append(time.perf_counter() - begin)
    os.close(fd)
    path.unlink()
    return statistics.median(took) * 1e6


def git(*args):
    done = subprocess.run(["git", "-C", ROOT, *args], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def machine_facts(scratch):
    cpu = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    commit = git("rev-parse", "--short", "HEAD") or "unknown"
    return {"cpu": cpu[1] if cpu else platform.machine(), "cores": os.cpu_count(),
            "kernel": platform.release(),
            "load_before": round(os.getloadavg()[0], 2),
            "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
            "commit": commit + ("+changes" if git("status", "--porcelain") else ""),
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
