"""Files are in the backups too: copied once, read at each rehearsal, put back with the rows that point to them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from tests.bucket import Objects
from tests.cast import NOW, City, build_city, build_people, keep_file, sign_in
from xinmei.files import jobs as file_jobs
from xinmei.files.folder import Folder
from xinmei.files.keeping import forget, load
from xinmei.files.models import StoredFile
from xinmei.files.opening import open_store
from xinmei.jobs.handlers import JobFailed, Run
from xinmei.people.events import SYSTEM
from xinmei.people.models import Event
from xinmei.upkeep import actions, jobs, mirror
from xinmei.upkeep.manifests import list_backups

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city(tmp_path: Path, settings: Any) -> Any:
    settings.SECOND_FACTOR = False
    settings.BACKUPS, settings.FILES = str(tmp_path / "backups"), str(tmp_path / "files")
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


def copied() -> set[str]:
    return {one.sha256 for one in mirror.mirror().listed()}


def break_file(folder: Folder, sha256: str) -> None:
    folder.path(sha256).chmod(0o600)
    folder.path(sha256).write_bytes(b"broken")


def live(settings: Any) -> Folder:
    return Folder(Path(settings.FILES))


def test_a_night_copies_what_is_new_and_lists_all(city: City) -> None:
    first = keep_file(b"first")
    made = actions.back_up(NOW, by=SYSTEM)
    assert (made.files, copied()) == (1, {first.sha256})
    was = mirror.mirror().path(first.sha256).stat().st_mtime_ns
    second = keep_file(b"second")
    again = actions.back_up(NOW + DAY, by=SYSTEM)
    assert {sha256 for sha256, _ in mirror.read_list(again.name)} == copied() == {first.sha256, second.sha256}
    assert mirror.mirror().path(first.sha256).stat().st_mtime_ns == was
    assert '"files": 2' in Event.objects.filter(verb="back_up").latest("at").content


def test_a_file_goes_with_the_last_backup_that_has_it(city: City, settings: Any) -> None:
    settings.BACKUPS_KEPT = 1
    gone = keep_file(b"gone")
    actions.back_up(NOW, by=SYSTEM)
    forget([gone.sha256])
    assert not StoredFile.objects.exists()
    path = mirror.mirror().path(gone.sha256)
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert copied() == {gone.sha256}
    actions.back_up(NOW + 2 * DAY, by=SYSTEM)
    assert copied() == set()


def test_a_rehearsal_reads_every_file_mends_what_it_can_and_names_what_it_cannot(city: City, settings: Any) -> None:
    kept, lost = keep_file(b"kept"), keep_file(b"lost")
    made = actions.back_up(NOW, by=SYSTEM)
    assert actions.rehearse(made, NOW, by=SYSTEM).state == "recoverable"
    break_file(mirror.mirror(), kept.sha256)
    assert actions.rehearse(made, NOW, by=SYSTEM).state == "recoverable"
    for folder in (mirror.mirror(), live(settings)):
        folder.path(lost.sha256).unlink()
    assert lost.sha256 in actions.rehearse(made, NOW, by=SYSTEM).fault
    with pytest.raises(JobFailed, match=r"恢复不出来.*1 个文件缺失"):
        jobs.rehearse(Run({}, NOW, NOW))


def test_a_shortened_list_of_files_is_told(city: City) -> None:
    keep_file(b"a")
    made = actions.back_up(NOW, by=SYSTEM)
    made.list_of_files.write_text("")
    assert "文件清单应有 1 个，只有 0 个" in actions.rehearse(made, NOW, by=SYSTEM).fault


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_backed_up(city: City, settings: Any) -> None:
    keep_file(b"kept")
    lost = keep_file(b"lost")
    live(settings).path(lost.sha256).unlink()
    with pytest.raises(JobFailed, match=f"没有备份到，1 个：{lost.sha256}"):
        jobs.back_up(Run({}, NOW, NOW))
    (made,) = list_backups()
    assert made.files == 1
    assert "读不出来" in actions.rehearse(made, NOW, by=SYSTEM).fault


def test_a_restored_database_has_its_files(city: City, tmp_path: Path, settings: Any, empty_database: str) -> None:
    whole, lost = keep_file(b"whole"), keep_file(b"lost")
    made = actions.back_up(NOW, by=SYSTEM)
    environment = os.environ | {
        "XINMEI_DATABASE": empty_database,
        "XINMEI_VAR": str(tmp_path / "var"),
        "XINMEI_BACKUPS": settings.BACKUPS,
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "xinmei", "manage", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    mirror.mirror().path(lost.sha256).unlink()
    done = run("restore")
    assert f"恢复 {made.total} 行、1 个文件" in done.stdout, done.stderr
    assert f"1 个文件备份里没有，恢复不了：{lost.sha256}" in done.stderr
    assert b"".join(Folder(tmp_path / "var" / "files").read(whole.sha256)) == b"whole"
    checked = run("files", "--check")
    assert f"{lost.sha256}：文件缺失" in checked.stdout
    assert checked.returncode == 1


def test_a_backup_of_the_time_before_files_is_restored_as_it_is(city: City) -> None:
    made = actions.back_up(NOW, by=SYSTEM)
    manifest = made.path.with_name(f"{made.name}.json")
    said = manifest.read_text().replace('"files": 0,\n', "").replace('"unsaved": "",\n', "")
    manifest.write_text(said)
    made.list_of_files.unlink()
    (old,) = list_backups()
    assert old.files is None
    assert actions.rehearse(old, NOW, by=SYSTEM).state == "recoverable"


def test_what_is_broken_is_red_and_mended_from_the_backup(city: City, settings: Any, capsys: Any) -> None:
    kept, lost = keep_file(b"kept"), keep_file(b"lost")
    actions.back_up(NOW, by=SYSTEM)
    call_command("files", "--check")
    break_file(live(settings), kept.sha256)
    for folder in (mirror.mirror(), live(settings)):
        folder.path(lost.sha256).unlink()
    with pytest.raises(JobFailed, match="2 个文件里有 2 个不对"):
        file_jobs.check_files(Run({}, NOW, NOW))
    desk = sign_in(Client(), city.people["xi"]).get("/").content.decode()
    assert "上次核对有 2 个文件缺失或被改动" in desk
    with pytest.raises(CommandError, match="2 个文件里有 1 个不对"):
        call_command("files", "--mend")
    assert f"已从备份补回 {kept.sha256}" in capsys.readouterr().out
    assert load(kept.sha256) == b"kept"
    assert StoredFile.objects.exclude(fault="").get().pk == lost.pk


def test_the_files_move_to_a_bucket_and_are_backed_up_from_there(
    city: City, settings: Any, objects: Objects, capsys: Any
) -> None:
    files = [keep_file(f"file {number}".encode()) for number in range(3)]
    bucket = "moved-from-a-folder"
    objects.client().create_bucket(Bucket=bucket)
    for name, value in objects.environment(bucket).items():
        if name != "XINMEI_FILES":
            setattr(settings, name.removeprefix("XINMEI_"), value)
    address = f"s3://{bucket}/a/b"
    call_command("files", "--copy-to", address)
    call_command("files", "--copy-to", address)
    said = capsys.readouterr().out
    assert "新拷 3 个，已有 0 个" in said
    assert "新拷 0 个，已有 3 个" in said
    shutil.rmtree(settings.FILES)
    settings.FILES = address
    assert load(files[0].sha256) == b"file 0"
    call_command("files", "--check")
    made = actions.back_up(NOW, by=SYSTEM)
    assert made.files == 3
    sha256 = files[1].sha256
    objects.client().delete_object(Bucket=bucket, Key=f"a/b/{sha256[:2]}/{sha256[2:4]}/{sha256}")
    call_command("files", "--mend")
    assert load(sha256) == b"file 1"


def test_a_backup_is_made_of_the_database_where_the_store_does_not_answer(city: City, settings: Any) -> None:
    keep_file(b"x")
    settings.FILES, settings.S3_ENDPOINT = "s3://nowhere", "http://127.0.0.1:9"
    settings.S3_KEY, settings.S3_SECRET, settings.S3_REGION = "a", "b", "c"
    assert open_store(settings.FILES)
    with pytest.raises(JobFailed, match="没有备份到，1 个"):
        jobs.back_up(Run({}, NOW, NOW))
    assert len(list_backups()) == 1
    with pytest.raises(JobFailed, match="连不上对象存储"):
        file_jobs.check_files(Run({}, NOW, NOW))


def test_the_settings_say_where_files_lie_and_never_the_secret(city: City, settings: Any) -> None:
    settings.FILES, settings.S3_ENDPOINT, settings.S3_SECRET = "s3://city/xinmei", "https://s3.example", "parola"
    shown = sign_in(Client(), city.people["xi"]).get("/settings/").content.decode()
    assert "s3://city/xinmei" in shown
    assert "parola" not in shown
