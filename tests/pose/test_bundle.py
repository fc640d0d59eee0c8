"""The pose model: manifest, assembly, provisioning, and what is refused."""

import dataclasses
import errno
import hashlib
import http.server
import io
import os
import re
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from posecoach.cli.models import models
from posecoach.errors import ModelError
from posecoach.pose import assemble, fetch, manifest
from posecoach.pose import bundle as store
from posecoach.pose.assemble import Normalization
from posecoach.pose.estimator import PoseEstimator
from posecoach.pose.fetch import FetchError

CONTENT = b"a model " * 40_000
HALF = CONTENT[: len(CONTENT) // 2]
FLIPPED = CONTENT[:1000] + bytes([CONTENT[1000] ^ 1]) + CONTENT[1001:]


def is_one_sentence(error: BaseException) -> bool:
    text = str(error)
    return text.endswith(".") and "\n" not in text and not re.search(r"\. [A-Z]", text)


# --- manifest --------------------------------------------------------------------------


def test_manifest_names_three_models_with_everything_needed_to_know_them() -> None:
    found = manifest.variants()
    assert list(found) == ["lite", "full", "heavy"]
    for variant in found.values():
        assert variant.licence == "Apache-2.0"
        assert variant.url.startswith("https://")
        assert "/latest/" not in variant.url, "its bytes may change under the pinned hash"
        assert variant.model_card.startswith("https://")
        assert variant.size > 1_000_000
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in variant.origins)
    assert len({digest for variant in found.values() for digest in variant.origins}) == 4
    assert found["full"].assembly is not None
    assert {member.name for member in found["full"].assembly.members} == set(store._NETWORKS)


def test_unknown_model_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(ModelError, match=r"'hevy' \(did you mean 'heavy'\?\)"):
        manifest.variant("hevy")


@pytest.mark.parametrize("content", ["", "variants = 3", "[variants.full]\nsize = 3", "= ="])
def test_damaged_manifest_is_one_sentence(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "manifest.toml").write_text(content)
    monkeypatch.setattr(manifest, "data_dir", lambda _: tmp_path)
    with pytest.raises(ModelError, match="reinstall posecoach"):
        manifest.variants.__wrapped__()


# --- assembly --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def network(bundle: Path) -> bytes:
    """A real TFLite network."""
    with zipfile.ZipFile(bundle) as archive:
        return archive.read("pose_detector.tflite")


def test_normalization_is_added_and_the_network_is_left_alone(network: bytes) -> None:
    # Read back with MediaPipe's own schema, which shares nothing with what wrote it.
    from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata
    from mediapipe.tasks.metadata import schema_py_generated as schema

    changed = assemble.with_normalization(network, Normalization(3.0, 7.0))
    assert changed.endswith(network)
    before, after = (schema.Model.GetRootAs(data, 0) for data in (network, changed))
    assert after.Version() == before.Version()
    assert after.Description() == before.Description()
    assert after.SubgraphsLength() == before.SubgraphsLength()
    assert after.Subgraphs(0).OperatorsLength() == before.Subgraphs(0).OperatorsLength()
    assert after.OperatorCodesLength() == before.OperatorCodesLength()
    assert after.BuffersLength() == before.BuffersLength() + 1
    for index in range(before.BuffersLength()):
        old, new = before.Buffers(index), after.Buffers(index)
        assert new.DataLength() == old.DataLength()
        assert new.DataLength() == 0 or (new.DataAsNumpy() == old.DataAsNumpy()).all()
    entry = after.Metadata(after.MetadataLength() - 1)
    assert entry.Name() == b"TFLITE_METADATA"
    written = metadata.ModelMetadataT.InitFromObj(
        metadata.ModelMetadata.GetRootAs(after.Buffers(entry.Buffer()).DataAsNumpy().tobytes(), 0)
    )
    [unit] = written.subgraphMetadata[0].inputTensorMetadata[0].processUnits
    assert unit.optionsType == metadata.ProcessUnitOptions.NormalizationOptions
    assert (list(unit.options.mean), list(unit.options.std)) == ([3.0], [7.0])


def test_assembled_bundle_depends_on_nothing_but_the_networks(
    network: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = {"a.tflite": (network, None), "bcd.tflite": (network, Normalization(0.0, 255.0))}
    first = assemble.assemble(parts)
    monkeypatch.setattr(time, "time", lambda: 2e9)
    assert assemble.assemble(parts) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.read("a.tflite") == network
        for entry in archive.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED
            data = entry.header_offset + 30 + len(entry.filename) + len(entry.extra)
            assert data % 4 == 0, "MediaPipe maps the networks in place"


def test_what_is_not_tflite_is_not_assembled() -> None:
    with pytest.raises(ValueError, match="not a TFLite model"):
        assemble.with_normalization(b"PK\x03\x04" * 10, Normalization(0.0, 1.0))


def a_wheel(path: Path, **networks: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as wheel:
        for name, data in networks.items():
            wheel.writestr(f"nets/{name}", data)
    return path


def assembly_of(*networks: bytes) -> manifest.Assembly:
    names = [f"n{index}" for index in range(len(networks))]
    made = assemble.assemble(
        {
            name: (data, Normalization(0.0, 255.0))
            for name, data in zip(names, networks, strict=True)
        }
    )
    return manifest.Assembly(
        requirement="nets==1",
        python="3.11",
        platform="any",
        wheel_size=1,
        size=len(made),
        sha256=hashlib.sha256(made).hexdigest(),
        members=tuple(
            manifest.Member(
                name, f"nets/{name}", hashlib.sha256(data).hexdigest(), Normalization(0.0, 255.0)
            )
            for name, data in zip(names, networks, strict=True)
        ),
    )


def test_wheel_with_another_network_is_refused(network: bytes, tmp_path: Path) -> None:
    assembly = assembly_of(network, network)
    good = a_wheel(tmp_path / "good.whl", n0=network, n1=network)
    made = fetch.assemble_wheel(assembly, good)
    assert hashlib.sha256(made).hexdigest() == assembly.sha256
    flipped = network[:-1] + bytes([network[-1] ^ 1])
    with pytest.raises(FetchError, match="another n1"):
        fetch.assemble_wheel(assembly, a_wheel(tmp_path / "flipped.whl", n0=network, n1=flipped))
    with pytest.raises(FetchError, match="does not hold"):
        fetch.assemble_wheel(assembly, a_wheel(tmp_path / "less.whl", n0=network))
    (tmp_path / "junk.whl").write_bytes(b"junk")
    with pytest.raises(FetchError, match="does not hold"):
        fetch.assemble_wheel(assembly, tmp_path / "junk.whl")


def test_full_model_through_pip_is_the_pinned_one_and_runs(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    try:
        path = fetch.from_wheel(manifest.variant("full"), tmp_path, lambda *what: told.append(what))
    except FetchError as error:
        pytest.skip(f"no package index here: {error}")
    assert hashlib.sha256(path.read_bytes()).hexdigest() in manifest.variant("full").origins
    assert told[-1][1] == told[-1][2]
    PoseEstimator(path, static=True).close()


def test_without_pip_the_way_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(FetchError, match=r"no pip .* -m ensurepip"):
        fetch.from_wheel(manifest.variant("full"), tmp_path, store._silent)


def test_pip_without_an_index_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    work = tmp_path / "work"
    work.mkdir()
    with pytest.raises(FetchError, match=r"pip could not download mediapipe==0\.10\.21 \(.+\)"):
        fetch.from_wheel(manifest.variant("full"), work, store._silent)


def test_full_disk_is_read_from_what_pip_says() -> None:
    assembly = manifest.variant("full").assembly
    assert assembly is not None
    log = "ERROR: Could not install: [Errno 28] No space left on device\n"
    error = fetch._pip_error(assembly, log)
    assert isinstance(error, OSError)
    assert error.errno == errno.ENOSPC


# --- provisioning ----------------------------------------------------------------------


class _Handler(http.server.BaseHTTPRequestHandler):
    released = threading.Event()

    def do_GET(self) -> None:
        if self.path == "/silent":
            self.released.wait(10)
            return
        body = {"/good": CONTENT, "/flipped": FLIPPED, "/short": HALF, "/long": CONTENT + b"!"}
        if self.path not in body:
            self.send_error(404)
            return
        self.send_response(200)
        promised = CONTENT if self.path == "/short" else body[self.path]
        self.send_header("Content-Length", str(len(promised)))
        self.end_headers()
        self.wfile.write(body[self.path])

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server on loopback: /good, /flipped, /short (breaks off), /long, /silent, else 404."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    _Handler.released.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    _Handler.released.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and a manifest whose model "full" is CONTENT from nowhere."""
    variant = dataclasses.replace(
        manifest.variants()["full"],
        url="http://127.0.0.1:9/nowhere",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        assembly=None,
    )
    monkeypatch.setattr(manifest, "variants", lambda: {"full": variant})
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    return tmp_path / "cache" / "models"


def serve_from(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    variant = dataclasses.replace(manifest.variant("full"), url=url)
    monkeypatch.setattr(manifest, "variants", lambda: {"full": variant})


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*")) if folder.exists() else []


def test_first_use_fetches_and_the_second_does_not(
    cache: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve_from(f"{address}/good", monkeypatch)
    told: list[tuple[str, int, int]] = []
    path = store.ensure_bundle(progress=lambda *what: told.append(what))
    assert path.read_bytes() == CONTENT
    assert files_in(cache) == [path.name]
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1][1:] == (len(CONTENT), len(CONTENT))
    serve_from(f"{address}/gone", monkeypatch)
    assert store.ensure_bundle(progress=lambda *_: pytest.fail("fetched again")) == path


@pytest.mark.parametrize(
    ("served", "says"),
    [
        ("flipped", "not the file that the manifest names"),
        ("long", "not the file that the manifest names"),
        ("short", "broke off after"),
        ("gone", "out of reach"),
    ],
)
def test_bad_download_is_refused_and_leaves_nothing(
    served: str, says: str, cache: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve_from(f"{address}/{served}", monkeypatch)
    with pytest.raises(ModelError, match=says) as caught:
        store.ensure_bundle()
    assert is_one_sentence(caught.value)
    assert files_in(cache) == []


def test_host_that_never_answers_is_given_up(
    cache: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "_PATIENCE_S", 0.2)
    serve_from(f"{address}/silent", monkeypatch)
    with pytest.raises(ModelError, match="no answer"):
        store.ensure_bundle()
    assert files_in(cache) == []


def test_what_a_way_brings_is_checked_whatever_the_way_says(cache: Path) -> None:
    def wrong(variant: manifest.Variant, folder: Path, progress: fetch.Progress) -> Path:
        (folder / "x").write_bytes(FLIPPED)
        return folder / "x"

    with pytest.raises(ModelError, match="SHA-256"):
        store.ensure_bundle(ways=[wrong])
    assert files_in(cache) == []


def barred(why: str) -> fetch.Way:
    def way(variant: manifest.Variant, folder: Path, progress: fetch.Progress) -> Path:
        (folder / "half").write_bytes(HALF)
        raise FetchError(why)

    return way


def good(variant: manifest.Variant, folder: Path, progress: fetch.Progress) -> Path:
    (folder / "fetched").write_bytes(CONTENT)
    return folder / "fetched"


def test_offline_gives_every_reason_and_what_to_do_in_one_sentence(cache: Path) -> None:
    with pytest.raises(ModelError) as caught:
        store.ensure_bundle(ways=[barred("the sky is grey"), barred("the sea is rough")])
    text = str(caught.value)
    assert "the sky is grey; the sea is rough" in text
    assert "posecoach models fetch full" in text
    assert "--model" in text
    assert is_one_sentence(caught.value)
    assert files_in(cache) == []


def test_second_way_is_tried_without_asking(cache: Path) -> None:
    path = store.ensure_bundle(ways=[barred("closed"), good])
    assert path.read_bytes() == CONTENT
    assert files_in(cache) == [path.name]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_disk_trouble_is_one_sentence_and_leaves_nothing(number: int, cache: Path) -> None:
    def troubled(variant: manifest.Variant, folder: Path, progress: fetch.Progress) -> Path:
        (folder / "half").write_bytes(HALF)
        raise OSError(number, os.strerror(number))

    with pytest.raises(ModelError, match="is full" if number == errno.ENOSPC else "refuses") as it:
        store.ensure_bundle(ways=[troubled])
    assert is_one_sentence(it.value)
    assert files_in(cache) == []


def test_cache_that_cannot_be_made_is_one_sentence(cache: Path) -> None:
    cache.parent.write_text("a file where the cache should be")
    with pytest.raises(ModelError, match="cannot be stored") as caught:
        store.ensure_bundle(ways=[good])
    assert is_one_sentence(caught.value)


def test_interrupted_fetch_leaves_nothing(cache: Path) -> None:
    def interrupted(variant: manifest.Variant, folder: Path, progress: fetch.Progress) -> Path:
        (folder / variant.file_name).write_bytes(HALF)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.ensure_bundle(ways=[interrupted])
    assert files_in(cache) == []


def test_leftovers_of_a_killed_fetch_go_when_they_are_old(cache: Path) -> None:
    old, new = cache / ".fetching-old", cache / ".fetching-new"
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "half").write_bytes(HALF)
    os.utime(old, (0, 0))
    path = store.ensure_bundle(ways=[good])
    assert files_in(cache) == [new.name, "half", path.name]


def test_damaged_model_is_fetched_again(cache: Path) -> None:
    path = store.ensure_bundle(ways=[good])
    path.write_bytes(FLIPPED)
    assert store.cached_bundle("full").state == "damaged"
    assert store.ensure_bundle(ways=[good]).read_bytes() == CONTENT


def test_two_at_once_do_each_other_no_harm(cache: Path) -> None:
    both_are_fetching = threading.Barrier(2, timeout=10)
    results: list[bytes | BaseException] = []

    def slow(variant: manifest.Variant, folder: Path, progress: fetch.Progress) -> Path:
        (folder / "fetched").write_bytes(HALF)
        both_are_fetching.wait()
        return good(variant, folder, progress)

    def ensure() -> None:
        try:
            results.append(store.ensure_bundle(ways=[slow]).read_bytes())
        except BaseException as error:
            results.append(error)

    threads = [threading.Thread(target=ensure) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [CONTENT, CONTENT]
    assert files_in(cache) == [store.cached_bundle("full").path.name]


# --- one's own bundle ------------------------------------------------------------------


def test_own_path_comes_before_the_variable_and_that_before_the_cache(
    cache: Path, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, named = tmp_path / "given.task", tmp_path / "named.task"
    for path in (given, named):
        path.write_bytes(bundle.read_bytes())
    monkeypatch.setenv("POSECOACH_MODEL", str(named))
    assert store.resolve_bundle(given) == given
    assert store.resolve_bundle() == named
    monkeypatch.setenv("POSECOACH_MODEL", "")
    cached = cache / "pose_landmarker_full.task"
    cached.parent.mkdir(parents=True)
    cached.write_bytes(CONTENT)
    assert store.resolve_bundle() == cached


def corrupted(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("missing", "no model file"),
        ("folder", "is a folder"),
        ("empty", "not a model bundle or is cut short"),
        ("text", "not a model bundle or is cut short"),
        ("truncated", "not a model bundle or is cut short"),
        ("flipped", "is damaged"),
        ("network", "single TFLite network"),
        ("hand", "bundle of another kind"),
        ("hollow", "is damaged"),
    ],
)
def test_wrong_model_file_is_one_sentence(
    kind: str, says: str, bundle: Path, network: bytes, tmp_path: Path
) -> None:
    whole = bundle.read_bytes()
    store.check_bundle(bundle)
    path = tmp_path / "own.task"
    if kind == "folder":
        path.mkdir()
    elif kind != "missing":
        path.write_bytes(
            {
                "empty": b"",
                "text": b"hello " * 100,
                "truncated": whole[: len(whole) // 2],
                "flipped": corrupted(whole, len(whole) // 2),
                "network": network,
                "hand": zipped(hand_detector__tflite=network),
                "hollow": zipped(
                    pose_detector__tflite=b"not TFLite", pose_landmarks_detector__tflite=b""
                ),
            }[kind]
        )
    with pytest.raises(ModelError, match=says) as caught:
        store.resolve_bundle(path)
    assert is_one_sentence(caught.value)
    assert str(path) in str(caught.value)


# --- commands --------------------------------------------------------------------------


def test_commands_list_fetch_and_verify(
    cache: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(models, arguments, catch_exceptions=False)
        assert result.exit_code == 0
        return result.stdout

    serve_from(f"{address}/good", monkeypatch)
    assert re.search(r"full .*Apache-2.0 +not fetched", run("list"))
    with pytest.raises(ModelError, match="posecoach models fetch full"):
        run("verify")
    with pytest.raises(ModelError, match="posecoach models fetch full"):
        run("verify", "full")
    assert "ready, official download" in run("fetch")
    assert re.search(r"full .*Apache-2.0 +ready", run("list"))
    assert ": good, official download" in run("verify")
    path = cache / "pose_landmarker_full.task"
    path.write_bytes(FLIPPED)
    assert re.search(r"full .*Apache-2.0 +damaged", run("list"))
    with pytest.raises(ModelError, match="damaged"):
        run("verify", "full")


def test_verify_knows_a_copy_of_the_model_elsewhere(bundle: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.task"
    copy.write_bytes(bundle.read_bytes())
    result = CliRunner().invoke(models, ["verify", str(copy)])
    assert result.exit_code == 0
    assert "good, the model 'full'" in result.stdout
