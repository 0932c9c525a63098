"""Writes test/formats/samples/tables: one small table as other libraries write it, and its values.

    python test/crosscheck/tables.py

Made with pyarrow 26.0.1, duckdb 2.0.1, polars 2.1.0, pandas 3.1.1, safetensors 0.8.0, numpy 2.4.6.
The test reads every file and compares with values.jsonl; it needs no Python.
"""

import datetime
import json
import pathlib

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import safetensors.numpy

folder = pathlib.Path(__file__).parent.parent / "formats" / "samples" / "tables"
folder.mkdir(parents=True, exist_ok=True)
N = 40

rows = []
for i in range(N):
    missing = i % 7 == 3
    rows.append(
        {
            "id": f"r{i:02d}",
            "label": None if missing else ["brick", "naïve", "雪", ""][i % 4],
            "count": None if missing else (-1) ** i * 3**i % 2**40,
            "small": i - 20,
            "score": None if missing else i / 3 - 5,
            "good": None if missing else i % 3 == 0,
            "vector": None if missing else [i / 8, -i / 4, 0.5],
            "words": [] if i % 5 == 0 else None if missing else [f"w{j}" for j in range(i % 4)],
            "views": None if missing else [[i / 2, j] for j in range(1 + i % 2)],
            "day": None if missing else (datetime.date(2020, 2, 27) + datetime.timedelta(i)).isoformat(),
        }
    )
lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
(folder / "values.jsonl").write_text("".join(lines))

schema = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        ("label", pa.string()),
        ("count", pa.int64()),
        ("small", pa.int8()),
        ("score", pa.float64()),
        ("good", pa.bool_()),
        ("vector", pa.list_(pa.float32())),
        ("words", pa.list_(pa.string())),
        ("views", pa.list_(pa.list_(pa.float32()))),
        ("day", pa.date32()),
    ]
)
typed = [{**r, "day": r["day"] and datetime.date.fromisoformat(r["day"])} for r in rows]
table = pa.Table.from_pylist(typed, schema=schema)


def parquet(name, **options):
    pq.write_table(table, folder / f"{name}.parquet", **options)


for codec in ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]:
    parquet(f"pyarrow-{codec}", compression=codec)
parquet("pyarrow-v2", data_page_version="2.0", compression="zstd", version="2.6")
parquet("pyarrow-plain", use_dictionary=False, compression="none")
parquet("pyarrow-groups", row_group_size=9, data_page_size=64, compression="snappy")
parquet("pyarrow-v2-pages", data_page_version="2.0", data_page_size=64, write_batch_size=4)
parquet("pyarrow-legacy-lists", use_compliant_nested_type=False)
delta = {
    "count": "DELTA_BINARY_PACKED",
    "small": "DELTA_BINARY_PACKED",
    "id": "DELTA_BYTE_ARRAY",
    "label": "DELTA_LENGTH_BYTE_ARRAY",
    "score": "BYTE_STREAM_SPLIT",
    "vector.list.element": "BYTE_STREAM_SPLIT",
    "good": "RLE",
}
parquet("pyarrow-delta", use_dictionary=False, column_encoding=delta, data_page_version="2.0")

numbers_only = table.drop_columns(["words"])
pq.write_table(numbers_only, folder / "numbers.parquet")
feather.write_feather(numbers_only, folder / "numbers.feather", compression="lz4")
pl.from_arrow(table).write_parquet(folder / "polars.parquet")
table.to_pandas().to_parquet(folder / "pandas.parquet")
duckdb.from_arrow(table).write_parquet(str(folder / "duckdb.parquet"))

for codec in ["uncompressed", "lz4", "zstd"]:
    feather.write_feather(table, folder / f"pyarrow-{codec}.feather", compression=codec)
feather.write_feather(table, folder / "chunks.feather", compression="lz4", chunksize=7)
pl.from_arrow(table).write_ipc_stream(folder / "polars-zstd.arrows", compression="zstd")
pl.from_arrow(table).write_ipc_stream(folder / "polars-lz4.arrows", compression="lz4")
with pa.ipc.new_stream(folder / "pyarrow.arrows", table.schema) as out:
    out.write_table(table, max_chunksize=11)
with pa.ipc.new_stream(
    folder / "pyarrow-lz4.arrows", schema, options=pa.ipc.IpcWriteOptions(compression="lz4")
) as out:
    out.write_table(table)
feather.write_feather(
    table.set_column(1, "label", table["label"].dictionary_encode()),
    folder / "dictionary.feather",
    compression="lz4",
)

numbers = np.arange(12, dtype="float32").reshape(4, 3) / 8
safetensors.numpy.save_file(
    {
        "f32": numbers,
        "f16": numbers.astype("float16"),
        "f64": numbers.astype("float64"),
        "i64": np.arange(4),
        "u8": np.arange(4, dtype="uint8"),
        "flag": np.array([True, False, True, True]),
    },
    folder / "numbers.safetensors",
    metadata={"made": "by the reference"},
)
print(len(list(folder.iterdir())), "files,", sum(f.stat().st_size for f in folder.iterdir()), "bytes")
