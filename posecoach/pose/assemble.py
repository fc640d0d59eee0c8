"""Put a pose landmarker bundle together from the two models in a MediaPipe wheel.

Up to release 0.10.21 the wheels of MediaPipe carried the networks of the *full* pose
landmarker as two bare TFLite files. A ``.task`` bundle is a ZIP of the same two files,
stored uncompressed on 4-byte boundaries, each with TFLite metadata that says how
pixels become numbers. The detector in the wheel has that metadata, the landmark network
has not; it is added here.

A TFLite file is a FlatBuffer: tables joined by *forward* offsets. So nothing in the file
needs rewriting: a new root table is put in front, which points to the old parts behind
it and to one buffer more. The networks stay byte for byte as they were, and the result
depends on nothing but its input: no clock, no library's version.

Formats: https://flatbuffers.dev/internals/ , ``schema.fbs`` of TensorFlow Lite and
``metadata_schema.fbs`` of TFLite Support (table and field numbers below are theirs).
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_TENSOR_ALIGNMENT = 16  # schema.fbs: Buffer.data is (force_align: 16)
_ZIP_ALIGNMENT = 4  # MediaPipe maps the models in place and refuses others
_ZIP_PADDING_ID = 0xD935  # extra field of zipalign (Android APKs), in APPNOTE's registry
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP can tell: the bytes are to be the same

# Field numbers of table Model in schema.fbs.
_MODEL_VERSION, _MODEL_BUFFERS, _MODEL_METADATA, _MODEL_FIELDS = 0, 4, 6, 8
_METADATA_NAME = b"TFLITE_METADATA"
_NORMALIZATION_OPTIONS = 1  # union ProcessUnitOptions of the metadata's schema


@dataclass(frozen=True, slots=True)
class Normalization:
    """How a pixel value 0..255 becomes the network's input: ``(value - mean) / std``."""

    mean: float
    std: float


def assemble(models: Mapping[str, tuple[bytes, Normalization | None]]) -> bytes:
    """Return a bundle of TFLite models.

    Args:
        models: name in the bundle → TFLite file and the normalization to write into it
            (None where it says so itself), in the order in which they are stored.

    Raises:
        ValueError: one of them is not a TFLite file.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
        for name, (model, normalization) in models.items():
            info = zipfile.ZipInfo(name, _ZIP_EPOCH)
            info.create_system = 3  # or the bytes would differ on Windows
            start = out.tell() + 30 + len(name) + 4  # local header, name, header of the padding
            padding = -start % _ZIP_ALIGNMENT
            info.extra = struct.pack("<HH", _ZIP_PADDING_ID, padding) + bytes(padding)
            if normalization is not None:
                model = with_normalization(model, normalization)
            bundle.writestr(info, model)
    return out.getvalue()


def with_normalization(model: bytes, normalization: Normalization) -> bytes:
    """Return a TFLite model with the metadata that MediaPipe reads its input's range from.

    Raises:
        ValueError: it is not a TFLite file.
    """
    if model[4:8] != b"TFL3":
        raise ValueError("not a TFLite model")
    fields = _fields(model)
    buffers = _vector(model, fields[_MODEL_BUFFERS])
    entries = _vector(model, fields[_MODEL_METADATA])

    front = _FlatBuffer(b"TFL3")
    slots: list[int | None] = [None if at is None else 0 for at in fields]
    slots[_MODEL_VERSION] = None if fields[0] is None else _u32(model, fields[0])
    slots[_MODEL_BUFFERS] = slots[_MODEL_METADATA] = 0
    root = front.table(slots)
    front.link(0, root)
    buffers_at = front.vector(len(buffers) + 1)
    front.link(_slot(root, _MODEL_BUFFERS), buffers_at)
    entries_at = front.vector(len(entries) + 1)
    front.link(_slot(root, _MODEL_METADATA), entries_at)

    entry = front.table([0, len(buffers)])
    front.link(_item(entries_at, len(entries)), entry)
    front.link(_slot(entry, 0), front.string(_METADATA_NAME))
    buffer = front.table([0])
    front.link(_item(buffers_at, len(buffers)), buffer)
    front.link(_slot(buffer, 0), front.block(_metadata(normalization), _TENSOR_ALIGNMENT))

    front.align(_TENSOR_ALIGNMENT)
    shift = len(front.data)
    for number in range(_MODEL_VERSION + 1, _MODEL_FIELDS):
        at = fields[number]
        if at is not None and number not in (_MODEL_BUFFERS, _MODEL_METADATA):
            front.link(_slot(root, number), shift + _follow(model, at))
    for vector, items in ((buffers_at, buffers), (entries_at, entries)):
        for index, target in enumerate(items):
            front.link(_item(vector, index), shift + target)
    return bytes(front.data) + model


def _metadata(normalization: Normalization) -> bytes:
    """Return a ModelMetadata FlatBuffer with nothing but one input's normalization."""
    out = _FlatBuffer(b"M001")
    at = out.table([None, None, None, 0])  # ModelMetadata.subgraph_metadata
    out.link(0, at)
    # Each table holds a vector of one table: SubGraphMetadata.input_tensor_metadata, then
    # TensorMetadata.process_units, then ProcessUnit.options_type and its options.
    for slot, child in (
        (3, [None, None, 0]),
        (2, [None, None, None, None, 0]),
        (4, [_NORMALIZATION_OPTIONS, 0]),
    ):
        vector = out.vector(1)
        out.link(_slot(at, slot), vector)
        at = out.table(child)
        out.link(_item(vector, 0), at)
    options = out.table([0, 0])  # NormalizationOptions.mean, .std
    out.link(_slot(at, 1), options)
    for number, value in enumerate((normalization.mean, normalization.std)):
        vector = out.vector(1)
        out.link(_slot(options, number), vector)
        struct.pack_into("<f", out.data, _item(vector, 0), value)
    return bytes(out.data)


class _FlatBuffer:
    """A FlatBuffer written front to back; every field takes four bytes.

    (The official builder writes back to front, and its layout may change with its version.)
    """

    def __init__(self, identifier: bytes) -> None:
        self.data = bytearray(bytes(4) + identifier)

    def align(self, to: int, ahead: int = 0) -> None:
        """Pad so that what comes ``ahead`` bytes further on starts on a multiple of ``to``."""
        self.data += bytes(-(len(self.data) + ahead) % to)

    def table(self, fields: Sequence[int | None]) -> int:
        """Write a table; a field is its value, 0 where a link follows, None where absent."""
        head = 4 + 2 * len(fields)
        self.align(4, head)
        slots = (0 if value is None else _slot(0, n) for n, value in enumerate(fields))
        self.data += struct.pack(f"<HH{len(fields)}H", head, _slot(0, len(fields)), *slots)
        at = len(self.data)
        self.data += struct.pack(f"<i{len(fields)}I", head, *(value or 0 for value in fields))
        return at

    def vector(self, length: int) -> int:
        """Write a vector of ``length`` empty four-byte items."""
        self.align(4)
        at = len(self.data)
        self.data += struct.pack("<I", length) + bytes(4 * length)
        return at

    def block(self, content: bytes, alignment: int) -> int:
        """Write a vector of bytes, the first of them on a multiple of ``alignment``."""
        self.align(alignment, 4)
        at = len(self.data)
        self.data += struct.pack("<I", len(content)) + content
        return at

    def string(self, text: bytes) -> int:
        """Write a string, which FlatBuffers end with a zero that does not count."""
        at = self.block(text, 4)
        self.data += b"\0"
        return at

    def link(self, at: int, target: int) -> None:
        """Make the offset at ``at`` point to ``target``, which lies further on."""
        struct.pack_into("<I", self.data, at, target - at)


def _slot(table: int, number: int) -> int:
    """Where field ``number`` of a table written by ``_FlatBuffer`` is."""
    return table + 4 + 4 * number


def _item(vector: int, index: int) -> int:
    """Where four-byte item ``index`` of a vector is."""
    return vector + 4 + 4 * index


def _u32(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _follow(data: bytes, at: int) -> int:
    """Where the offset at ``at`` points."""
    return at + _u32(data, at)


def _fields(data: bytes) -> list[int | None]:
    """Where the fields of the root table Model are; None for those it does not have."""
    root = _follow(data, 0)
    vtable = root - int.from_bytes(data[root : root + 4], "little", signed=True)
    count = (int.from_bytes(data[vtable : vtable + 2], "little") - 4) // 2
    if count > _MODEL_FIELDS and any(data[vtable + 4 + 2 * _MODEL_FIELDS : vtable + 4 + 2 * count]):
        raise ValueError("a TFLite model of a newer schema")
    places = struct.unpack_from(f"<{min(count, _MODEL_FIELDS)}H", data, vtable + 4)
    found: list[int | None] = [root + place if place else None for place in places]
    return found + [None] * (_MODEL_FIELDS - len(found))


def _vector(data: bytes, field: int | None) -> list[int]:
    """Where the tables of the vector are that ``field`` points to."""
    if field is None:
        return []
    vector = _follow(data, field)
    return [_follow(data, _item(vector, index)) for index in range(_u32(data, vector))]
