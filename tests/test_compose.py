"""What describes production (compose, image, environment, requirements) agrees with what is tested."""

import itertools
import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tests import processes

ROOT = Path(__file__).resolve().parent.parent
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(COMPOSE_TEXT)["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = ("web", "worker", "beat", "migrate")
ONE_OFF = ("migrate",)
FROM_ENVIRONMENT = re.compile(r"^\$\{[A-Z_]+:\?[^}]+\}$")  # ${NAME:?why}: compose refuses to start without it


def instruction(name):
    """The arguments of the last instruction of this name in the Dockerfile, its lines joined."""
    joined = re.sub(r"\\\n\s*", "", DOCKERFILE)
    return re.findall(rf"^{name} (.+)$", joined, flags=re.MULTILINE)[-1]


def pins(path):
    """{requirement line: its hashes} of a requirements file."""
    logical = (ROOT / path).read_text().replace("\\\n", " ").splitlines()
    return {line.split(" --hash")[0].strip(): set(re.findall(r"--hash=(\S+)", line)) for line in logical if line}


@pytest.mark.parametrize(
    ("service", "tested", "of_the_place"),
    [
        ("web", processes.WEB, ["--bind=0.0.0.0:8000"]),
        ("worker", processes.WORKER, []),
        ("beat", processes.BEAT, ["--schedule=/run/beat-schedule"]),
    ],
)
def test_compose_runs_the_commands_that_are_tested(service, tested, of_the_place):
    assert SERVICES[service]["command"] == tested + of_the_place


def test_the_image_alone_runs_the_web_process_that_is_tested():
    assert json.loads(instruction("CMD")) == SERVICES["web"]["command"]


@pytest.mark.parametrize(("service", "major"), [("postgres", processes.POSTGRESQL), ("redis", processes.REDIS)])
def test_compose_runs_the_server_versions_that_are_tested(service, major):
    name, _, tag = SERVICES[service]["image"].partition(":")
    assert name == service
    assert re.match(r"\d+", tag).group() == str(major)


def test_the_image_is_built_on_a_python_that_the_project_supports():
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    python = re.fullmatch(r"python:(3\.\d+)-slim-bookworm", instruction("FROM")).group(1)
    assert f">={python}" == oldest


def test_every_service_says_how_its_health_is_seen_and_what_happens_when_it_ends():
    for name, service in SERVICES.items():
        one_off = name in ONE_OFF
        assert service["restart"] == ("no" if one_off else "unless-stopped"), name
        assert service["healthcheck"].get("disable", False) == one_off, name
        assert one_off or service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL"), name


def test_nothing_starts_before_the_database_is_migrated():
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"] == {
            "postgres": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
            "migrate": {"condition": "service_completed_successfully"},
        }, name
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_only_the_web_publishes_a_port_and_only_on_loopback():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_no_service_is_root_or_may_write_outside_its_volumes():
    for name, service in SERVICES.items():
        assert service["user"] not in ("root", "0"), name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
    assert instruction("USER") == SERVICES["web"]["user"] == "casetracker"


def test_compose_holds_no_secret_and_refuses_to_start_without_one():
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD|TOKEN|KEY", variable):
                assert FROM_ENVIRONMENT.match(value), (name, variable)
    passwords = re.findall(r"://[^/\s:]+:(.+)@", COMPOSE_TEXT)
    assert passwords
    assert all(FROM_ENVIRONMENT.match(password) for password in passwords)


def test_only_our_own_processes_are_given_the_settings():
    assert {name for name, service in SERVICES.items() if service.get("env_file") == ".env"} == set(OURS)


def test_redis_keeps_what_it_was_told_and_throws_nothing_away():
    command = SERVICES["redis"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_the_example_environment_names_what_settings_and_compose_read_and_nothing_else():
    settings = (ROOT / "casetracker" / "settings.py").read_text()
    read = set(re.findall(r"\benv(?:\.\w+)?\(\s*[\"']([A-Z_]+)[\"']", settings))
    read |= set(re.findall(r"\$\{([A-Z_]+)", COMPOSE_TEXT))
    example = (ROOT / ".env.example").read_text()
    named = re.findall(r"^#?([A-Z_]+)=", example, flags=re.MULTILINE)
    assert len(named) == len(set(named))
    assert set(named) == read


def test_every_line_of_the_example_environment_is_explained_and_no_secret_is_filled_in():
    lines = (ROOT / ".env.example").read_text().splitlines()
    for above, line in itertools.pairwise(lines):
        if re.match(r"#?[A-Z_]+=", line):
            assert above.startswith("# "), line
    for secret in ("SECRET_KEY", "POSTGRES_PASSWORD", "MAIL_URL"):
        assert f"{secret}=" in lines, secret


def test_the_image_installs_the_listed_system_packages_and_the_hashed_requirements():
    assert "packages.txt | xargs apt-get install" in DOCKERFILE
    assert "pip install --require-hashes -r requirements.txt" in DOCKERFILE
    assert "requirements-test" not in DOCKERFILE


def test_what_is_tested_is_what_is_run():
    run, tested = pins("requirements.txt"), pins("requirements-test.txt")
    assert run
    assert run == {pin: tested.get(pin) for pin in run}


@pytest.mark.parametrize("path", ["requirements.txt", "requirements-test.txt"])
def test_every_requirement_is_pinned_with_hashes_and_names_no_index(path):
    for pin, hashes in pins(path).items():
        assert "==" in pin
        assert hashes, pin
    assert "://" not in (ROOT / path).read_text()
    assert "--index" not in (ROOT / path).read_text()
