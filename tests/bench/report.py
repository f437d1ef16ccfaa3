"""Rows of figures as tables, and what several rounds say together."""
import statistics

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    part: str  # of the benchmark
    rows: str | None  # their name among what the part found; None: the part has one table
    title: str
    columns: list  # (name, form)


TABLES = [
    Table("work", "rows", "", [
        ("case", "{}"), ("subject", "{}"), ("jobs", "{}"), ("failed", "{}"), ("jobs_per_second", "{:.0f}"),
        ("cpu_ms_per_job", "{:.3f}"), ("redis_cpu_ms_per_job", "{:.3f}"), ("commands_per_job", "{:.1f}"),
        ("reads_per_job", "{:.2f}"), ("rss_mb", "{:.0f}"), ("threads", "{}"), ("start_ms", "{:.0f}")]),
    Table("work", "ratios", "gleaner / bullmq 6.7.0: median (least to most of the rounds)", [
        ("case", "{}"), ("jobs_per_second", "{}"), ("cpu_ms_per_job", "{}"), ("redis_cpu_ms_per_job", "{}"),
        ("rss_mb", "{}")]),
    Table("latency", None, "", [
        ("case", "{}"), ("subject", "{}"), ("jobs", "{}"), ("p50_ms", "{:.1f}"), ("p99_ms", "{:.1f}"),
        ("most_ms", "{:.1f}")]),
    Table("enqueue", None, "", [
        ("enqueue", "{}"), ("jobs", "{}"), ("jobs_per_second", "{:.0f}"), ("client_cpu_us_per_job", "{:.1f}"),
        ("redis_cpu_us_per_job", "{:.1f}"), ("redis_busy", "{:.2f}")]),
    Table("limits", "pages", "pages by libcurl alone", [
        ("case", "{}"), ("program", "{}"), ("pages", "{}"), ("pages_per_second", "{:.0f}"),
        ("cpu_us_per_page", "{:.1f}"), ("ratio", "{:.2f}")]),
    Table("limits", "scripts", "the least scripts of a job alone", [
        ("case", "{}"), ("program", "{}"), ("jobs", "{}"), ("jobs_per_second", "{:.0f}"),
        ("redis_cpu_us_per_job", "{:.1f}"), ("ratio", "{:.2f}")]),
    Table("growth", "pages", "by the pages of a job", [
        ("pages_per_job", "{}"), ("subject", "{}"), ("jobs", "{}"), ("failed", "{}"), ("pages_per_second", "{:.0f}"),
        ("cpu_us_per_page", "{:.1f}"), ("redis_cpu_us_per_page", "{:.1f}"), ("rss_mb", "{:.1f}")]),
    Table("growth", "waiting", "by the jobs that wait", [
        ("waiting", "{}"), ("subject", "{}"), ("jobs", "{}"), ("failed", "{}"), ("jobs_per_second", "{:.0f}"),
        ("cpu_ms_per_job", "{:.3f}"), ("redis_cpu_ms_per_job", "{:.3f}"), ("rss_mb", "{:.1f}")]),
    Table("growth", "active", "by the jobs at once, of an API that takes 10 s", [
        ("at_once", "{}"), ("subject", "{}"), ("lost", "{}"), ("filled_seconds", "{:.2f}"), ("cpu_percent", "{:.2f}"),
        ("redis_cpu_percent", "{:.2f}"), ("rss_mb", "{:.1f}")]),
    Table("growth", "takes", "a take of one job, in Redis", [
        ("waiting", "{}"), ("takes", "{}"), ("p50_us", "{:.1f}"), ("p99_us", "{:.1f}")]),
    Table("budget", None, "", [
        ("case", "{}"), ("subject", "{}"), ("allowed", "{}"), ("used", "{}"), ("percent", "{:.1f}"),
        ("refused", "{}")]),
    Table("cluster", "cost", "a page on another node, against one worker", [
        ("case", "{}"), ("pages", "{}"), ("failed", "{}"), ("pages_per_second", "{:.0f}"), ("cpu_us_per_page", "{:.1f}"),
        ("cpu_us_per_page_ratio", "{:.2f}"), ("rss_mb", "{:.0f}")]),
    Table("cluster", "scaling", "pages of an API that takes 200 ms", [
        ("case", "{}"), ("pages", "{}"), ("failed", "{}"), ("pages_per_second", "{:.0f}"),
        ("pages_per_second_ratio", "{:.2f}"), ("cpu_us_per_page", "{:.1f}"), ("rss_mb", "{:.0f}")]),
    Table("cluster", "units", "what a job costs a coordinator and Redis, and a page a fetcher (CPU, by TLS)", [
        ("pages_per_job", "{}"), ("jobs", "{}"), ("failed", "{}"), ("coordinator_us_per_job", "{:.0f}"),
        ("fetcher_us_per_page", "{:.0f}"), ("redis_us_per_job", "{:.0f}")]),
]
RATIOS = TABLES[1].columns[1:]


def print_part(part, found):
    """Prints its tables; the number of jobs that failed or were lost."""
    wrong = 0
    for table in TABLES:
        if table.part != part:
            continue
        rows = found if table.rows is None else found[table.rows]
        if table.title:
            print(table.title)
        print_table(rows, table.columns)
        wrong += sum(row.get("failed", 0) + row.get("lost", 0) for row in rows)
    return wrong


def print_table(rows, columns):
    cells = [[title for title, _ in columns]]
    cells += [[form.format(row[title]) for title, form in columns] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    for row in cells:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths)))
    print(flush=True)


def middle(rounds):
    """The median of each figure over all rounds of one subject; what went wrong is added up."""
    found = {name: statistics.median(row[name] for row in rounds) if isinstance(value, float) else value
             for name, value in rounds[0].items()}
    return found | {name: sum(row[name] for row in rounds) for name in ("failed", "lost") if name in found}


def ratios(case, ours, theirs):
    """How often as much, of rounds that ran one after the other: the median, least and most."""
    row = {"case": case}
    for name, _ in RATIOS:
        all_of_them = [mine[name] / other[name] for mine, other in zip(ours, theirs) if other[name] > 0]
        row[name] = ("{:.2f} ({:.2f} to {:.2f})".format(statistics.median(all_of_them), min(all_of_them),
                                                        max(all_of_them)) if all_of_them else "-")
    return row
