"""Finding and running the programs that checks are made of."""
import shutil
import subprocess
import sys


def find(*names):
    """Path of the first of `names` that is installed; ends the check if none is."""
    for name in names:
        if path := shutil.which(name):
            return path
    print(f"{names[0]} is not installed (see tools/debian-packages.txt)")
    sys.exit(1)


def output(command, **options):
    """(exit code, standard output and error together) of a command that ends."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
                          errors="replace", **options)
    return done.returncode, done.stdout
