"""Third parties' word for the contract: linters find nothing, and clients that they generate read every fixture,
`vetted=tomorrow` included. Part of `make prove`: it installs the tools from npm and PyPI."""

import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from api.protocol.tomorrow import from_tomorrow
from api.v1.fixtures.states import FIXTURES, composed
from articles.record.delivery.compose import encode
from articles.record.delivery.forms import FORMS, in_form
from articles.record.site import this_site
from tests.conftest import ROOT, absent

pytestmark = pytest.mark.skipif(not os.environ.get("PROVE"), reason="part of `make prove`")

HERE = Path(__file__).parent
NPM = (
    *("@redocly/cli@2", "@stoplight/spectral-cli@6", "openapi-typescript@7", "typescript@5"),
    *("orval@8", "@hey-api/openapi-ts@0.95", "zod@4", "@types/node@20"),
)
PYPI = ("openapi-python-client>=0.26", "datamodel-code-generator>=0.34")
KOTLIN = ("openapi-generator-cli>=7.26", "kotlin-jupyter-kernel>=0.19")  # of the latter: the compiler and its library
GSON = Path("/usr/share/java/gson.jar")
PACKAGE = Path("kotlin/src/main/kotlin/vetted")
GUARD = re.search(r"```ts\n(.+?)```", (ROOT / "docs/json.md").read_text(), re.DOTALL)[1]
COMPILE = ("--module", "nodenext", "--moduleResolution", "nodenext", "--skipLibCheck", "--types", "node")
ORVAL = (
    "module.exports = { vetted: { input: './openapi.yaml', "
    "output: { client: 'zod', mode: 'single', target: './zod/vetted.ts' } } };"
)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with the document, every fixture in every form, today's and tomorrow's, and what reads them."""
    folder = tmp_path_factory.mktemp("generators")
    shutil.copy(ROOT / "api/openapi.yaml", folder)
    for file in [*HERE.glob("read_*"), HERE / "redocly.yaml", HERE / ".spectral.yaml"]:
        shutil.copy(file, folder)
    (folder / "orval.config.cjs").write_text(ORVAL)
    (folder / "guard.ts").write_text(GUARD)
    (folder / "fixtures").mkdir()
    for fixture in FIXTURES:
        for form in FORMS if not fixture.is_gone else ():
            content = encode(in_form(composed(fixture, site=this_site()).article, form))
            (folder / f"fixtures/{fixture.name}.{form}.json").write_bytes(content)
            (folder / f"fixtures/{fixture.name}.{form}.tomorrow.json").write_bytes(from_tomorrow(content))
    return folder


@pytest.fixture(scope="module")
def node(place):
    """node(command …) runs a tool of npm there."""
    if not shutil.which("npm"):
        absent("npm is not here (apt-get install npm)")
    run(place, "npm", "init", "--yes")
    run(place, "npm", "install", "--no-audit", "--no-fund", *NPM)
    return lambda *command: run(place, "npx", "--no-install", *command)


@pytest.fixture(scope="module")
def python(place):
    """python(command …) runs a tool of PyPI there."""
    venv.create(place / "venv", with_pip=True)
    run(place, "venv/bin/pip", "install", "--quiet", *PYPI)
    return lambda name, *rest: run(place, f"venv/bin/{name}", *rest)


@pytest.fixture(scope="module")
def java(place):
    """java(jars, command …) runs a program with these jars, and there is the generator."""
    if not shutil.which("java"):
        absent("java is not here (apt-get install default-jre-headless)")
    if not GSON.exists():
        absent("gson is not here (apt-get install libgoogle-gson-java)")
    venv.create(place / "jvm", with_pip=True)
    run(place, "jvm/bin/pip", "install", "--quiet", "--no-deps", *KOTLIN)
    return lambda jars, *command: run(place, "java", "-cp", ":".join(map(str, jars)), *command)


def run(place: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"{command[0]}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def test_redocly_finds_no_error(node):
    node("redocly", "lint", "openapi.yaml", "--config", "redocly.yaml")


def test_spectral_finds_no_error(node):
    node("spectral", "lint", "openapi.yaml", "--ruleset", ".spectral.yaml", "--fail-severity", "error")


def test_openapi_typescript_reads_every_fixture(node, place):
    node("openapi-typescript", "openapi.yaml", "-o", "types.ts")
    node("tsc", "--strict", "--outDir", "out", *COMPILE, "read_types.ts")
    run(place, "node", "out/read_types.js")


def test_orvals_zod_reads_every_fixture(node, place):
    node("orval", "--config", "orval.config.cjs")
    node("tsc", "--strict", "--outDir", "out", *COMPILE, "read_zod.ts")
    run(place, "node", "out/read_zod.js")


def test_hey_api_reads_every_fixture(node, place):
    node("openapi-ts", "-i", "openapi.yaml", "-o", "hey", "-c", "@hey-api/client-fetch")
    node("tsc", "--strict", "--outDir", "out", *COMPILE, "read_hey.ts")
    run(place, "node", "out/read_hey.js")


def test_openapi_python_client_reads_every_fixture(python):
    python("openapi-python-client", "generate", "--path", "openapi.yaml", "--output-path", "python-client")
    python("python", "read_python_client.py")


def test_datamodel_code_generator_reads_every_fixture(python):
    kinds = ("--input-file-type", "openapi", "--output-model-type", "pydantic_v2.BaseModel")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    python(
        "datamodel-codegen",
        "--input",
        "openapi.yaml",
        "--output",
        "models.py",
        *kinds,
        "--target-python-version",
        version,
    )
    python("python", "read_pydantic.py")


def test_openapi_generators_kotlin_reads_every_fixture(java, place):
    """Its models with gson, and what reads them. Not its HTTP classes: they want a later OkHttp than Debian has.

    Its template refuses a value that two members of an `anyOf` allow, which is what `anyOf` is for; so one sign of it
    is changed. See *Clients that are generated* in docs/json.md.
    """
    packages = next((place / "jvm/lib").glob("python*/site-packages"))
    jars = packages / "run_kotlin_kernel/jars"
    with zipfile.ZipFile(packages / "openapi_generator_cli/openapi-generator.jar") as generator:
        template = generator.read("kotlin-client/anyof_class.mustache").decode()
    assert "match != 1" in template, "The template is mended: generate without one of our own."
    (place / "templates").mkdir()
    (place / "templates/anyof_class.mustache").write_text(template.replace("match != 1", "match == 0"))
    options = "serializationLibrary=gson,packageName=vetted,generateOneOfAnyOfWrappers=true"
    generate = ("generate", "-i", "openapi.yaml", "-g", "kotlin", "-o", "kotlin", "-t", "templates")
    run(place, "jvm/bin/openapi-generator-cli", *generate, "--additional-properties", options)
    library = next(jars.glob("kotlin-stdlib-*.jar"))
    sources = [PACKAGE / "models", *sorted((place / PACKAGE / "infrastructure").glob("*Adapter.kt"))]
    sources += [PACKAGE / "infrastructure/Serializer.kt", Path("read_kotlin.kt")]
    compile_ = ("org.jetbrains.kotlin.cli.jvm.K2JVMCompiler", "-no-stdlib", "-no-reflect", "-nowarn")
    java([jars / "*"], *compile_, "-cp", f"{library}:{GSON}", "-d", "classes", *map(str, sources))

    said = java(["classes", library, GSON], "Read_kotlinKt")

    assert said == f"{len(list((place / 'fixtures').iterdir()))} fixtures were read\n"
