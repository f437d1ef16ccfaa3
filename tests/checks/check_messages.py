#!/usr/bin/env python3
"""The message rule. Usage: check_messages.py ROOT

Every struct in messages/*.hpp has one line `/// Sender -> Handler: ...` above it, is registered
once in messages/registry.hpp, is understood by exactly one interface of actors/interfaces.hpp,
the handler's, below a comment that names the sender, and is made by the sender alone. Structs
without an arrow are values and live in messages/inspect_core.hpp or core/.
"""
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import source_tree

STRUCT = re.compile(r"((?:^///.*\n)*)^struct (\w+)\b[^;{]*\{", re.MULTILINE)
ARROW = re.compile(r"^/// (\w+) -> (\w+): \S", re.MULTILINE)
REGISTERED = re.compile(r"CAF_ADD_TYPE_ID\(\w+, \((?:\w+::)*(\w+)\)\)")
INTERFACE = re.compile(r"^using (\w+)Actor =\s*caf::typed_actor<(.*?)>;", re.MULTILINE | re.DOTALL)
HANDLED = re.compile(r"//\s*(From (?P<sender>\w+)\b|INTERNAL\b)|reacts_to<(?P<plain>\w+)>"
                     r"|replies_to<(?P<asked>\w+)>")
INTERFACES, REGISTRY = Path("actors/interfaces.hpp"), Path("messages/registry.hpp")
VALUE_FILES = {"inspect_core.hpp", "registry.hpp"}
OUTSIDE = {"Supervisor"}  # is no file of actors/: whoever runs the system


@dataclass
class Message:
    path: Path
    line: int
    sender: str
    handler: str


def read_messages(root, problems):
    messages = {}
    for path in sorted((root / "messages").glob("*.hpp")):
        if path.name in VALUE_FILES:
            continue
        where, content = path.relative_to(root), path.read_text(encoding="utf-8")
        for match in STRUCT.finditer(content):
            line = source_tree.line_of(content, match.start(2))
            arrows = ARROW.findall(match[1])
            if len(arrows) != 1:
                problems.append((where, line, f"{match[2]} has {len(arrows)} lines of the form "
                                              "'/// Sender -> Handler: ...', not one"))
            elif match[2] in messages:
                problems.append((where, line, f"{match[2]} is defined twice"))
            else:
                messages[match[2]] = Message(where, line, *arrows[0])
    return messages


def read_interfaces(root):
    """message name -> [(handler, sender as the comment above it says, line)]"""
    content, found = source_tree.text(root, INTERFACES), defaultdict(list)
    for interface in INTERFACE.finditer(content):
        sender = None
        for match in HANDLED.finditer(interface[2]):
            name = match["plain"] or match["asked"]
            if name is None:
                sender = match["sender"] or interface[1]
            else:
                line = source_tree.line_of(content, interface.start(2) + match.start())
                found[name].append((interface[1], sender, line))
    return found


def check_registry(root, messages, problems):
    content, seen = source_tree.text(root, REGISTRY), {}
    for match in REGISTERED.finditer(content):
        line = source_tree.line_of(content, match.start())
        if match[1] in seen:
            problems.append((REGISTRY, line, f"{match[1]} is registered twice"))
        elif match[1] not in messages:
            problems.append((REGISTRY, line, f"{match[1]} is no message"))
        seen[match[1]] = line
    for name, message in messages.items():
        if name not in seen:
            problems.append((message.path, message.line, f"{name} is not in {REGISTRY}"))


def check_handlers(root, messages, problems):
    interfaces = read_interfaces(root)
    for name, message in messages.items():
        handlers = interfaces.get(name, [])
        if len(handlers) != 1:
            problems.append((message.path, message.line,
                             f"{name} stands in {len(handlers)} interfaces, not one"))
            continue
        handler, sender, line = handlers[0]
        if handler != message.handler:
            problems.append((INTERFACES, line, f"{handler} handles {name}, but its arrow names "
                                               f"{message.handler}"))
        elif sender != message.sender:
            problems.append((INTERFACES, line, f"{name} stands below 'From {sender}', but its "
                                               f"arrow names {message.sender}"))
    for name, handlers in interfaces.items():
        if name not in messages:
            problems.append((INTERFACES, handlers[0][2], f"{name} is no message"))


def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def actor_of(path, senders):
    """The actor that a file of actors/ belongs to: job_coordinator_ends.cpp is JobCoordinator's."""
    fitting = [name for name in senders if path.stem.startswith(snake(name))]
    return max(fitting, key=len, default=None)


def check_senders(root, messages, problems):
    actors = {m.sender for m in messages.values()} | {m.handler for m in messages.values()}
    senders = defaultdict(set)
    for path in source_tree.files(root, {".cpp"}):
        if path.parts[0] not in ("actors", "app"):
            continue
        content = source_tree.text(root, path)
        actor = actor_of(path, actors) if path.parts[0] == "actors" else "Supervisor"
        for match in re.finditer(r"\b([A-Z]\w+)\{", content):
            message = messages.get(match[1])
            if not message:
                continue
            senders[match[1]].add(actor)
            if actor != message.sender and actor not in OUTSIDE:
                problems.append((path, source_tree.line_of(content, match.start()),
                                 f"{actor} makes {match[1]}, but its arrow names {message.sender}"))
    for name, message in messages.items():
        if message.sender not in senders[name]:
            problems.append((message.path, message.line, f"{message.sender} never sends {name}"))


def check(root):
    problems = []
    messages = read_messages(root, problems)
    check_registry(root, messages, problems)
    check_handlers(root, messages, problems)
    check_senders(root, messages, problems)
    return sorted(problems, key=str)


if __name__ == "__main__":
    source_tree.main(check)
