#!/usr/bin/env python3
"""An event file written from TensorFlow's description of the format, with nothing but the standard library.

    /usr/bin/python3 tensorboard.py > tensorboard.tfevents

Wall time 1773480360.25 throughout; the file version, then loss = 0.5 at step 1, validation/准确率 = 0.875 at step 300 and loss = NaN at step 2**40.
CRC-32C is computed bit by bit, protobuf by hand (event.proto, summary.proto).
"""
import struct
import sys


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


def varint(n):
    out = b""
    while n >= 128:
        out, n = out + bytes([n % 128 + 128]), n // 128
    return out + bytes([n])


def frame(data):
    length = struct.pack("<Q", len(data))
    return length + struct.pack("<I", masked(length)) + data + struct.pack("<I", masked(data))


def field(number, data):
    return varint(number * 8 + 2) + varint(len(data)) + data


def event(rest):
    return frame(b"\x09" + struct.pack("<d", 1773480360.25) + rest)


def scalar(tag, value, step):
    return event(b"\x10" + varint(step) + field(5, field(1, field(1, tag.encode()) + b"\x15" + struct.pack("<f", value))))


assert crc32c(b"123456789") == 0xE3069283
sys.stdout.buffer.write(event(field(3, b"brain.Event:2")) + scalar("loss", 0.5, 1)
                        + scalar("validation/准确率", 0.875, 300) + scalar("loss", float("nan"), 2**40))
