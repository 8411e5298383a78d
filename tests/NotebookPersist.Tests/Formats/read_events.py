"""Reads an event file with Python's standard library alone and prints each value on a line."""
import math
import struct
import sys
import zlib


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 1:
            value, at = data[at:at + 8], at + 8
        elif kind == 2:
            length, at = varint(data, at)
            value, at = data[at:at + length], at + length
        else:
            value, at = data[at:at + 4], at + 4
        yield key >> 3, value


def doubles(data):
    return [repr(v) for (v,) in struct.iter_unpack("<d", data)]


def png(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0] == zlib.crc32(kind + body)
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    channels = {0: 1, 2: 3, 6: 4}[colour]
    rows = zlib.decompress(packed)
    stride = width * channels + 1
    assert len(rows) == stride * height and all(rows[y * stride] == 0 for y in range(height)) and depth == 8
    return " ".join(str(b) for y in range(height) for b in rows[y * stride + 1:(y + 1) * stride])


def show_value(step, value):
    tag = ""
    for number, content in fields(value):
        if number == 1:
            tag = content.decode()
        elif number == 2:
            print("scalar", step, tag, repr(struct.unpack("<f", content)[0]))
        elif number == 4:
            image = dict(fields(content))
            print("image", step, tag, image[1], image[2], image[3], png(image[4]))
        elif number == 5:
            histogram = dict(fields(content))
            zero = b"\0" * 8
            numbers = [doubles(histogram.get(i, zero))[0] for i in range(1, 6)]
            limits, counts = doubles(histogram[6]), doubles(histogram[7])
            print("histogram", step, tag, *numbers, "|", *[f"{l}:{c}" for l, c in zip(limits, counts) if float(c)])
        elif number == 6:
            audio = dict(fields(content))
            print("audio", step, tag, struct.unpack("<f", audio[1])[0], audio[2], audio[3], audio[4].hex())
        elif number == 8:
            print("tensor", step, tag, dict(fields(content)).get(8, b"").decode())
        elif number == 9:
            print("metadata", step, tag, dict(fields(dict(fields(content))[1]))[1].decode())


def main():
    data = open(sys.argv[1], "rb").read()
    at = 0
    while at < len(data):
        length, crc = struct.unpack("<QI", data[at:at + 12])
        assert crc == masked(data[at:at + 8])
        record = data[at + 12:at + 12 + length]
        assert struct.unpack("<I", data[at + 12 + length:at + 16 + length])[0] == masked(record)
        at += 16 + length
        event = dict(fields(record))
        assert math.isfinite(struct.unpack("<d", event[1])[0])
        step = event.get(2, 0)
        if 3 in event:
            print("version", event[3].decode())
        if 4 in event:
            print("graph", step, " ".join(dict(fields(node))[1].decode() for number, node in fields(event[4]) if number == 1))
        if 5 in event:
            for _, value in fields(event[5]):
                show_value(step, value)
        if 8 in event:
            print("run", step, dict(fields(event[8]))[1].decode())
        if 9 in event:
            print("meta", step)


main()
