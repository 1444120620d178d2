"""Paths follow the environment that is given, not the one of the process."""

from pathlib import Path

from stsui.config import paths


def test_everything_below_home(tmp_path: Path) -> None:
    found = paths.find({"HOME": str(tmp_path)})
    assert found.config_file == str(tmp_path / ".config/stsui/config.toml")
    assert found.conf_dir == str(tmp_path / ".config/stsui/conf.d")
    assert found.sessions_dir == str(tmp_path / ".cache/stsui/sessions")
    assert found.state_dir == str(tmp_path / ".local/state/stsui")
    assert found.aws_config == str(tmp_path / ".aws/config")
    assert found.aws_credentials == str(tmp_path / ".aws/credentials")
    assert list(tmp_path.iterdir()) == []


def test_the_variables_of_xdg_and_aws_s52(tmp_path: Path) -> None:
    environ = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "c"),
        "XDG_STATE_HOME": "relative/counts/as/unset",
        "XDG_RUNTIME_DIR": str(tmp_path),
        "AWS_CONFIG_FILE": "~/here/config",
        "AWS_SHARED_CREDENTIALS_FILE": "$HOME/${DIR}/creds",
        "DIR": "there",
    }
    found = paths.find(environ)
    assert found.config_file == str(tmp_path / "c/stsui/config.toml")
    assert found.state_dir == str(tmp_path / ".local/state/stsui")
    assert found.sessions_dir == str(tmp_path / "stsui/sessions")
    assert found.aws_config == str(tmp_path / "here/config")
    assert found.aws_credentials == str(tmp_path / "there/creds")


def test_a_runtime_directory_that_is_gone_is_not_used(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "gone")}
    assert paths.find(environ).sessions_dir == str(tmp_path / ".cache/stsui/sessions")


def test_a_config_file_and_a_store_of_ones_own(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "STSUI_CONFIG": str(tmp_path / "x.toml")}
    found = paths.find(environ, "~/store")
    assert found.config_file == str(tmp_path / "x.toml")
    assert found.conf_dir == str(tmp_path / "conf.d")
    assert found.sessions_dir == str(tmp_path / "store/sessions")


def test_empty_variables_count_as_unset(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "STSUI_CONFIG": "", "AWS_CONFIG_FILE": "", "XDG_CONFIG_HOME": ""}
    assert paths.find(environ) == paths.find({"HOME": str(tmp_path)})
