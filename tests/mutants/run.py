#!/usr/bin/env python3
"""Puts one defect after the other into a copy of the product's source, builds it, and wants the tests to fail: that
is how they are tested. (Defects that only whole courses of events show are put into the simulated worlds.)

Usage: run.py FOLDER    its scratch place, which keeps what was built
"""
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]


@dataclass
class Mutant:
    """`original` stands once in `file`; with `defect` in its place the program `test` must fail."""
    name: str
    file: str
    original: str
    defect: str
    test: str


MUTANTS = [
    Mutant("token_not_compared", "adapters/bullmq/lua/fence.lua",
           "return try('GET', job_key(id) .. ':lock') == token or regain_lock(id, token)", "return true",
           "test_adapters_bullmq"),
    Mutant("deferred_failure_ignored", "adapters/bullmq/lua/taking.lua",
           "string.sub(job.defa or '', 1, largest_field)", "''", "test_adapters_bullmq"),
    Mutant("folder_not_synced", "adapters/store/file_store.cpp",
           "return renamed ? sync_folder(folder->get()) : 0;", "static_cast<void>(renamed);\n  return 0;",
           "test_adapters_store"),
    Mutant("encoded_bytes_counted", "adapters/hunter/transfer.cpp",
           "if (transfer.body_.size() + bytes > transfer.max_body_bytes_) {",
           "curl_off_t encoded = 0;\n"
           "  curl_easy_getinfo(transfer.easy_.get(), CURLINFO_SIZE_DOWNLOAD_T, &encoded);\n"
           "  if (static_cast<std::size_t>(encoded) > transfer.max_body_bytes_) {", "test_adapters_hunter"),
    Mutant("lease_by_wall_clock", "actors/job_coordinator_leases.cpp",
           "if (!held.doubtful && self->clock().now() >= held.valid_until)",
           "if (!held.doubtful &&\n"
           "      SteadyTime{std::chrono::milliseconds{deps->wall_clock_ms()}} >= held.valid_until)", "test_actors"),
    Mutant("sent_after_self_fence", "actors/hunter_fetcher.cpp",
           "if (self->clock().now() >= page_.valid_until) {", "if (page_.valid_until == SteadyTime{}) {", "test_actors"),
    Mutant("finished_before_stored", "actors/job_coordinator_storing.cpp",
           "  send_to_store(held, std::move(collection));\n}\n\n///",
           "  send_to_store(held, std::move(collection));\n"
           "  end(held.run.job().lock.job_id, held, held.run.succeed());\n}\n\n///", "test_actors"),
]


def copy_source(tree):
    """What git knows, where it differs, so that little is built again."""
    listed = subprocess.run(["git", "-C", SOURCE, "ls-files", "-z"], check=True, stdout=subprocess.PIPE)
    for name in filter(None, listed.stdout.decode().split("\0")):
        source, target = SOURCE / name, tree / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != source.read_bytes():
            shutil.copyfile(source, target)


def call(tree, *command):
    return subprocess.run(command, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace")


def build(tree, test):
    done = call(tree, "cmake", "--build", "build/dev", "--target", test)
    if done.returncode != 0:
        sys.exit(f"{test} was not built:\n{done.stdout[-4000:]}")


def passes(tree, test):
    return call(tree, "ctest", "--test-dir", "build/dev", "-R", f"^{test}$").returncode == 0


def is_found(tree, mutant):
    """Puts the defect in and takes it out again."""
    path = tree / mutant.file
    whole = path.read_text()
    if whole.count(mutant.original) != 1:
        sys.exit(f"{mutant.name}: what it replaces stands {whole.count(mutant.original)} times in {mutant.file}")
    path.write_text(whole.replace(mutant.original, mutant.defect))
    try:
        build(tree, mutant.test)
        return not passes(tree, mutant.test)
    finally:
        path.write_text(whole)


def main():
    tree = Path(sys.argv[1]).resolve()
    copy_source(tree)
    launcher = [f"-DCMAKE_CXX_COMPILER_LAUNCHER={path}"] if (path := shutil.which("ccache")) else []
    configured = call(tree, "cmake", "--preset", "dev", *launcher)
    if configured.returncode != 0:
        sys.exit(configured.stdout)
    for test in sorted({mutant.test for mutant in MUTANTS}):
        build(tree, test)
        if not passes(tree, test):
            sys.exit(f"{test} fails without a defect")
    found = 0
    for mutant in MUTANTS:
        one = is_found(tree, mutant)
        found += one
        print(f"{'ok    ' if one else 'FAILED'} {mutant.name} is {'' if one else 'not '}found by {mutant.test}", flush=True)
    print(f"figures mutants defects={len(MUTANTS)} found={found}")
    return 0 if found == len(MUTANTS) else 1


if __name__ == "__main__":
    sys.exit(main())
