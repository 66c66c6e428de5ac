"""The checks themselves can fail: each is given a tree or a text with a known fault."""
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check  # noqa: E402

CHECK_ROOMS = os.path.join(check.ROOT, "scripts", "check-rooms")


def check_rooms(files):
    """Runs check-rooms over a tree of {path: text}; its output, or None when it is content."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(text)
        done = subprocess.run([CHECK_ROOMS, root], capture_output=True, text=True, check=False)
        return done.stdout if done.returncode != 0 else None


class Rooms(unittest.TestCase):
    def test_arrows_of_the_table_pass(self):
        self.assertIsNone(check_rooms({
            "src/base/log.c": '#include "base/log.h"\n#include <stdio.h>\n',
            "src/ledger/batch.c": '#include <libpq-fe.h>\n#include "base/money.h"\n',
            "src/authz/lane.c": '#include "ledger/batch.h"\n#include "authz/queue.h"\n',
            "src/authz/decide.c": '#include "authz/message.h"\n#include "base/money.h"\n',
            "src/soap/reply.c": '#include <microhttpd.h>\n#include "authz/authz.h"\n',
            "src/ops/admin.c": '#include <microhttpd.h>\n#include "ledger/report.h"\n',
            "src/holdfastd.c": '#include "soap/soap.h"\n',
            "bench/replay.c": '#include "traffic.h"\n#include "base/histogram.h"\n',
        }))

    def test_every_arrow_outside_the_table_is_found(self):
        rows = {
            "base knows no room": ("src/base/a.c", '#include "ledger/ledger.h"'),
            "ledger does not look up": ("src/ledger/a.c", '#include "authz/message.h"'),
            "soap does not reach through": ("src/soap/a.c", '#include "ledger/ledger.h"'),
            "private header": ("src/authz/a.c", '#include "ledger/pg.h"'),
            "libpq above the ledger": ("src/authz/a.c", "#include <libpq-fe.h>"),
            "XML outside soap": ("src/authz/a.c", "#include <libxml/parser.h>"),
            "HTTP in the ledger": ("src/ledger/a.c", "#include <microhttpd.h>"),
            "decide is pure": ("src/authz/decide.c", '#include "ledger/batch.h"'),
            "no room in the name": ("src/authz/a.c", '#include "queue.h"'),
            "a room that is none": ("src/util/a.c", "#include <stdio.h>"),
        }
        for name, (path, line) in rows.items():
            with self.subTest(name):
                said = check_rooms({path: "/* x */\n" + line + "\n"})
                self.assertIsNotNone(said)
                self.assertIn(path, said)


class Calls(unittest.TestCase):
    def test_a_forbidden_call_is_found_and_its_mention_is_not(self):
        self.assertEqual(check.calls_in("src/a.c", "x = atoi(y);"), ["src/a.c:1: atoi()"])
        self.assertEqual(check.calls_in("src/a.c", "snprintf(b, n, f);\nlocaltime_r(a, b);"), [])
        self.assertEqual(check.calls_in("src/a.c", '/* no\n atoi() here */ f("atoi(");'), [])

    def test_floating_point_is_found_only_where_money_is(self):
        self.assertEqual(len(check.calls_in("src/authz/a.c", "double x;")), 1)
        self.assertEqual(check.calls_in("src/authz/a.c", "/* xsd:double */"), [])
        self.assertEqual(check.calls_in("src/base/a.c", "double x;"), [])

    def test_unfinished_work_is_found_in_comments_too(self):
        self.assertEqual(len(check.calls_in("src/a.c", "/* TO" + "DO: later */")), 1)


class Sizes(unittest.TestCase):
    def test_seventy_lines_pass_and_seventy_one_do_not(self):
        for length, found in ((70, 0), (71, 1)):
            lines = ["int f(void)", "{"] + ["    x();"] * length + ["}"]
            self.assertEqual(len(list(check.long_functions("a.c", lines))), found)


class Tour(unittest.TestCase):
    def test_names_are_what_stands_in_backticks(self):
        paths, functions = check.tour_names("`src/a/b.c` then `lane_take()` but `struct lane` and x()")
        self.assertEqual(paths, {"src/a/b.c"})
        self.assertEqual(functions, {"lane_take"})


if __name__ == "__main__":
    unittest.main()
