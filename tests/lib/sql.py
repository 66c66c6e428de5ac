"""One psql that stays open: many small questions without a process for each."""
import subprocess
import threading


class Psql:
    """query() returns rows as tuples of text. Safe to use from several threads."""

    END = "--end-of-answer--"

    def __init__(self, conninfo):
        self.lock = threading.Lock()
        self.process = subprocess.Popen(["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=0", conninfo],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True)

    def query(self, sql):
        with self.lock:
            self.process.stdin.write("%s;\n\\echo %s\n" % (sql.rstrip().rstrip(";"), self.END))
            self.process.stdin.flush()
            rows = []
            for line in self.process.stdout:
                line = line.rstrip("\n")
                if line == self.END:
                    break
                if line.startswith(("ERROR:", "FATAL:")):
                    raise RuntimeError(line)
                if line:
                    rows.append(tuple(line.split("\x1f")))
            else:
                raise RuntimeError("psql ended")
            return rows

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()
