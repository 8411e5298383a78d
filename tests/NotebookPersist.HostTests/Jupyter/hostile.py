"""A thousand random and hostile messages on every socket, and raw bytes beside: the kernel goes on, with what it held."""
import hashlib
import hmac
import json
import random
import socket
import struct
import sys
import uuid

import zmq

from kernel_client import Clock, kernel

COUNT = 1000
SEED = 115
DELIMITER = b"<IDS|MSG>"
SHELL = ["execute_request", "kernel_info_request", "is_complete_request", "complete_request", "inspect_request", "history_request", "comm_info_request", "comm_open",
         "comm_msg", "comm_close", "connect_request", "no_such_request", ""]
CONTROL = ["interrupt_request", "kernel_info_request", "debug_request", "no_such_request", "execute_request"]
TYPES = {"shell": SHELL, "control": CONTROL, "stdin": ["input_reply", "no_such_reply"]}
FIELDS = ["code", "silent", "store_history", "user_expressions", "allow_stdin", "stop_on_error", "cursor_pos", "detail_level", "hist_access_type", "output", "raw", "session",
          "start", "stop", "n", "pattern", "unique", "target_name", "comm_id", "data", "value", "command", "seq", "cellId"]


class Attacker:
    """Makes messages. It knows the key: what a stranger sends is dropped before anything of it is read."""

    def __init__(self, seed, key, types):
        self.random = random.Random(seed)
        self.key = key
        self.types = types
        self.sent = []

    def sign(self, parts, key=None):
        digest = hmac.new(key or self.key, digestmod=hashlib.sha256)
        for part in parts:
            digest.update(part)
        return digest.hexdigest().encode()

    def bytes(self, most=2000):
        return self.random.randbytes(self.random.randrange(most))

    def value(self, depth=0):
        kind = self.random.randrange(14 if depth < 3 else 11)
        if kind == 11:
            return [self.value(depth + 1) for _ in range(self.random.randrange(5))]
        if kind >= 12:
            return {self.random.choice(FIELDS): self.value(depth + 1) for _ in range(self.random.randrange(5))}
        return [None, True, False, 0, -1, 2**31, -(2**70), 1e300, "", "1 + 1", "\ud800" if self.random.random() < 0.3 else "é😀\0 x."][kind]

    def header(self, kind):
        return {"msg_id": uuid.UUID(int=self.random.getrandbits(128)).hex, "session": "s", "username": "u", "date": "2026-01-01T00:00:00Z", "msg_type": kind, "version": "5.3"}

    def frames(self, header, parent=None, metadata=None, content=None):
        parts = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, parent or {}, metadata or {}, content if content is not None else {})]
        return [DELIMITER, self.sign(parts), *parts]

    def request(self):
        """A request of a known type whose fields hold anything."""
        kind = self.random.choice(self.types)
        content = {field: self.value() for field in self.random.sample(FIELDS, self.random.randrange(8))}
        return self.frames(self.header(kind), content=content, metadata={"cellId": self.value()})

    def message(self):
        kind = self.random.randrange(16)
        if kind == 0:
            return [self.bytes() for _ in range(self.random.randrange(1, 12))]
        if kind == 1:
            return [DELIMITER] * self.random.randrange(1, 9)
        if kind == 2:
            return self.request()[: self.random.randrange(1, 6)]
        if kind == 3:
            frames = self.request()
            frames[1] = self.random.choice([b"", b"0" * 64, frames[1].upper() + b" ", frames[1][:-1], self.bytes(), self.sign(frames[2:], b"another key")])
            return frames
        if kind == 4:
            return self.frames(self.bytes(), content=self.bytes())
        if kind == 5:
            depth = self.random.choice([10, 127, 128, 129, 1000, 100_000])
            return self.frames(self.header(self.random.choice(self.types)), content=b'{"data":' * depth + b"1" + b"}" * depth)
        if kind == 6:
            return self.frames(self.random.choice([[], 1, "text", None, True, [{}]]), content=self.random.choice([[], 1, "text", None]))
        if kind == 7:
            header = self.header(self.random.choice(self.types))
            header[self.random.choice(list(header))] = self.value()
            return self.frames(header)
        if kind == 8:
            header = self.header(self.random.choice(self.types))
            del header[self.random.choice(list(header))]
            return self.frames(header)
        if kind == 9:
            return self.frames(self.header(self.random.choice(self.types)), content=b'{"code":"1","code":"2","cursor_pos":0,"cursor_pos":1}')
        if kind == 10:
            return self.frames(self.header(self.random.choice(self.types)), content=b'{"code":"\xff\xfe","target_name":"\xc0\x80","\\ud800":1,"value":"\\udfff"}')
        if kind == 11 and self.sent:
            return self.random.choice(self.sent)
        if kind == 12:
            return [self.bytes(9) for _ in range(self.random.randrange(500))] + self.request()
        if kind == 13 and self.random.random() < 0.1:
            return self.frames(self.header(self.random.choice(self.types)), content={"code": "//" + "x" * (self.random.randrange(1, 9) << 20), "cursor_pos": 5})
        if kind == 14:
            return self.request() + [self.bytes() for _ in range(self.random.randrange(1, 9))]
        return self.request()

    def next(self):
        frames = self.message() or [b""]
        self.sent = self.sent[-50:] + [frames]
        return frames


def raw(port, data):
    """Bytes on a connection that may never have been a message."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        try:
            connection.sendall(data)
            connection.settimeout(0.05)
            connection.recv(1000)
        except OSError:
            pass  # To be hung up on is a fair answer.


def length_bombs():
    """Frames that promise more than they hold, behind a handshake that is right."""
    greeting = b"\xff" + b"\0" * 7 + b"\x01\x7f\x03\x00NULL" + b"\0" * 16 + b"\0" * 32
    ready = b"\x04\x19\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER"
    for length in (2**31 - 1, 2**31, 2**40, 2**63 - 1, 2**64 - 1, 300 << 20):
        yield greeting + ready + b"\x02" + struct.pack(">Q", length) + b"x" * 100
        yield b"\xff" + b"\0" * 7 + b"\x01\x7f\x01\x05" + b"\x00\x00" + b"\x02" + struct.pack(">Q", length) + b"x" * 100


def check(it, kept):
    assert it.client.is_alive() and it.manager.provisioner.process.poll() is None
    clock = Clock()
    assert it.value("kept.Length") == kept
    assert clock.seconds() < 30, clock.seconds()


def main():
    with kernel() as it:
        reply, _ = it.run("var kept = new int[123];")
        assert reply["status"] == "ok", reply
        info = it.manager.get_connection_info()
        context = zmq.Context()
        for name in ("shell", "control", "stdin", "hb", "iopub"):
            attacker = Attacker(SEED, info["key"], TYPES.get(name, SHELL))
            channel = context.socket(zmq.SUB if name == "iopub" else zmq.DEALER)
            channel.connect(f"tcp://127.0.0.1:{info[name + '_port']}")
            for _ in range(COUNT):
                if name == "iopub":
                    channel.subscribe(b"".join(attacker.next())[: attacker.random.choice([1, 20, 500, 5000])])
                    continue
                channel.send_multipart(attacker.next())
                while channel.poll(0):
                    channel.recv_multipart()
            # What was sent is read by now, as it is read in order on each socket.
            if name in ("shell", "control"):
                last = attacker.frames(attacker.header("kernel_info_request"))
                channel.send_multipart(last)
                message_id = json.loads(last[2])["msg_id"]
                answered = False
                while not answered:
                    assert channel.poll(60_000), f"{name} is not answered."
                    answered = json.loads(channel.recv_multipart()[-3]).get("msg_id") == message_id
            elif name == "hb":
                channel.send(b"still there?")
                while channel.poll(10_000) and channel.recv_multipart() != [b"still there?"]:
                    pass
            check(it, "123")
            channel.close(linger=0)
            print(f"{name}: {COUNT} messages, {it.resident() / 1e6:.0f} MB", flush=True)
        # What they asked for is done and forgotten.
        held = int(it.value("GC.GetTotalMemory(true)"))
        print(f"{held / 1e6:.0f} MB of objects", flush=True)
        assert held < 400e6, held
        bytes_of = random.Random(SEED)
        for name in ("shell", "control", "stdin", "hb", "iopub"):
            port = info[name + "_port"]
            for _ in range(40):
                raw(port, bytes_of.randbytes(bytes_of.randrange(500)))
            for bomb in length_bombs():
                raw(port, bomb)
        check(it, "123")
        print(f"raw bytes on every port, {it.peak() / 1e6:.0f} MB peak")
        context.destroy(linger=0)
    print("hostile ok")


if __name__ == "__main__":
    sys.exit(main())
