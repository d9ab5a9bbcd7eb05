"""The harness's own arithmetic: python3 -m unittest discover Benchmarks"""

import unittest

from harness import counts, load, micro, report
from harness.rounds import medians

WRK = """Running 5s test @ http://127.0.0.1:33231/health
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   683.11us    1.10ms  21.46ms   92.60%
    Req/Sec    88.91k     6.81k  101.74k    66.00%
  Latency Distribution
     50%  440.00us
     75%  721.00us
     90%    1.20ms
     99%    1.02s
  442347 requests in 5.01s, 81.84MB read
Requests/sec:  88292.81
Transfer/sec:     16.34MB
"""


class LoadTests(unittest.TestCase):
    def test_units_of_time(self):
        read = load.parse(WRK)
        self.assertEqual(read["requests"], 442347)
        self.assertAlmostEqual(read["requests_per_second"], 442347 / 5.01)
        self.assertAlmostEqual(read["p50_seconds"], 0.00044)
        self.assertAlmostEqual(read["p99_seconds"], 1.02)
        self.assertEqual((read["failed_status"], read["socket_errors"]), (0, 0))

    def test_minutes(self):
        self.assertAlmostEqual(load.parse("90 requests in 1.50m, 1KB read")["seconds"], 90)

    def test_failures_are_added(self):
        read = load.parse(
            WRK + "  Socket errors: connect 1, read 2, write 3, timeout 4\n"
            "  Non-2xx or 3xx responses: 7\n")
        self.assertEqual((read["failed_status"], read["socket_errors"]), (7, 10))

    def test_no_total_is_an_error(self):
        with self.assertRaises(load.LoadFailed):
            load.parse("unable to connect")


class CountsTests(unittest.TestCase):
    def test_the_last_total_counts(self):
        self.assertEqual(counts.read_total("summary: 5\nfn=(1)\n2 3\ntotals: 141946306\n"), 141946306)

    def test_no_total_is_an_error(self):
        with self.assertRaises(counts.ServerFailed):
            counts.read_total("fn=(1)\ncalls=3 4\n")


class MediansTests(unittest.TestCase):
    def test_median_sum_and_range(self):
        rounds = [
            {"requests_per_second": rate, "p99_seconds": p99, "failed_status": failed,
             "exit_code": code, "delivered_per_request": {"traces": rate / 10}}
            for rate, p99, failed, code in ((30, 1, 0, 0), (10, 3, 2, -9), (20, 2, 1, 0))]
        self.assertEqual(medians(rounds), {
            "requests_per_second": 20, "p99_seconds": 2, "failed_status": 3, "exit_code": -9,
            "delivered_per_request": {"traces": 2}, "requests_per_second_range": [10, 30]})

    def test_a_figure_that_is_missing_once_is_left_out(self):
        self.assertEqual(medians([{"p99_seconds": 1}, {"p99_seconds": None}]), {})


class ReportTests(unittest.TestCase):
    def check(self, own_rate, instructions):
        cost = {"user_seconds_per_request": 3e-6, "kernel_seconds_per_request": 5e-6}
        summary = {"c": {"requests_per_second": 100.0, "p99_seconds": 0.004},
                   "ostack-off": {"requests_per_second": own_rate, "p99_seconds": 0.006, **cost}}
        return {what: is_met for what, _, _, is_met in report.targets(
            summary, {"ostack-off": {"instructions": instructions}}, {})}

    def test_targets_are_met_at_their_bound(self):
        self.assertEqual(set(self.check(85.0, 9_000).values()), {True})

    def test_targets_are_missed_beyond_their_bound(self):
        met = self.check(84.9, 9_001)
        self.assertFalse(met["requests/s, telemetry off, as a part of C's"])
        self.assertFalse(met["instructions per request, telemetry off"])

    def https(self, ours, theirs, cipher="A"):
        summary = {"ostack-https": {"requests_per_second": ours, "cipher": "A"},
                   "nginx-https": {"requests_per_second": theirs, "cipher": cipher}}
        return [is_met for what, *_, is_met in report.targets(summary, {}, {})]

    def test_https_is_compared_with_nginx(self):
        self.assertEqual(self.https(70, 100), [True])
        self.assertEqual(self.https(69.9, 100), [False])

    def test_another_cipher_is_no_comparison(self):
        self.assertEqual(self.https(100, 100, cipher="B"), [False])

    def test_columns_are_aligned(self):
        self.assertEqual(report.align([("a", "bb"), ("ccc", "d")]), "a    bb\nccc   d")


class MicroTests(unittest.TestCase):
    def test_a_line_for_each_operation(self):
        self.assertEqual(
            micro.parse('{"name":"a","nanoseconds":1.5}\n{"name":"b","nanoseconds":2}\n'),
            {"a": {"nanoseconds": 1.5}, "b": {"nanoseconds": 2}})


if __name__ == "__main__":
    unittest.main()
