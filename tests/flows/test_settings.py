"""One model of settings is the flags, the file and the form."""

import pytest

from flows.settings import Settings, fields, load
from tasks.errors import UsageError


def test_a_flag_overrides_the_file(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text("[ingest]\nmax_bytes = 10\nmirror = true\n")
    chosen = load(file, {"ingest.max_bytes": "20"})
    assert (chosen.ingest.max_bytes, chosen.ingest.mirror) == (20, True)


@pytest.mark.parametrize(("word", "value"), [("on", True), ("off", False), ("true", True), ("0", False)])
def test_a_switch_is_on_or_off(word, value):
    assert load(None, {"run.prefect": word}).run.prefect is value


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ({"ingest.max_byte": "1"}, "ingest.max_byte: there is no such setting; did you mean ingest.max_bytes?"),
        ({"ingset.max_bytes": "1"}, "ingset: there is no such setting; did you mean ingest?"),
        ({"ingest.max_bytes": "many"}, "ingest.max_bytes: input should be a valid integer"),
        ({"ingest.max_bytes": "-1"}, "ingest.max_bytes: input should be greater than or equal to 1, found '-1'"),
        ({"run.prefect": "perhaps"}, "run.prefect: "),
    ],
)
def test_a_wrong_setting_is_named_with_the_next_step(flags, told):
    with pytest.raises(UsageError) as wrong:
        load(None, flags)
    assert told in str(wrong.value)


def test_a_settings_file_that_is_missing_or_no_toml_is_told(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        load(tmp_path / "none.toml", {})
    (tmp_path / "bad.toml").write_text("[ingest")
    with pytest.raises(UsageError, match="no TOML"):
        load(tmp_path / "bad.toml", {})


def test_every_setting_says_what_it_does_and_has_a_default():
    for name, field, default in fields():
        assert field.description, name
        assert default is not None or field.annotation is not int, name


def test_settings_travel_as_json_to_the_form_and_back():
    chosen = load(None, {"ingest.max_bytes": "20"})
    assert Settings.model_validate_json(chosen.model_dump_json()) == chosen
    assert "max_bytes" in str(Settings.model_json_schema())
