"""A second reader of V1 and V2 checkpoints and of graphs, of Python's standard library only. Shares nothing with ours.

checkpoint PREFIX    prints {name in hexadecimal: [type number, shape, SHA-256 of the values, their CRC-32C, number of slices]}; all stored checksums are compared
graph FILE [FIELD]   prints [[name, op], ...] of a GraphDef, which is field FIELD of the file's message where that is told
"""
import glob
import hashlib
import json
import os
import struct
import sys

TABLE = []
for byte in range(256):
    for _ in range(8):
        byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
    TABLE.append(byte)

SIZES = {1: 4, 2: 8, 3: 4, 4: 1, 5: 2, 6: 1, 8: 8, 9: 8, 10: 1, 11: 1, 12: 1, 13: 4, 14: 2, 15: 2, 16: 2, 17: 2, 18: 16, 19: 2, 22: 4, 23: 8}
STRING = 7
# V1: the field of TensorProto that has the values, and how struct packs an element in memory.
FIELDS = {1: (5, "f"), 2: (6, "d"), 3: (7, "i"), 4: (7, "B"), 5: (7, "h"), 6: (7, "b"), 8: (9, "f"), 9: (10, "q"), 10: (11, "?"), 11: (7, "b"),
          12: (7, "B"), 13: (7, "i"), 15: (7, "h"), 16: (7, "H"), 17: (7, "H"), 18: (12, "d"), 19: (13, "H")}


def crc32c(data, crc=0):
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def masked(crc):
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def signed(value):
    return value - (1 << 64) if value >= 1 << 63 else value


def fields(data):
    """(number, value) of every field; varints as numbers, all else as bytes."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = varint(data, at)
        else:
            if kind == 2:
                size, at = varint(data, at)
            else:
                size = {1: 8, 5: 4}[kind]
            value = data[at:at + size]
            assert len(value) == size, "a field is cut short"
            at += size
        yield tag >> 3, value


def last(data, number, default=0):
    found = default
    for key, value in fields(data):
        if key == number:
            found = value
    return found


def unsnap(data):
    size, at = varint(data, 0)
    out = bytearray()
    while at < len(data):
        tag = data[at]
        at += 1
        if tag & 3 == 0:
            length = tag >> 2
            if length >= 60:
                more = length - 59
                length = int.from_bytes(data[at:at + more], "little")
                at += more
            out += data[at:at + length + 1]
            at += length + 1
            continue
        if tag & 3 == 1:
            length, offset = ((tag >> 2) & 7) + 4, ((tag >> 5) << 8) | data[at]
            at += 1
        else:
            width = 2 if tag & 3 == 2 else 4
            length, offset = (tag >> 2) + 1, int.from_bytes(data[at:at + width], "little")
            at += width
        for _ in range(length):
            out.append(out[-offset])
    assert len(out) == size
    return bytes(out)


def block(data, handle):
    offset, at = varint(handle, 0)
    size, _ = varint(handle, at)
    stored, kind = data[offset:offset + size], data[offset + size]
    (crc,) = struct.unpack("<I", data[offset + size + 1:offset + size + 5])
    assert crc == masked(crc32c(data[offset:offset + size + 1])), "checksum of the block at %d" % offset
    contents = unsnap(stored) if kind == 1 else stored
    assert kind in (0, 1)
    (restarts,) = struct.unpack("<I", contents[-4:])
    end, at, key = len(contents) - 4 - 4 * restarts, 0, b""
    starts = [struct.unpack("<I", contents[end + 4 * i:end + 4 * i + 4])[0] for i in range(restarts)]
    while at < end:
        start = at
        shared, at = varint(contents, at)
        own, at = varint(contents, at)
        size, at = varint(contents, at)
        assert start not in starts or shared == 0, "a restart shares"
        assert shared <= len(key)
        key = key[:shared] + contents[at:at + own]
        at += own
        yield key, contents[at:at + size]
        at += size
    assert at == end


def table(path):
    with open(path, "rb") as file:
        data = file.read()
    footer = data[-48:]
    assert footer[-8:] == bytes.fromhex("57fb808b247547db"), "magic"
    _, at = varint(footer, 0)
    _, at = varint(footer, at)
    rows = []
    for _, handle in block(data, footer[at:]):
        rows += block(data, handle)
    keys = [key for key, _ in rows]
    assert keys == sorted(set(keys)), "keys ascend"
    return rows


def shape_of(data):
    return [signed(last(dim, 1)) for key, dim in fields(data) if key == 2]


def count(shape):
    total = 1
    for size in shape:
        total *= size
    return total


def extents(data, shape):
    """Start and length in each dimension of a TensorSliceProto."""
    found = []
    for (key, extent), size in zip([f for f in fields(data) if f[0] == 1], shape):
        numbers = dict(fields(extent))
        found.append([numbers.get(1, 0), numbers[2]] if 2 in numbers else [0, size])
    return found


def ordered(data, at):
    """A number in the encoding of slice keys."""
    first = data[at]
    negative = first < 0x80
    flipped = [(b ^ 0xFF if negative else b) for b in data[at:at + 10]]
    size, bits = 0, flipped[0] << 8 | (flipped[1] if len(flipped) > 1 else 0)
    while bits & (0x8000 >> size):
        size += 1
    value = int.from_bytes(bytes(flipped[:size]), "big") & ((1 << (8 * size - size)) - 1)
    return (~value if negative else value), at + size


def slice_key(key, shape_by_name):
    """Name and extents that a key of a slice spells; None for a plain name."""
    if not key.startswith(b"\0"):
        return None
    at, name = 1, bytearray()
    while key[at:at + 2] != b"\0\1":
        if key[at] in (0, 0xFF):
            name.append(key[at])
            at += 2
        else:
            name.append(key[at])
            at += 1
    at += 2
    size = key[at]
    rank = int.from_bytes(key[at + 1:at + 1 + size], "big")
    at += 1 + size
    found = []
    for dim in range(rank):
        start, at = ordered(key, at)
        length, at = ordered(key, at)
        found.append([start, shape_by_name[bytes(name)][dim] if length == -1 else length])
    assert at == len(key)
    return bytes(name), found


def put(target, shape, box, part, size):
    """Copies the elements of a box, row by row, into a whole tensor."""
    def walk(dim, offset):
        if dim == len(shape):
            yield offset
            return
        for index in range(box[dim][1]):
            yield from walk(dim + 1, offset * shape[dim] + box[dim][0] + index)
    for at, to in enumerate(walk(0, 0)):
        if isinstance(part, list):
            target[to] = part[at]
        else:
            target[to * size:(to + 1) * size] = part[at * size:(at + 1) * size]


def strings(data, number, crc):
    lengths, at, running = [], 0, 0
    for _ in range(number):
        length, at = varint(data, at)
        lengths.append(length)
        running = crc32c(struct.pack("<I", length), running)
    assert data[at:at + 4] == struct.pack("<I", masked(running)), "checksum of lengths"
    assert masked(crc32c(data[at:], running)) == crc, "checksum of strings"
    at += 4
    found = []
    for length in lengths:
        found.append(data[at:at + length])
        at += length
    assert at == len(data)
    return found


def told(dtype, shape, values, slices):
    """What is printed of a tensor; checksums are of the values alone, strings without their lengths."""
    if values is None:
        return [dtype, shape, None, 0, slices]
    if isinstance(values, list):
        lengths = b"".join(struct.pack("<Q", len(v)) + v for v in values)
        return [dtype, shape, hashlib.sha256(lengths).hexdigest(), crc32c(b"".join(values)), slices]
    return [dtype, shape, hashlib.sha256(values).hexdigest(), crc32c(values), slices]


def whole(dtype, shape, parts):
    size = SIZES.get(dtype, 0)
    target = [None] * count(shape) if dtype == STRING else bytearray(count(shape) * size)
    covered = 0
    for box, values in parts:
        put(target, shape, box, values, size)
        covered += count([length for _, length in box])
    if covered != count(shape):
        return None
    return target if dtype == STRING else bytes(target)


def bundle(prefix):
    rows = table(prefix + ".index")
    assert rows[0][0] == b""
    shards = last(rows[0][1], 1)
    assert last(rows[0][1], 2) == 0, "little-endian"
    files = {}
    for shard in range(shards):
        path = "%s.data-%05d-of-%05d" % (prefix, shard, shards)
        if os.path.exists(path):
            with open(path, "rb") as file:
                files[shard] = file.read()
    shapes = {key: shape_of(last(entry, 2, b"")) for key, entry in rows[1:]}

    def values(entry):
        dtype, shape = last(entry, 1), shape_of(last(entry, 2, b""))
        offset, size, (crc,) = last(entry, 4), last(entry, 5), struct.unpack("<I", last(entry, 6, bytes(4)))
        data = files[last(entry, 3)][offset:offset + size]
        assert len(data) == size
        if dtype == STRING:
            return [] if size == 0 and count(shape) == 0 else strings(data, count(shape), crc)
        assert size == count(shape) * SIZES[dtype]
        assert masked(crc32c(data)) == crc, "checksum of values"
        return data

    parts = {}
    for key, entry in rows[1:]:
        spelled = slice_key(key, shapes)
        if spelled:
            parts.setdefault(spelled[0], []).append((spelled[1], values(entry)))
    found = {}
    for key, entry in rows[1:]:
        if key.startswith(b"\0"):
            continue
        dtype, shape = last(entry, 1), shapes[key]
        slices = [extents(s, shape) for number, s in fields(entry) if number == 7]
        if slices:
            assert sorted(slices) == sorted(box for box, _ in parts[key]), "slices listed and stored"
            found[key] = told(dtype, shape, whole(dtype, shape, parts[key]), len(slices))
        else:
            found[key] = told(dtype, shape, values(entry), 0)
    return found


def proto_values(dtype, proto):
    if dtype == STRING:
        return [value for number, value in fields(proto) if number == 8]
    field, code = FIELDS[dtype]
    out = bytearray()
    for number, value in fields(proto):
        if number != field:
            continue
        if isinstance(value, int):
            numbers = [value]
        elif field in (5, 6, 9, 12):
            out += value
            continue
        else:
            numbers, at = [], 0
            while at < len(value):
                item, at = varint(value, at)
                numbers.append(item)
        for item in numbers:
            width = struct.calcsize(code)
            out += (item & ((1 << (8 * width)) - 1)).to_bytes(width, "little")
    return bytes(out)


def slice_files(paths):
    shapes, types, listed, parts = {}, {}, {}, {}
    tables = [table(path) for path in paths]
    for rows in tables:
        assert rows[0][0] == b""
        for number, tensor in fields(last(rows[0][1], 1, b"")):
            if number != 1:
                continue
            name = last(tensor, 1, b"")
            shapes[name], types[name] = shape_of(last(tensor, 2, b"")), last(tensor, 3)
            listed.setdefault(name, []).extend(extents(s, shapes[name]) for key, s in fields(tensor) if key == 4)
    for rows in tables:
        for key, row in rows[1:]:
            name, box = slice_key(key, shapes)
            saved = last(row, 2, b"")
            assert last(saved, 1, b"") == name
            assert extents(last(saved, 2, b""), shapes[name]) == box, "the key and the message name one slice"
            parts.setdefault(name, []).append((box, proto_values(types[name], last(saved, 3, b""))))
    found = {}
    for name, boxes in listed.items():
        assert sorted(boxes) == sorted(box for box, _ in parts[name])
        found[name] = told(types[name], shapes[name], whole(types[name], shapes[name], parts[name]), len(boxes))
    return found


def main():
    action, path = sys.argv[1:3]
    if action == "graph":
        with open(path, "rb") as file:
            data = file.read()
        for number in sys.argv[3:]:
            data = last(data, int(number), b"")
        json.dump([[last(node, 1, b"").decode(), last(node, 2, b"").decode()] for number, node in fields(data) if number == 1], sys.stdout)
        return
    if os.path.exists(path + ".index"):
        found = bundle(path)
    else:
        found = slice_files([path] if os.path.exists(path) else sorted(glob.glob(glob.escape(path) + "-?????-of-?????")))
    json.dump({name.hex(): tensor for name, tensor in found.items()}, sys.stdout)


main()
