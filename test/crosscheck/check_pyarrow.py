"""Reads and writes streams with pyarrow, which shares no code with apache-arrow for JavaScript.

python check_pyarrow.py check FILE          prints what FILE (a stream of sample.ts) says, as JSON
python check_pyarrow.py make FOLDER         writes streams and files of the kinds people have
python check_pyarrow.py rows FILE           prints the rows of any stream, columns by name
python check_pyarrow.py rewrite FROM TO     reads a stream and writes it again, batch by batch
"""

import json
import sys

import pyarrow as pa


def text(metadata):
    return {key.decode(): value.decode() for key, value in (metadata or {}).items()}


def check(path):
    with pa.OSFile(path, "rb") as source:
        reader = pa.ipc.open_stream(source)
        batches, closing = [], {}
        while True:
            try:
                batch, custom = reader.read_next_batch_with_custom_metadata()
            except StopIteration:
                break
            batches.append(batch)
            closing = text(custom)
    table = pa.Table.from_batches(batches, reader.schema)
    table.validate(full=True)
    fields = {field.name: [str(field.type), field.nullable, text(field.metadata)] for field in reader.schema}
    print(json.dumps({"rows": table.to_pylist(), "fields": fields, "metadata": text(reader.schema.metadata), "closing": closing}))


def rows(path):
    with pa.OSFile(path, "rb") as source:
        table = pa.ipc.open_stream(source).read_all()
    table.validate(full=True)
    names = sorted(table.column_names)
    print(json.dumps([[str(row[name]) for name in names] for row in table.to_pylist()]))


def table():
    vector = pa.list_(pa.float32(), 2)
    views = pa.field("views", pa.list_(pa.list_(pa.float16(), 1)), metadata={"pcm.axis": "views"})
    columns = {
        "id": pa.array(["a", "b", "c", "d"]),
        "photo": pa.array([[1, 2], None, [3, 4], [5, 6]], vector),
        "double": pa.array([[0.5], [0.25], None, [4]], pa.list_(pa.float64(), 1)),
        "views": pa.array([[[1], [2]], [], None, [[3]]], views.type),
        "label": pa.array(["x", "y", None, "x"]).dictionary_encode(),
        "large": pa.array(["é", None, "", "zz"], pa.large_string()),
        "viewed": pa.array(["short", None, "longer than twelve bytes", "é"], pa.string_view()),
        "small": pa.array([1, None, 3, 4], pa.int8()),
        "flag": pa.array([True, None, False, True]),
        "when": pa.array([1, None, 3, 4], pa.timestamp("us", "UTC")),
        "price": pa.array([1, None, 3, 4], pa.decimal128(9, 2)),
        "pairs": pa.array([[("k", 1)], None, [], [("l", 2)]], pa.map_(pa.string(), pa.int32())),
    }
    schema = pa.schema([views if name == "views" else pa.field(name, column.type) for name, column in columns.items()])
    return pa.table(list(columns.values()), schema=schema)


def make(folder):
    full = table()
    write(f"{folder}/stream.arrows", full, pa.ipc.new_stream)
    write(f"{folder}/file.arrow", full, pa.ipc.new_file)
    write(f"{folder}/small-batches.arrows", full, pa.ipc.new_stream, max_chunksize=1)
    # A slice keeps the buffers of the whole: offsets do not begin at zero.
    write(f"{folder}/slice.arrows", full.slice(1, 2), pa.ipc.new_stream)
    write(f"{folder}/empty.arrows", full.slice(0, 0), pa.ipc.new_stream)
    lz4 = pa.ipc.IpcWriteOptions(compression="lz4")
    write(f"{folder}/compressed.arrows", full, pa.ipc.new_stream, options=lz4)
    legacy = pa.ipc.IpcWriteOptions(use_legacy_format=True)
    write(f"{folder}/legacy.arrows", full, pa.ipc.new_stream, options=legacy)
    nan = pa.table({"id": ["a", "b"], "photo": pa.array([[1, 2], [float("nan"), 4]], pa.list_(pa.float32(), 2))})
    write(f"{folder}/nan.arrows", nan, pa.ipc.new_stream)


def write(path, rows, open_writer, options=None, max_chunksize=None):
    with pa.OSFile(path, "wb") as sink, open_writer(sink, rows.schema, options=options) as writer:
        writer.write_table(rows, max_chunksize=max_chunksize)


def rewrite(source, target):
    """With and without the metadata of the closing batch."""
    with pa.OSFile(source, "rb") as file:
        reader = pa.ipc.open_stream(file)
        with pa.OSFile(target, "wb") as kept, pa.OSFile(target + ".lost", "wb") as lost:
            with pa.ipc.new_stream(kept, reader.schema) as full, pa.ipc.new_stream(lost, reader.schema) as part:
                while True:
                    try:
                        batch, custom = reader.read_next_batch_with_custom_metadata()
                    except StopIteration:
                        break
                    full.write_batch(batch, custom_metadata=custom)
                    part.write_batch(batch)


if __name__ == "__main__":
    {"check": check, "make": make, "rows": rows, "rewrite": rewrite}[sys.argv[1]](*sys.argv[2:])
