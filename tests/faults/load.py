"""Load for fault tests: several callers, each with its own connection, and a history of what each heard."""
import http.client
import random
import threading
import time

import ehi


class Operation:
    """One request: what was sent, and the answer, or None when the connection failed first."""

    __slots__ = ("txn_id", "card", "minor", "began", "ended", "answer")

    def __init__(self, txn_id, card, minor, began):
        self.txn_id, self.card, self.minor, self.began = txn_id, card, minor, began
        self.ended, self.answer = None, None

    @property
    def is_open(self):
        return self.ended is None


class Load:
    """Sends authorisations of 0.01 to 9.99 over random cards until stopped."""

    numbers = iter(range(10**10, 10**11))
    numbers_lock = threading.Lock()

    def __init__(self, daemon, cards, callers=6, seed=1, pause=0.0):
        self.daemon, self.cards, self.pause = daemon, cards, pause
        self.stopping = threading.Event()
        self.histories = [[] for _ in range(callers)]
        self.threads = [threading.Thread(target=self.call, args=(history, random.Random(seed * 1000 + i)), daemon=True)
                        for i, history in enumerate(self.histories)]

    def start(self):
        for thread in self.threads:
            thread.start()

    def stop(self):
        """Ends it and returns the whole history."""
        self.stopping.set()
        for thread in self.threads:
            thread.join(timeout=30)
            assert not thread.is_alive(), "a caller hangs"
        return self.history()

    def history(self):
        return [operation for history in self.histories for operation in history]

    def open_count(self):
        return sum(1 for history in self.histories if history and history[-1].is_open)

    def answered_count(self):
        return sum(1 for history in self.histories for operation in history if operation.answer is not None)

    def wait_answered(self, more, seconds=30):
        """Waits until so many further requests were answered."""
        goal, end = self.answered_count() + more, time.monotonic() + seconds
        while self.answered_count() < goal and time.monotonic() < end:
            time.sleep(0.005)
        assert self.answered_count() >= goal, "no %d answers in %d s" % (more, seconds)

    def fire_when_open(self, fault, seconds=30):
        """Fires the fault at a moment when a request is open: only then does the run count."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.open_count() > 0:
                fault()
                return
            time.sleep(0.0005)
        raise AssertionError("no request was ever open")

    def call(self, history, chance):
        client = None
        while not self.stopping.is_set():
            with self.numbers_lock:
                number = next(self.numbers)
            card, minor = chance.choice(self.cards), chance.randint(1, 999)
            values = ehi.authorisation(number, card, "-%d.%02d" % divmod(minor, 100), "GBP")
            try:
                if client is None:
                    client = ehi.Client(self.daemon.port, self.daemon.tls)
                client.connect()
            except (OSError, http.client.HTTPException):
                client = None
                time.sleep(0.02)  # the daemon is down; nothing was sent
                continue
            operation = Operation(number, card, minor, time.monotonic())
            history.append(operation)
            try:
                operation.answer = client.send(values)
            except (OSError, http.client.HTTPException):
                client = None
            operation.ended = time.monotonic()
            if self.pause:
                time.sleep(self.pause)
