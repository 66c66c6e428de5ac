"""check.py NAME: one check of the style suite over the source tree. Prints what is wrong, one line
each, and exits 1; exits 77 (meson: skipped) when what it looks at is not there.

    format     clang-format agrees with every C file
    headers    every header compiles alone
    sizes      files have at most 700 lines, functions of the programs at most 70
    calls      no forbidden calls, no floating point where money is, no unfinished work
    sql        every statement starts with a comment that says what it is for
    tour       every file and function that docs/tour.md names exists
"""
import concurrent.futures
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FILE_LINES_MAX = 700
FUNCTION_LINES_MAX = 70
SKIPPED = 77


def sources(tops=("src", "bench", "tests"), endings=(".c", ".h")):
    found = []
    for top in tops:
        for folder, folders, files in os.walk(os.path.join(ROOT, top)):
            folders[:] = [name for name in folders if name not in ("corpus", "__pycache__")]
            found += [os.path.relpath(os.path.join(folder, file), ROOT)
                      for file in files if file.endswith(endings)]
    return sorted(found)


def lines_of(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read().split("\n")


def run(command, text=None):
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def check_format():
    files = sources()
    wrong = []
    for start in range(0, len(files), 40):
        status, output = run(["clang-format", "--dry-run", "-Werror", *files[start:start + 40]])
        if status != 0:
            wrong += sorted(set(re.findall(r"^(\S+:\d+):\d+: error", output, re.M))) or [output]
    return wrong


def compile_header(header):
    flags = "-std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -Isrc -I. -fsyntax-only -x c -".split()
    libraries = ["libxml-2.0", "libmicrohttpd", "gnutls", "libpq"]
    includes = run(["pkg-config", "--cflags", *libraries])[1].split()
    name = header[len("src/"):] if header.startswith("src/") else header
    # Twice, so that a missing include guard is seen as well.
    status, output = run(["cc", *flags[:-3], *includes, *flags[-3:]],
                         f'#include "{name}"\n#include "{name}"\nextern int unused;\n')
    return [] if status == 0 else [f"{header}: does not compile alone\n{output}"]


def check_headers():
    headers = sources(("src", "bench"), (".h",))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return [line for lines in pool.map(compile_header, headers) for line in lines]


def long_functions(path, lines):
    """A function's braces stand alone in the first column: that is our format."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            if number - start - 1 > FUNCTION_LINES_MAX:
                yield f"{path}:{start}: a function of {number - start - 1} lines"
            start = None


def check_sizes():
    wrong = []
    for path in sources(endings=(".c", ".h", ".py", ".sql")):
        lines = lines_of(path)
        if len(lines) - 1 > FILE_LINES_MAX:
            wrong.append(f"{path}: {len(lines) - 1} lines, at most {FILE_LINES_MAX}")
        if path.endswith(".c") and not path.startswith("tests/"):
            wrong += long_functions(path, lines)
    return wrong


FORBIDDEN = re.compile(r"\b(strcpy|strcat|strncpy|sprintf|vsprintf|gets|atoi|atol|atoll|atof|"
                       r"strtok|alloca|rand|srand|random|localtime|gmtime|ctime|asctime|tmpnam|"
                       r"mktemp|system|popen)\s*\(")
FLOATING = re.compile(r"\b(float|double)\b")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
MONEY_ROOMS = ("src/ledger/", "src/authz/", "src/soap/")


def without_comments(text):
    """The code alone: comments and the contents of literals become blanks, lines stay."""
    def blank(found):
        return re.sub(r"[^\n]", " ", found.group(0))
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text,
                  flags=re.S)


def calls_in(path, text):
    wrong = []
    for number, line in enumerate(text.split("\n"), 1):
        found = UNFINISHED.search(line)
        if found and '"XXX"' not in line and not re.search(r"\.XXX|XXXXXX", line):
            wrong.append(f"{path}:{number}: {found.group(1)}")
    for number, line in enumerate(without_comments(text).split("\n"), 1):
        found = FORBIDDEN.search(line)
        if found:
            wrong.append(f"{path}:{number}: {found.group(1)}()")
        if path.startswith(MONEY_ROOMS) and FLOATING.search(line):
            wrong.append(f"{path}:{number}: floating point where money is")
        if re.match(r"\s*typedef\s+(struct|enum)\b", line):
            wrong.append(f"{path}:{number}: typedef of a struct or enum")
    return wrong


def check_calls():
    wrong = []
    for path in sources(("src", "bench")):
        wrong += calls_in(path, "\n".join(lines_of(path)))
    for path in sources(("src",), (".sql",)) + sources(("schema",), (".sql",)):
        wrong += [line for line in calls_in(path, "\n".join(lines_of(path)))
                  if line.endswith(("TODO", "FIXME", "HACK"))]
    return wrong


def check_sql():
    statements = sources(("src",), (".sql",)) + sources(("schema",), (".sql",))
    if not statements:
        sys.exit(SKIPPED)
    return [f"{path}: starts without a comment that says what it is for"
            for path in statements if not lines_of(path)[0].startswith("--")]


def tour_names(text):
    """What stands in backticks: paths, and functions written with their parentheses."""
    quoted = set(re.findall(r"`([^`\n]+)`", text))
    paths = {name for name in quoted if re.fullmatch(r"(src|schema|scripts|bench|tests|docs)/[\w./-]+",
                                                     name)}
    functions = {name[:-2] for name in quoted if re.fullmatch(r"[a-z]\w*\(\)", name)}
    return paths, functions


def check_tour():
    if not os.path.exists(os.path.join(ROOT, "docs/tour.md")):
        sys.exit(SKIPPED)
    paths, functions = tour_names("\n".join(lines_of("docs/tour.md")))
    code = "\n".join("\n".join(lines_of(path)) for path in sources(("src", "bench")))
    wrong = [f"docs/tour.md: {path} does not exist"
             for path in sorted(paths) if not os.path.exists(os.path.join(ROOT, path))]
    wrong += [f"docs/tour.md: {name}() does not exist"
              for name in sorted(functions) if not re.search(rf"\b{name}\(", code)]
    return wrong


CHECKS = {"format": check_format, "headers": check_headers, "sizes": check_sizes,
          "calls": check_calls, "sql": check_sql, "tour": check_tour}


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in CHECKS:
        sys.exit(__doc__)
    wrong = CHECKS[sys.argv[1]]()
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
