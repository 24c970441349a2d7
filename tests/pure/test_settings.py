"""Settings: names, units, and refusals that name the variable and the fix."""

import os
from datetime import timedelta

import pytest

from baysync.base.errors import SettingsError
from baysync.config.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("BAYSYNC_", "EBAY_", "DATABASE")):
            monkeypatch.delenv(name)


def test_the_defaults_are_those_of_the_design() -> None:
    settings = load_settings()
    assert settings.lease == timedelta(seconds=120)
    assert (settings.http_timeout, settings.margin) == (timedelta(seconds=20), timedelta(seconds=5))
    assert settings.max_attempts == 6
    assert settings.max_age == timedelta(hours=24)
    assert settings.publish_enabled


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("1.5m", 90), ("200ms", 0.2), ("1h", 3600)]
)
def test_durations_have_units(text: str, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAYSYNC_VERIFY_DELAY", text)
    assert load_settings().verify_delay == timedelta(seconds=seconds)


def test_classic_names_pin_their_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EBAY_PUBLISH_MAX_ATTEMPTS", "3")
    monkeypatch.setenv("EBAY_RATE_LIMIT_RPS", "2.5")
    monkeypatch.setenv("EBAY_PUBLISH_ENABLED", "false")
    monkeypatch.setenv("EBAY_POLICY_ENABLED", "false")
    settings = load_settings()
    assert not settings.policy_enabled
    assert (settings.max_attempts, settings.rate, settings.publish_enabled) == (3, 2.5, False)


def test_a_classic_name_wins_over_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAYSYNC_MAX_ATTEMPTS", "9")
    monkeypatch.setenv("EBAY_PUBLISH_MAX_ATTEMPTS", "3")
    assert load_settings().max_attempts == 3


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("BAYSYNC_LEESE", "1", "no setting BAYSYNC_LEESE.*did you mean BAYSYNC_LEASE"),
        ("BAYSYNC_QQQQQQ", "1", "no setting BAYSYNC_QQQQQQ.*unset BAYSYNC_QQQQQQ"),
        ("BAYSYNC_LEASE", "soon", "BAYSYNC_LEASE: .*not a duration"),
        ("BAYSYNC_LEASE", "-5", "BAYSYNC_LEASE: .*not a duration"),
        ("BAYSYNC_LEASE", "25", "BAYSYNC_LEASE is not longer"),
        ("EBAY_PUBLISH_MAX_ATTEMPTS", "0", "EBAY_PUBLISH_MAX_ATTEMPTS: "),
        ("EBAY_RATE_LIMIT_RPS", "fast", "EBAY_RATE_LIMIT_RPS: "),
        ("BAYSYNC_TIME_ZONE", "Berlin", "BAYSYNC_TIME_ZONE: .*not a time zone"),
        ("BAYSYNC_ENV", "prod", "BAYSYNC_ENV: .*'development' or 'production'"),
        ("BAYSYNC_ENV", "production", "DATABASE_URL is not set"),
        ("BAYSYNC_DATABASE_URL", "postgresql:///x", 'DATABASE_URL="\\$BAYSYNC_DATABASE_URL"'),
        ("DATABASE_URL", "nonsense", "DATABASE_URL is not the address"),
        ("DATABASE_URI", "postgresql:///x", "DATABASE_URI is set, but not DATABASE_URL"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_name(
    name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=says):
        load_settings()


def test_a_refusal_shows_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAYSYNC_PORT", "hunter2")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert "hunter2" not in str(refused.value)


def test_production_with_a_database_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAYSYNC_ENV", "production")
    monkeypatch.setenv("DATABASE_URL", "postgresql://shop:hunter2@db/shop")
    settings = load_settings()
    assert settings.env == "production"
    assert "hunter2" not in repr(settings)


def test_a_program_sets_them_by_name() -> None:
    assert Settings(rate=50.0, lease=timedelta(seconds=3)).rate == 50.0
