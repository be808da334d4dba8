"""Files in an S3-compatible store, by boto3: one object a file, `PREFIX/ab/cd/abcd…`."""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from xinmei.files.stores import CHUNK, Lying, Missing, Unreachable

_IN_MEMORY = 8 << 20
# One request of the interface removes at most so many.
_AT_ONCE = 1000
_GONE = {"NoSuchKey", "404", "NotFound"}


class Bucket:
    """A bucket, or what lies in it under a prefix."""

    def __init__(self, bucket: str, prefix: str, *, endpoint: str, region: str, key: str, secret: str) -> None:
        self.bucket, self.prefix = bucket, f"{prefix}/" if prefix else ""
        # Only the digest that we reckon ourselves is sent: not every server knows the newer trailing checksums.
        config = Config(
            connect_timeout=5,
            read_timeout=60,
            retries={"mode": "standard", "max_attempts": 4},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        self.client: Any = boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint or None,
            region_name=region or None,
            aws_access_key_id=key or None,
            aws_secret_access_key=secret or None,
            config=config,
        )

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"

    def name(self, sha256: str) -> str:
        """The key of an object."""
        return f"{self.prefix}{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def put(self, chunks: Iterable[bytes], under: str = "") -> tuple[str, int]:
        """See `Store`. The server takes an object whole or not at all, and compares our digest with its own."""
        digest, size = hashlib.sha256(), 0
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.seek(0)
            sha256 = under or digest.hexdigest()
            sent = base64.b64encode(digest.digest()).decode()
            if not self._has(sha256, size, sent):
                with _asked(""):
                    self.client.put_object(
                        Bucket=self.bucket, Key=self.name(sha256), Body=file, ContentLength=size, ChecksumSHA256=sent
                    )
        return sha256, size

    def _has(self, sha256: str, size: int, digest: str) -> bool:
        """Whether the server says that it has these very bytes. One that keeps no digests is sent them again."""
        try:
            with _asked(sha256):
                kept = self.client.head_object(Bucket=self.bucket, Key=self.name(sha256), ChecksumMode="ENABLED")
        except Missing:
            return False
        return (int(kept["ContentLength"]), kept.get("ChecksumSHA256")) == (size, digest)

    def read(self, sha256: str) -> Iterator[bytes]:
        """See `Store`."""
        with _asked(sha256):
            body = self.client.get_object(Bucket=self.bucket, Key=self.name(sha256))["Body"]
            with body:
                yield from body.iter_chunks(CHUNK)

    def remove(self, digests: Iterable[str]) -> None:
        """See `Store`."""
        names = iter([{"Key": self.name(sha256)} for sha256 in digests])
        while batch := list(islice(names, _AT_ONCE)):
            with _asked(""):
                failed = self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": batch, "Quiet": True})
            if faults := failed.get("Errors"):
                raise Unreachable(f"对象存储没有删掉 {len(faults)} 个文件：{faults[0].get('Message', '')}")

    def listed(self) -> Iterator[Lying]:
        """See `Store`."""
        with _asked(""):
            for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix):
                for one in page.get("Contents", ()):
                    sha256 = one["Key"].rpartition("/")[2]
                    if len(sha256) == 64 and one["Key"] == self.name(sha256):
                        modified: datetime = one["LastModified"]
                        yield Lying(sha256, int(one["Size"]), modified)


@contextmanager
def _asked(sha256: str) -> Iterator[None]:
    """Says in our own words what a request came to."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _GONE and sha256:
            raise Missing(f"文件 {sha256[:12]} 不在对象存储里") from None
        raise Unreachable(f"对象存储不答应（{code}）：{error}") from error
    except BotoCoreError as error:
        raise Unreachable(f"连不上对象存储：{error}") from error
