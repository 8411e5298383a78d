"""A second reader and writer of safetensors, .npy and .npz, of Python's standard library only. Shares nothing with ours.

read FILE    prints one JSON object: name -> [type, shape, hexadecimal bytes]
write FILE   takes such an object from standard input
"""
import ast
import io
import json
import struct
import sys
import zipfile

SIZES = {"BOOL": 1, "U8": 1, "I8": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4, "U32": 4, "F32": 4, "C64": 8, "F64": 8, "I64": 8, "U64": 8}


def count(shape):
    total = 1
    for size in shape:
        total *= size
    return total


def read_safetensors(data):
    (length,) = struct.unpack("<Q", data[:8])
    assert length % 8 == 0, "the header is not aligned"
    header = json.loads(data[8:8 + length].decode("utf-8"))
    header.pop("__metadata__", None)
    values = data[8 + length:]
    tensors, end, order = {}, 0, []
    for name, told in header.items():
        first, last = told["data_offsets"]
        assert first == end, "a hole before " + name
        assert last - first == count(told["shape"]) * SIZES[told["dtype"]], "wrong size of " + name
        end = last
        order.append((-SIZES[told["dtype"]], name.encode("utf-8")))
        tensors[name] = [told["dtype"], told["shape"], values[first:last].hex()]
    assert end == len(values), "bytes after the last value"
    assert [o[0] for o in order] == sorted(o[0] for o in order), "small types before large ones"
    return tensors


def write_safetensors(tensors):
    header, values = {"__metadata__": {"format": "pt"}}, b""
    for name, (dtype, shape, content) in tensors.items():
        content = bytes.fromhex(content)
        header[name] = {"shape": shape, "data_offsets": [len(values), len(values) + len(content)], "dtype": dtype}
        values += content
    text = json.dumps(header).encode("ascii")
    return struct.pack("<Q", len(text)) + text + values


def read_npy(data):
    assert data[:6] == b"\x93NUMPY" and data[6] == 1
    (length,) = struct.unpack("<H", data[8:10])
    assert (10 + length) % 64 == 0 and data[9 + length:10 + length] == b"\n"
    told = ast.literal_eval(data[10:10 + length].decode("latin1"))
    assert not told["fortran_order"]
    return [told["descr"], list(told["shape"]), data[10 + length:].hex()]


def write_npy(told):
    dtype, shape, content = told
    text = repr({"descr": dtype, "fortran_order": False, "shape": tuple(shape)}).encode("latin1")
    text += b" " * (-(len(text) + 13) % 64) + b"\n"
    return b"\x93NUMPY\x02\x00" + struct.pack("<I", len(text)) + text + bytes.fromhex(content)


def main():
    action, path = sys.argv[1:3]
    if action == "read":
        with open(path, "rb") as file:
            data = file.read()
        if path.endswith(".safetensors"):
            tensors = read_safetensors(data)
        elif path.endswith(".npz"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                assert archive.testzip() is None
                assert all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())
                tensors = {entry.filename[:-4]: read_npy(archive.read(entry)) for entry in archive.infolist()}
        else:
            tensors = {"": read_npy(data)}
        json.dump(tensors, sys.stdout)
        return
    tensors = json.load(sys.stdin)
    if path.endswith(".npz"):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if "compressed" in path else zipfile.ZIP_STORED) as archive:
            for name, told in tensors.items():
                with archive.open(name + ".npy", "w", force_zip64=True) as entry:
                    entry.write(write_npy(told))
        return
    with open(path, "wb") as file:
        file.write(write_safetensors(tensors) if path.endswith(".safetensors") else write_npy(tensors[""]))


main()
