"""Rows of figures as tables, and what several rounds say together."""
import statistics

WORK_COLUMNS = [("case", "{}"), ("subject", "{}"), ("jobs", "{}"), ("failed", "{}"), ("jobs_per_second", "{:.0f}"),
                ("cpu_ms_per_job", "{:.3f}"), ("redis_cpu_ms_per_job", "{:.3f}"), ("commands_per_job", "{:.1f}"),
                ("reads_per_job", "{:.2f}"), ("rss_mb", "{:.0f}"), ("threads", "{}"), ("start_ms", "{:.0f}")]
RATIO_COLUMNS = [("case", "{}"), ("jobs_per_second", "{}"), ("cpu_ms_per_job", "{}"), ("redis_cpu_ms_per_job", "{}"),
                 ("rss_mb", "{}")]
LATENCY_COLUMNS = [("case", "{}"), ("subject", "{}"), ("jobs", "{}"), ("p50_ms", "{:.1f}"), ("p99_ms", "{:.1f}"),
                   ("most_ms", "{:.1f}")]
ENQUEUE_COLUMNS = [("enqueue", "{}"), ("jobs", "{}"), ("jobs_per_second", "{:.0f}"),
                   ("client_cpu_us_per_job", "{:.1f}"), ("redis_cpu_us_per_job", "{:.1f}"),
                   ("redis_busy", "{:.2f}")]
BUDGET_COLUMNS = [("case", "{}"), ("subject", "{}"), ("allowed", "{}"), ("used", "{}"), ("percent", "{:.1f}"),
                  ("refused", "{}")]


def print_table(rows, columns):
    cells = [[title for title, _ in columns]]
    cells += [[form.format(row[title]) for title, form in columns] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    for row in cells:
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths)))
    print(flush=True)


def middle(rounds):
    """The median of each figure over all rounds of one subject."""
    return {name: statistics.median(row[name] for row in rounds) if isinstance(value, float) else value
            for name, value in rounds[0].items()} | {"failed": sum(row["failed"] for row in rounds)}


def ratios(case, ours, theirs):
    """How often as much, of rounds that ran one after the other: the median, least and most."""
    row = {"case": case}
    for name, _ in RATIO_COLUMNS[1:]:
        all_of_them = [mine[name] / other[name] for mine, other in zip(ours, theirs) if other[name] > 0]
        row[name] = ("{:.2f} ({:.2f} to {:.2f})".format(statistics.median(all_of_them), min(all_of_them),
                                                        max(all_of_them)) if all_of_them else "-")
    return row
