"""A proxy before PostgreSQL's socket that loses a commit: it lets the bytes of a COMMIT pass, or not, and cuts
the connection before the answer comes back."""
import os
import selectors
import socket
import threading
import time


class Proxy:
    """Listens in `folder` as PostgreSQL would. While disarmed it only forwards."""

    def __init__(self, folder, target):
        self.target = os.path.join(target, ".s.PGSQL.5432")
        self.path = os.path.join(folder, ".s.PGSQL.5432")
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(64)
        self.lock = threading.Lock()
        self.mode = None        # None, "before" or "after"
        self.cut = threading.Event()
        self.closed_until = 0.0
        threading.Thread(target=self.accept, daemon=True).start()

    def arm(self, mode, closed_seconds=0.0):
        """The next commit is cut "before" it reaches the server or "after" it; then nobody gets in for a while."""
        with self.lock:
            self.mode, self.closed_seconds = mode, closed_seconds
            self.cut.clear()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if time.monotonic() < self.closed_until:
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self.target)
            except OSError:
                client.close()
                server.close()
                continue
            threading.Thread(target=self.forward, args=(client, server), daemon=True).start()

    def takes_commit(self, data):
        """The mode when these bytes are the commit that was waited for."""
        if b"commit_messages" not in data:
            return None
        with self.lock:
            mode, self.mode = self.mode, None
            return mode

    def forward(self, client, server):
        selector = selectors.DefaultSelector()
        selector.register(client, selectors.EVENT_READ, server)
        selector.register(server, selectors.EVENT_READ, client)
        try:
            while True:
                for key, _ in selector.select():
                    data = key.fileobj.recv(1 << 20)
                    if not data:
                        return
                    mode = self.takes_commit(data) if key.fileobj is client else None
                    if mode is None:
                        key.data.sendall(data)
                        continue
                    if mode == "after":
                        server.sendall(data)
                        server.recv(1 << 20)  # the server has answered: it is done there
                        time.sleep(0.05)
                    self.closed_until = time.monotonic() + self.closed_seconds
                    self.cut.set()
                    return
        except OSError:
            pass
        finally:
            selector.close()
            client.close()
            server.close()

    def close(self):
        self.listener.close()
        os.unlink(self.path)
