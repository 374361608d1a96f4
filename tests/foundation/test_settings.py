import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.foundation.errors import SettingsError
from ml.foundation.results import plain
from ml.foundation.settings import Settings, UnknownSetting, built, hide_password, variable_name

ALL_KEYS = [(section, key) for section in Settings() for key in Settings()[section]]


@pytest.fixture
def load(tmp_path):
    """Load with an ml.toml of this text and these variables, and nothing of the machine."""

    def load(toml=None, **variables):
        if toml is not None:
            (tmp_path / "ml.toml").write_text(toml)
        return Settings.load(environment={"ML_HOME": str(tmp_path / "home"), **variables}, folder=tmp_path)

    return load


def test_the_defaults_are_those_of_the_contract():
    settings = Settings()
    engine = settings["recommendation_engine"]
    assert engine["algorithm"] == "hybrid_deep"
    assert (engine["embedding_dim"], engine["num_factors"], engine["learning_rate"], engine["batch_size"]) == (
        128,
        64,
        0.001,
        512,
    )
    assert dict(settings["content_optimization"]) == {
        "max_content_length": 10000,
        "sentiment_model": "cardiffnlp/twitter-roberta-base-sentiment-latest",
        "compliance_rules": ["spam_detection", "toxicity_filter"],
        "seo_keywords_max": 20,
    }
    assert dict(settings["enterprise_integrations"]) == {
        "cloud_platforms": ["azure", "aws", "gcp"],
        "monitoring_interval_minutes": 30,
        "drift_threshold": 0.15,
        "fairness_threshold": 0.8,
    }
    assert dict(settings["caching"]) == {
        "backend": "memory",
        "redis_url": "redis://localhost:6379",
        "default_ttl": 3600,
        "max_memory": "2gb",
    }
    assert settings.compute.workers == min(4, os.cpu_count())


def test_every_default_is_a_value_that_the_key_accepts():
    settings = Settings()
    for section, key in ALL_KEYS:
        settings[section][key] = settings[section][key]


@pytest.mark.parametrize(("section", "key"), ALL_KEYS)
def test_every_key_is_described(section, key):
    assert type(Settings()[section]).model_fields[key].description


def test_environment_beats_file_beats_default(load):
    toml = "[recommendation_engine]\nnum_factors = 32\nreasons = 5\n"
    settings = load(toml, ML_RECOMMENDATION_ENGINE__REASONS="7")
    engine = settings.recommendation_engine
    assert (engine.num_factors, engine.reasons, engine.max_per_artist) == (32, 7, 2)


def test_origins_name_the_line_of_the_file_and_the_variable(load, tmp_path):
    settings = load("# mine\n[recommendation_engine]\n\nnum_factors = 32\n", ML_CACHING__DEFAULT_TTL="60")
    settings.caching.max_memory = "1gb"
    origins = settings.origins
    assert origins["recommendation_engine.num_factors"] == f"{tmp_path / 'ml.toml'}:4"
    assert origins["caching.default_ttl"] == "ML_CACHING__DEFAULT_TTL"
    assert origins["storage.home"] == "ML_HOME"
    assert origins["caching.max_memory"] == "assigned in Python"
    assert origins["compute.workers"] == "default"
    assert set(origins) == {f"{section}.{key}" for section, key in ALL_KEYS}


@pytest.mark.parametrize(
    ("section", "key", "text", "value"),
    [
        ("storage", "database_url", "postgresql://x/y", "postgresql://x/y"),
        ("recommendation_engine", "algorithm", "replay", "replay"),
        ("recommendation_engine", "familiar_ratio", "0.5", 0.5),
        ("recommendation_engine", "half_life_days", "7", 7.0),
        ("recommendation_engine", "seed", "3", 3),
        ("content_optimization", "compliance_rules", "a, b", ["a", "b"]),
        ("content_optimization", "compliance_rules", '["a,b", "c"]', ["a,b", "c"]),
        ("content_optimization", "compliance_rules", "", []),
        ("enterprise_integrations", "cloud_platforms", "aws", ["aws"]),
        ("caching", "backend", "redis", "redis"),
        ("compute", "log_level", "debug", "DEBUG"),
    ],
)
def test_a_variable_is_read_as_the_type_of_its_key(load, section, key, text, value):
    settings = load(None, **{variable_name(section, key): text})
    assert settings[section][key] == value
    assert type(settings[section][key]) is type(value)


@pytest.mark.parametrize(
    ("toml", "parts"),
    [
        ("[caching]\nbackend = 'rediss'\n", ["caching.backend", "'rediss'", "ml.toml:2", "'memory' or 'redis'"]),
        ("[caching]\n\nbakend = 'redis'\n", ["caching.bakend", "ml.toml:3", "did you mean 'backend'?"]),
        ("[cashing]\nbackend = 'redis'\n", ["'cashing'", "ml.toml:1", "did you mean 'caching'?"]),
        ("[caching]\ndefault_ttl = '60'\n", ["caching.default_ttl", "'60'", "ml.toml:2", "integer"]),
        ("[caching]\ndefault_ttl = true\n", ["caching.default_ttl", "True", "ml.toml:2"]),
        ("[caching]\nmax_memory = '7 oranges'\n", ["caching.max_memory", "'7 oranges'", "ml.toml:2", "512mb"]),
        ("[caching]\nredis_url = 'http://h'\n", ["caching.redis_url", "http://h", "ml.toml:2", "redis://"]),
        ("[compute]\nworkers = 0\n", ["compute.workers", "0", "ml.toml:2", "threads"]),
        ("recommendation_engine.reasons = 11\n", ["recommendation_engine.reasons", "11", "ml.toml:1"]),
        ("[recommendation_engine]\nfamiliar_ratio = nan\n", ["familiar_ratio", "nan", "ml.toml:2", "finite"]),
        ("[recommendation_engine]\nfamiliar_ratio = 1.5\n", ["familiar_ratio", "1.5", "ml.toml:2"]),
        ("[recommendation_engine]\nmax_per_artist = 0\n", ["max_per_artist", "ml.toml:2"]),
        ("[recommendation_engine]\nhalf_life_days = 0\n", ["half_life_days", "ml.toml:2"]),
        ("[recommendation_engine]\nalgorithm = ' '\n", ["algorithm", "ml.toml:2"]),
        ("[enterprise_integrations]\ncloud_platforms = ['gpc']\n", ["cloud_platforms", "gpc", "ml.toml:2"]),
        ("caching = 3\n", ["caching", "3", "ml.toml:1", "[caching]"]),
        ("[caching]\nbackend = \n", ["ml.toml:2", "TOML"]),
        ("[caching\n", ["ml.toml:1", "TOML"]),
    ],
)
def test_a_bad_file_names_key_value_and_line(load, toml, parts):
    with pytest.raises(SettingsError) as caught:
        load(toml)
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "parts"),
    [
        ("ML_CACHING__DEFAULT_TTL", "soon", ["caching.default_ttl", "'soon'", "a whole number"]),
        ("ML_RECOMMENDATION_ENGINE__PORTFOLIO", "maybe", ["recommendation_engine.portfolio", "true or false"]),
        ("ML_CACHING__DEFAULT_TTL", "-1", ["caching.default_ttl", "-1"]),
        ("ML_RECOMMENDATION_ENGINE__FAMILIAR_RATIO", "half", ["familiar_ratio", "'half'", "a number"]),
        ("ML_CONTENT_OPTIMIZATION__COMPLIANCE_RULES", '["a"', ["compliance_rules", "a list"]),
        ("ML_CONTENT_OPTIMIZATION__COMPLIANCE_RULES", "[1]", ["compliance_rules", "[1]"]),
        ("ML_CACHING__BAKEND", "redis", ["did you mean 'ML_CACHING__BACKEND'"]),
        ("ML_HOEM", "/x", ["did you mean 'ML_HOME'"]),
        ("ML_CACHING", "redis", ["unknown environment variable"]),
        ("ML_CACHING__BACKEND__X", "redis", ["unknown environment variable"]),
    ],
)
def test_a_bad_variable_names_itself(load, name, text, parts):
    with pytest.raises(SettingsError) as caught:
        load(None, **{name: text})
    for part in [name, *parts]:
        assert part in str(caught.value)


def test_variables_of_others_and_our_two_without_a_section_are_no_settings(load):
    load(None, ML_REALDATA="/somewhere", MLFLOW_URI="x", PATH="/bin")


def test_the_long_name_of_a_variable_wins_over_the_short_one(tmp_path):
    variables = {"ML_STORAGE__HOME": str(tmp_path / "long"), "ML_HOME": str(tmp_path / "short")}
    assert Settings.load(environment=variables, folder=tmp_path).storage.home == tmp_path / "long"


def test_an_empty_home_is_no_home_given(tmp_path):
    assert Settings.load(environment={"ML_HOME": ""}, folder=tmp_path).storage.home == Settings().storage.home


def test_the_file_is_looked_for_in_order(tmp_path):
    home, work, named, given = (tmp_path / name for name in ("home", "work", "named.toml", "given.toml"))
    for folder in (home, work):
        folder.mkdir()
    variables = {"ML_HOME": str(home)}

    def seed(**more):
        return Settings.load(environment=variables, folder=work, **more).recommendation_engine.seed

    assert seed() == 0
    for number, file in enumerate([home / "ml.toml", work / "ml.toml"], start=1):
        file.write_text(f"recommendation_engine.seed = {number}")
        assert seed() == number
    named.write_text("recommendation_engine.seed = 3")
    variables["ML_SETTINGS"] = str(named)
    assert seed() == 3
    given.write_text("recommendation_engine.seed = 4")
    assert seed(file=given) == 4


def test_a_named_file_has_to_exist(tmp_path):
    with pytest.raises(SettingsError, match="ML_SETTINGS"):
        Settings.load(environment={"ML_SETTINGS": str(tmp_path / "none.toml")}, folder=tmp_path)
    with pytest.raises(SettingsError, match=r"none\.toml"):
        Settings.load(environment={}, file=tmp_path / "none.toml")


def test_a_home_in_a_file_is_meant_from_there(load, tmp_path):
    (tmp_path / "ml.toml").write_text("[storage]\nhome = 'here'\n")
    assert Settings.load(environment={}, folder=tmp_path).storage.home == tmp_path / "here"


def test_a_file_that_is_no_utf8_says_so(load, tmp_path):
    (tmp_path / "ml.toml").write_bytes(b"# caf\xe9\n")
    with pytest.raises(SettingsError, match="UTF-8"):
        load()


def test_a_byte_order_mark_is_harmless(load, tmp_path):
    (tmp_path / "ml.toml").write_bytes(b"\xef\xbb\xbf[caching]\ndefault_ttl = 5\n")
    assert load().caching.default_ttl == 5


def test_passwords_stay_out_of_messages(load):
    with pytest.raises(SettingsError) as caught:
        load(None, ML_CACHING__REDIS_URL="http://me:secret@host")
    assert "secret" not in str(caught.value)
    assert hide_password("redis://:secret@host/0") == "redis://:***@host/0"
    assert hide_password("redis://host:6379/0") == "redis://host:6379/0"


def test_a_section_is_a_mapping_and_an_object():
    section = Settings().caching
    assert list(section) == list(section.keys()) == ["backend", "redis_url", "default_ttl", "max_memory"]
    assert next(iter(section.values())) == "memory"
    assert dict(section.items()) == dict(section) == {**section} == plain(section)
    assert "backend" in section
    assert "bakend" not in section
    assert len(section) == 4
    assert section.get("bakend", 7) == 7
    assert section.get("default_ttl", 7) == 3600


def test_assignment_works_both_ways_and_is_checked():
    settings = Settings()
    config = settings["recommendation_engine"]
    config.batch_size = 128
    assert settings["recommendation_engine"]["batch_size"] == 128
    config["batch_size"] = 64
    assert settings.recommendation_engine.batch_size == 64
    with pytest.raises(SettingsError, match="batch_size = 0"):
        config.batch_size = 0
    with pytest.raises(SettingsError, match=r"recommendation_engine\.batch_sise"):
        config.batch_sise = 1
    assert config.batch_size == 64


def test_an_unknown_key_is_a_key_error_too():
    settings = Settings()
    with pytest.raises(KeyError):
        settings["cachin"]
    with pytest.raises(UnknownSetting, match="did you mean 'caching'"):
        settings["cachin"]
    with pytest.raises(UnknownSetting, match="did you mean 'backend'"):
        settings["caching"]["bakend"]
    with pytest.raises(AttributeError):
        _ = settings.caching.bakend


def test_a_section_can_be_replaced_by_a_mapping():
    settings = Settings(caching={"default_ttl": 5})
    assert (settings.caching.default_ttl, settings.caching.backend) == (5, "memory")
    settings["caching"] = {"backend": "redis"}
    assert (settings.caching.default_ttl, settings.caching.backend) == (3600, "redis")
    with pytest.raises(SettingsError, match=r"caching\.bakend"):
        settings.caching = {"bakend": "redis"}
    with pytest.raises(SettingsError, match="a section is wanted"):
        settings.caching = "redis"


def test_two_settings_share_nothing():
    first, second = Settings(), Settings()
    first.content_optimization.compliance_rules.append("x")
    assert second.content_optimization.compliance_rules == ["spam_detection", "toxicity_filter"]


def test_settings_survive_a_copy_and_a_pickle():
    settings = Settings(caching={"default_ttl": 5})
    assert settings.model_copy(deep=True) == settings
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_keys_of_capabilities_to_come_are_marked():
    later = {(s, key) for s, key in ALL_KEYS if s in {"content_optimization", "enterprise_integrations"}}
    assert {(section, key) for section, key in ALL_KEYS if not built(section, key)} == later
    with pytest.raises(SettingsError):
        built("caching", "bakend")


def test_home_is_absolute_with_the_tilde_resolved(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert Settings.load(environment={"ML_HOME": "~/x"}).storage.home == tmp_path / "x"
    assert Settings.load(environment={"ML_HOME": "y"}).storage.home == tmp_path / "y"
    assert Settings.load(environment={"ML_HOME": "~nobody-of-that-name/x"}).storage.home.is_absolute()
    settings = Settings()
    settings.storage.home = "z"
    assert settings.storage.home == tmp_path / "z"
    with pytest.raises(SettingsError, match=r"storage\.home"):
        settings.storage.home = ""


def test_load_reads_the_process_environment_and_the_current_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ML_COMPUTE__WORKERS", "3")
    Path("ml.toml").write_text("caching.default_ttl = 9")
    settings = Settings.load()
    assert (settings.compute.workers, settings.caching.default_ttl) == (3, 9)


def refusal(*, otherwise, **arguments):
    try:
        Settings.load(**arguments)
    except SettingsError as error:
        return error.message
    return otherwise


@given(text=st.text(max_size=20), target=st.sampled_from(ALL_KEYS))
def test_any_text_in_a_variable_is_a_value_or_a_clear_error(text, target):
    name = variable_name(*target)
    assert name in refusal(environment={name: text}, folder=Path("/nonexistent"), otherwise=name)


@given(st.text(alphabet="[]=.'\"#\n\\ abc19ching_backend", max_size=60))
def test_any_text_in_a_file_is_settings_or_a_clear_error(tmp_path_factory, text):
    file = tmp_path_factory.mktemp("fuzz") / "ml.toml"
    file.write_text(text, newline="")
    assert "ml.toml" in refusal(environment={}, file=file, otherwise="ml.toml")


@pytest.mark.parametrize(("text", "value"), [("true", True), ("Yes", True), ("1", True), ("off", False), ("0", False)])
def test_a_variable_says_yes_or_no(load, text, value):
    settings = load(ML_RECOMMENDATION_ENGINE__PORTFOLIO=text)
    assert settings.recommendation_engine.portfolio is value
