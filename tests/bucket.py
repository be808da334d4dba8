"""A server of one's own on this machine that speaks S3, with one empty bucket."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.request import ProxyHandler, build_opener

import pytest

# Its logins are not checked, but requests are signed as for any other server.
ACCESS = {"XINMEI_S3_KEY": "tests", "XINMEI_S3_SECRET": "only-here", "XINMEI_S3_REGION": "us-east-1"}


@dataclass
class Objects:
    """The server: where it listens, and its process."""

    endpoint: str
    process: subprocess.Popen[bytes]

    def client(self) -> Any:
        """One of boto3's own, to look at what is there and to do harm."""
        import boto3

        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=ACCESS["XINMEI_S3_REGION"],
            aws_access_key_id=ACCESS["XINMEI_S3_KEY"],
            aws_secret_access_key=ACCESS["XINMEI_S3_SECRET"],
        )

    def environment(self, bucket: str) -> dict[str, str]:
        """The settings by which a process keeps its files here."""
        return ACCESS | {"XINMEI_FILES": f"s3://{bucket}/xinmei", "XINMEI_S3_ENDPOINT": self.endpoint}


@pytest.fixture(scope="session")
def objects() -> Iterator[Objects]:
    """The server, once for all tests of a process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ})
    one = Objects(f"http://127.0.0.1:{port}", process)
    ask, end = build_opener(ProxyHandler({})), time.monotonic() + 60
    while True:
        try:
            ask.open(f"{one.endpoint}/moto-api/data.json", timeout=5).close()
            break
        except OSError:
            assert process.poll() is None, "the S3 server ended"
            assert time.monotonic() < end, "the S3 server did not start"
            time.sleep(0.1)
    yield one
    process.kill()
    process.wait()


@pytest.fixture
def bucket(objects: Objects, settings: Any) -> str:
    """An empty bucket, of which the settings of the test know."""
    name = f"test-{secrets.token_hex(8)}"
    objects.client().create_bucket(Bucket=name)
    for key, value in objects.environment(name).items():
        setattr(settings, key.removeprefix("XINMEI_"), value)
    return name
