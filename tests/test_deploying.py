"""What the service is deployed with says what the service does: Procfile, Dockerfile, Kubernetes, table of settings."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import yaml
from pydantic.fields import FieldInfo

from bot.server import _STOP_WITHIN
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
VARIABLES = {name.upper() for name in Settings.model_fields}
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines())

# Instructions of the Dockerfile as (name, rest), with continued lines joined.
DOCKERFILE = [
    tuple(line.split(maxsplit=1))
    for line in re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8")).splitlines()
    if line and not line.startswith("#")
]


def instructions(name: str) -> list[str]:
    """What the Dockerfile's instructions of that name say, in order."""
    return [rest for instruction, rest in DOCKERFILE if instruction == name]


def only(name: str) -> str:
    """What the Dockerfile's one instruction of that name says."""
    (said,) = instructions(name)
    return said


# What the image sets for the service: the Dockerfile's last ENV.
IMAGE = dict(pair.split("=", 1) for pair in shlex.split(instructions("ENV")[-1]))


def copied() -> list[str]:
    """The files and folders of the checkout that the image is built from."""
    copies = [shlex.split(rest) for rest in instructions("COPY") if not rest.startswith("--from")]
    return [name for words in copies for name in words[:-1]]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in the place of /opt/clausebot: the Dockerfile's last build step, run on what it copies."""
    place = tmp_path_factory.mktemp("image")
    context, opt = place / "build", place / "clausebot"
    context.mkdir()
    for name in copied():
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, context / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, context)
    venv.create(opt, symlinks=True)
    # The dependencies are those of this environment, which were installed from requirements.txt too.
    packages = next(opt.glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    (step,) = [rest for rest in instructions("RUN") if "--no-index" in rest]
    environment = {"PATH": f"{opt}/bin:{os.environ['PATH']}", "HOME": str(place)}
    done = subprocess.run(
        ["sh", "-ec", step.replace("/opt/clausebot", str(opt))],
        cwd=context,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return opt


@pytest.fixture
def container(image: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """The built service as its container starts it, with its environment; folders and port are the test's."""
    (tmp_path / "sources").mkdir()
    environment = IMAGE | {
        "PATH": f"{image}/bin",
        "PORT": "0",
        "DATABASE_URL": f"sqlite:///{tmp_path}/records.db",
        "CLAUSEBOT_SOURCES": str(tmp_path / "sources"),
    }
    program, *arguments = [*json.loads(only("ENTRYPOINT")), *json.loads(only("CMD"))]
    command = [image / "bin" / program, *arguments]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        found = next(filter(None, (re.search(r"Listening on http://\S+:(\d+)", line) for line in process.stderr)))
        yield process, environment | {"PORT": found[1]}
        process.kill()


def health(environment: dict[str, str]) -> int:
    """The exit status of the image's health check."""
    command = json.loads(only("HEALTHCHECK").split("CMD", 1)[1])
    return subprocess.run(
        command, executable=sys.executable, env=environment, stderr=subprocess.DEVNULL, check=False
    ).returncode


def test_the_image_answers_and_is_healthy_until_it_stops(
    container: tuple[subprocess.Popen[str], dict[str, str]],
) -> None:
    """What the Dockerfile builds and starts serves pages to its health check, and ends with 0 on SIGTERM."""
    process, environment = container
    assert health(environment) == 0
    for path in ("/readyz", "/api/v1/openapi.json", "/metrics"):
        with urlopen(f"http://127.0.0.1:{environment['PORT']}{path}") as response:
            assert response.status == 200
    process.terminate()
    assert process.wait(30) == 0
    assert health(environment) == 1


def test_the_image_holds_every_file_of_the_packages(image: Path) -> None:
    """Templates, styles, packs, migrations: all but the drawings that Teams' icons are made from is installed."""
    packages = next(image.glob("lib/python*/site-packages"))
    files = [path for name in ("bot", "corpus", "retrieval") for path in (ROOT / name).rglob("*") if path.is_file()]
    needed = [path for path in files if "__pycache__" not in path.parts and path.parent.name != "icons"]
    icons = list((ROOT / "bot" / "teams" / "icons").glob("*.png"))
    missing = [path for path in needed + icons if not (packages / path.relative_to(ROOT)).exists()]
    assert icons
    assert not missing


def test_the_image_keeps_the_prepared_corpus(image: Path) -> None:
    """What was prepared while building is of files with whole seconds, as layers keep them, and so is found again."""
    packages = next(image.glob("lib/python*/site-packages"))
    assert (packages / "retrieval" / "__pycache__" / "corpus.pickle").exists()
    for path in packages.rglob("*.yaml"):
        assert path.stat().st_mtime_ns % 1_000_000_000 == 0


def test_the_image_is_built_from_little_and_checked() -> None:
    """Only what the image needs is sent to the build; every dependency's hash is checked; no registry is named."""
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[1] == "*"
    assert {line[1:] for line in ignored if line.startswith("!")} == set(copied())
    for base in instructions("FROM"):
        assert "/" not in base
        assert base.startswith("python:3.11-slim")
    for step in instructions("RUN"):
        assert "pip install" not in step or "--require-hashes" in step or "--no-index" in step


def test_the_image_runs_as_nobody_and_sets_only_settings() -> None:
    """The last user is a number, not root's; the image's variables are settings; the port that it names is its own."""
    user, group = instructions("USER")[-1].split(":")
    assert int(user) > 0
    assert int(group) > 0
    assert set(IMAGE) - {"PATH"} <= VARIABLES
    assert only("EXPOSE") == IMAGE["PORT"]
    Settings.model_validate({"host": IMAGE["HOST"], "port": IMAGE["PORT"], "database_url": IMAGE["DATABASE_URL"]})


@pytest.mark.parametrize("name", ["release", "web"])
def test_the_procfile_needs_the_dependencies_alone(name: str) -> None:
    """The Procfile runs modules of the checkout: platforms install requirements.txt, and no `clausebot`."""
    python, option, module, *_ = PROCFILE[name].split()
    assert (python, option) == ("python", "-m")
    path = ROOT / module.replace(".", "/")
    assert path.with_suffix(".py").exists() or (path / "__main__.py").exists()


def release(address: str) -> subprocess.CompletedProcess[str]:
    """What a platform runs before it starts a new version."""
    arguments = PROCFILE["release"].split()[1:]
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": address}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_release_migrates_and_ends(tmp_path: Path) -> None:
    """`release` makes the tables, and finds nothing to do the next time."""
    for _ in range(2):
        done = release(f"sqlite:///{tmp_path}/records.db")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == "the tables are up to date (sqlite)\n"


def test_release_fails_without_its_database() -> None:
    """A version whose database can't be reached is not started: status 2, and a line that names the setting."""
    done = release("postgresql://someone:secret@127.0.0.1:1/records")
    assert done.returncode == 2
    assert done.stderr.startswith("clausebot: DATABASE_URL: ")
    assert "secret" not in done.stderr


def read_kubernetes() -> tuple[dict[str, Any], dict[str, Any]]:
    """The deployment and the service."""
    deployment, service = yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text(encoding="utf-8"))
    return deployment["spec"], service["spec"]


def test_kubernetes_sets_only_settings() -> None:
    """Each variable is a setting; what is secret comes from the secret, which docs/deploying.md fills."""
    pod = read_kubernetes()[0]["template"]["spec"]
    (container,) = pod["containers"]
    variables = {each["name"]: each for each in container["env"]}
    assert set(variables) <= VARIABLES
    shown = {"host", "port", "public_url"}
    Settings.model_validate({name: variables[name.upper()]["value"] for name in shown})
    guide = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    held = re.findall(r"--from-literal=([A-Z_]+)=", guide)
    assert set(held) <= VARIABLES
    for name in ("DATABASE_URL", "CLAUSEBOT_SECRET_KEY"):
        assert variables[name]["valueFrom"]["secretKeyRef"]["key"] in held
    assert container["volumeMounts"][0]["mountPath"] == variables["CLAUSEBOT_SOURCES"]["value"]


def test_kubernetes_knocks_where_the_service_is(container: tuple[subprocess.Popen[str], dict[str, str]]) -> None:
    """The probes' paths answer 200, on the port that the service listens on and traffic is sent to."""
    deployment, service = read_kubernetes()
    (pod,) = deployment["template"]["spec"]["containers"]
    (port,) = pod["ports"]
    assert str(port["containerPort"]) == next(each["value"] for each in pod["env"] if each["name"] == "PORT")
    assert service["ports"][0]["targetPort"] == port["name"]
    assert service["selector"] == deployment["selector"]["matchLabels"] == deployment["template"]["metadata"]["labels"]
    for probe, path in (("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")):
        assert pod[probe]["httpGet"] == {"path": path, "port": port["name"]}
        with urlopen(f"http://127.0.0.1:{container[1]['PORT']}{path}") as response:
            assert response.status == 200


def test_kubernetes_gives_the_stop_its_time() -> None:
    """Two replicas, each killed only after traffic was led away and the stop had its time; the image's user."""
    deployment, _ = read_kubernetes()
    pod = deployment["template"]["spec"]
    (container,) = pod["containers"]
    waits = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    assert deployment["replicas"] == 2
    assert pod["terminationGracePeriodSeconds"] > waits + _STOP_WITHIN
    assert str(pod["securityContext"]["runAsUser"]) == instructions("USER")[-1].split(":")[0]
    assert "/" not in container["image"]


def tabulate() -> str:
    """The table of settings, from their model."""
    rows = ["| variable | meaning | default |", "| --- | --- | --- |"]
    return "\n".join([*rows, *(_row(name.upper(), field) for name, field in Settings.model_fields.items())])


def _row(name: str, field: FieldInfo) -> str:
    default = "none" if field.default is None else f"`{str(field.default).lower()}`"
    if isinstance(field.default, str):
        default = f"`{field.default}`"
    return f"| `{name}` | {field.description} | {default} |"


def test_the_settings_table_is_that_of_the_model(request: pytest.FixtureRequest) -> None:
    """The README's table has every setting, with its meaning and default; `make golden` writes it."""
    text = README.read_text(encoding="utf-8")
    before, table, after = re.split(r"(?<=<!-- settings -->\n)(.*?)(?=\n<!-- /settings -->)", text, flags=re.DOTALL)
    if request.config.getoption("--golden-update"):
        table = tabulate()
        README.write_text(before + table + after, encoding="utf-8")
    assert table == tabulate()


def test_every_setting_says_what_it_means() -> None:
    """Each setting has a description, which fits a row of a table."""
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert not set(field.description) & set("|\n"), name
