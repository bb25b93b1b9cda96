"""The generated pages in docs/reference are those that the code generates."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tinyverify.reference import MODELS, pages

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", sorted(pages()))
def test_page_is_current(name):
    assert (DOCS / name).read_text() == pages()[name], "run `python -m tinyverify.reference docs`"


def test_no_page_is_left_over():
    assert {str(p.relative_to(DOCS)) for p in DOCS.rglob("*") if p.is_file()} == set(pages())


@pytest.mark.parametrize("name", ["training", "policy", "bundle"])
def test_published_schema_accepts_what_is_written_and_refuses_a_wrong_type(name, bundle_folder):
    import json

    schema = json.loads((DOCS / "schemas" / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    content = json.loads((bundle_folder("cartpole") / f"{name}.json").read_text())
    validator = Draft202012Validator(schema)
    assert validator.is_valid(content)
    content["schema_version"] = 7
    assert not validator.is_valid(content)
    assert MODELS[name].__name__ in schema["title"]
