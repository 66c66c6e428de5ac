"""What the tests of the command line share: a cluster with its configuration, commands, and documented shapes."""
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/lib"))
from cluster import Cluster  # noqa: E402

HOLDFAST = os.environ.get("HOLDFAST", str(ROOT / "build/holdfast"))
PLANT = os.environ.get("PLANT", str(ROOT / "build/tests/cli/cli-plant"))
SECONDS = 120


class System:
    """A migrated database and the commands that see it."""

    def __init__(self, migrate=True):
        self.cluster = Cluster()
        self.config = os.path.join(self.cluster.host, "holdfast.conf")
        roles = {"writer": "holdfast_writer", "reader": "holdfast_reader", "operator": "holdfast_operator",
                 "admin": "holdfast_admin"}
        with open(self.config, "w", encoding="utf-8") as file:
            file.write("[database]\n")
            for key, user in roles.items():
                file.write(f"{key} = {self.cluster.conninfo(user)}\n")
        if migrate:
            self.good("db", "migrate")

    def close(self):
        self.cluster.close()

    def run(self, *arguments, text=None, config=None, **environment):
        env = {**os.environ, "HOLDFAST_CONFIG": config or self.config, "TZ": "UTC", "USER": "tester", **environment}
        env.pop("SUDO_USER", None)
        return subprocess.run([HOLDFAST, *arguments], env=env, input=text, text=True, capture_output=True, timeout=SECONDS,
                              check=False)

    def good(self, *arguments, **keywords):
        """Standard output of a command that must succeed."""
        done = self.run(*arguments, **keywords)
        if done.returncode != 0:
            raise AssertionError(f"holdfast {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def json(self, *arguments, **keywords):
        return json.loads(self.good(*arguments, "--json", **keywords))

    def card(self, token, *options):
        return self.json("card", "add", token, *options)

    def plant(self, token, database="postgres"):
        """The payments of plant.c; the root of the anchor made after them."""
        done = subprocess.run([PLANT, self.cluster.conninfo("holdfast_writer", database), token], text=True, capture_output=True,
                              timeout=SECONDS, check=False)
        if done.returncode != 0:
            raise AssertionError("plant: " + done.stderr)
        return done.stdout.strip()

    def sql(self, text):
        return self.cluster.psql(text)


def documented():
    """Command → (example, names of keys that may be null), from docs/cli-json.md."""
    shapes = {}
    text = (ROOT / "docs/cli-json.md").read_text(encoding="utf-8")
    for section in re.split(r"^## holdfast ", text, flags=re.M)[1:]:
        command = section.split("\n", 1)[0].strip()
        example = json.loads(re.search(r"```json\n(.*?)```", section, re.S).group(1))
        null = re.search(r"May be null: (.*?)\.\n", section, re.S)
        shapes[command] = (example, set(re.split(r",\s+", null.group(1))) if null else set())
    return shapes


def kind_of(value):
    return "number" if type(value) is int else type(value).__name__


def differences(example, found, nullable, path=""):
    """Sentences about what differs in shape; empty: nothing."""
    name = path.rsplit(".", 1)[-1].split("[")[0]
    if found is None or example is None:
        return [] if name in nullable else [f"{path} is {found!r}, documented is {example!r}"]
    if kind_of(example) != kind_of(found):
        return [f"{path} is {kind_of(found)}, documented is {kind_of(example)}"]
    wrong = []
    if isinstance(example, dict) and name == "elements":
        return [f"{path}.{key} is no text" for key, value in found.items() if not isinstance(value, str)]
    if isinstance(example, dict) and name == "facts":
        known = set(example)
        return [part for key in known & set(found)
                for part in differences(example[key], found[key], nullable, f"{path}.{key}")]
    if isinstance(example, dict):
        if set(example) != set(found):
            wrong.append(f"{path} has {sorted(set(found) ^ set(example))} on one side only")
        for key in set(example) & set(found):
            wrong += differences(example[key], found[key], nullable, f"{path}.{key}")
    if isinstance(example, list):
        for i, item in enumerate(found):
            wrong += differences(example[0], item, nullable, f"{path}[{i}]")
    if isinstance(example, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z", example):
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z", found):
            wrong.append(f"{path} is no RFC 3339 time in UTC with microseconds: {found}")
    return wrong
