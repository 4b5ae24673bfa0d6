using System.Globalization;
using System.Text;
using BenchmarkDotNet.Reports;
using Containerd.Snapshots.Benchmarks.Generator.Projects;

namespace Containerd.Snapshots.Benchmarks.Generator;

/// <summary>The second table of docs/performance.md: a row for each mistake.</summary>
internal static class FixTable
{
    public static string Of(Summary summary)
    {
        var table = new StringBuilder("""
            | mistake | offer |
            |---|---|

            """);

        foreach (var report in summary.Reports.OrderBy(MistakeOf))
            table.AppendLine(CultureInfo.InvariantCulture, $"| {MistakeOf(report)} | {PipelineTable.Figure(report)} |");

        return table.ToString();
    }

    private static Mistake MistakeOf(BenchmarkReport report) => (Mistake)report.BenchmarkCase.Parameters[nameof(FixBenchmarks.Mistake)];
}
