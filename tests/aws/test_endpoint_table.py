"""botocore's table cut down: the same endpoints for every Region, and whole again where it is not botocore's own."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.session import Session

from stsui.aws import endpoint_table
from stsui.aws.boto import neutral_session

CLIENTS = ("sts", "sso", "sso-oidc")
STRANGE = ("eu-west-99", "nowhere-1", "us-gov-west-9")


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    for name in ("AWS_DATA_PATH", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    yield {
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
        "XDG_CACHE_HOME": str(tmp_path / "c"),
    }


def short(environ: dict[str, str]) -> Session:
    session = neutral_session()
    endpoint_table.shorten(session, environ)
    return session


def kept(environ: dict[str, str]) -> Path:
    (found,) = Path(environ["HOME"]).rglob("endpoints-*.json")
    return found


def asked(session: Session, service: str, region: str, **how: bool) -> object:
    """Where a client would ask, and as whom it would sign; or why there can be none."""
    try:
        client: Any = session.create_client(
            service,
            region_name=region,
            aws_access_key_id="a",
            aws_secret_access_key="b",
            config=Config(use_fips_endpoint=how.get("fips"), use_dualstack_endpoint=how.get("dual")),
        )
    except Exception as error:
        return type(error), str(error)
    meta = client.meta
    return meta.endpoint_url, meta.region_name, meta.partition, client._request_signer.signing_name


def test_every_region_has_the_endpoints_that_it_has_in_the_whole_table(environ: dict[str, str]) -> None:
    whole = neutral_session()
    short(environ).get_available_regions("sts")
    cut = short(environ)
    partitions = whole.get_available_partitions()
    assert cut.get_available_partitions() == partitions
    for partition in partitions:
        assert cut.get_available_regions("sts", partition, True) == whole.get_available_regions(
            "sts", partition, True
        )
        regions = whole.get_available_regions("sts", partition)
        for region in (*regions[:3], *regions[-1:], *STRANGE):
            for service in CLIENTS:
                for how in ({}, {"fips": True}, {"dual": True}):
                    there = asked(whole, service, region, **how)
                    assert asked(cut, service, region, **how) == there, (service, region, how)


def test_it_is_cut_once(environ: dict[str, str]) -> None:
    first = short(environ).get_component("data_loader").load_data("endpoints")
    for partition in first["partitions"]:
        assert set(partition["services"]) <= endpoint_table.SERVICES
    assert kept(environ).stat().st_size < 30_000
    assert kept(environ).stat().st_mode & 0o777 == 0o600
    changed = json.loads(kept(environ).read_text())
    changed["table"]["partitions"] = changed["table"]["partitions"][:1]
    kept(environ).write_text(json.dumps(changed))
    second = short(environ).get_component("data_loader").load_data("endpoints")
    assert len(second["partitions"]) == 1, "the kept one was read, not the whole one"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"made_of": [], "table": {}}', b"\xff"])
def test_what_is_no_table_is_made_again(environ: dict[str, str], content: bytes) -> None:
    short(environ).get_component("data_loader").load_data("endpoints")
    good = kept(environ).read_bytes()
    kept(environ).write_bytes(content)
    assert short(environ).get_component("data_loader").load_data("endpoints")["partitions"]
    assert kept(environ).read_bytes() == good


def test_another_release_of_botocore_makes_its_own(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    short(environ).get_component("data_loader").load_data("endpoints")
    directory, before = kept(environ).parent, kept(environ).read_bytes()
    for n in range(3 * endpoint_table.MANY):
        monkeypatch.setattr("botocore.__version__", f"9.9.{n}")
        short(environ).get_component("data_loader").load_data("endpoints")
        assert len(list(directory.iterdir())) <= endpoint_table.MANY
    assert any(f"9.9.{n}".encode() in path.read_bytes() for path in directory.iterdir())
    assert all(path.read_bytes() != before for path in directory.iterdir())


def test_a_table_of_the_users_own_is_read_whole(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    shutil.copy(f"{endpoint_table.WHOLE}.json", models / "endpoints.json")
    monkeypatch.setenv("AWS_DATA_PATH", str(models))
    table = short(environ).get_component("data_loader").load_data("endpoints")
    assert "s3" in table["partitions"][0]["services"]
    assert not list(tmp_path.rglob("botocore")), "nothing is kept of it"


def test_where_nothing_can_be_kept_it_is_cut_each_time(environ: dict[str, str], tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    nowhere = {name: str(blocked) for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME")}
    table = short(nowhere).get_component("data_loader").load_data("endpoints")
    assert set(table["partitions"][0]["services"]) <= endpoint_table.SERVICES


def test_the_clients_made_with_it_are_those_it_has(environ: dict[str, str]) -> None:
    session = short(environ)
    prefixes = {
        session.create_client(
            service, region_name="eu-west-1", config=Config(signature_version=UNSIGNED)
        )._service_model.endpoint_prefix
        for service in CLIENTS
    }
    assert prefixes == endpoint_table.SERVICES
