using System.Globalization;
using System.Text;
using BenchmarkDotNet.Reports;
using Containerd.Snapshots.Benchmarks.Generator.Projects;

namespace Containerd.Snapshots.Benchmarks.Generator;

/// <summary>The table of docs/performance.md: a row for each edit and number of snapshotters.</summary>
internal static class PipelineTable
{
    private static readonly string[] Methods =
        [nameof(PipelineBenchmarks.Generator), nameof(PipelineBenchmarks.Analyzers), nameof(PipelineBenchmarks.Compiler)];

    public static string Of(Summary summary)
    {
        var table = new StringBuilder("""
            | edit | snapshotters | models read | classes emitted | generator | analyzers | compiler |
            |---|---|---|---|---|---|---|

            """);

        var lines = summary.Reports
            .GroupBy(report => (Edit: Parameter<Edit>(report, nameof(PipelineBenchmarks.Edit)), Snapshotters: Parameter<int>(report, nameof(PipelineBenchmarks.Snapshotters))))
            .OrderBy(line => line.Key);

        foreach (var line in lines)
        {
            var (models, classes) = new EditedProject(line.Key.Snapshotters, line.Key.Edit, tracksSteps: true).Count();
            var figures = Methods.Select(method => Figure(line.FirstOrDefault(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method)));
            table.AppendLine(CultureInfo.InvariantCulture, $"| {line.Key.Edit} | {line.Key.Snapshotters} | {models} | {classes} | {string.Join(" | ", figures)} |");
        }

        return table.ToString();
    }

    private static T Parameter<T>(BenchmarkReport report, string name) => (T)report.BenchmarkCase.Parameters[name];

    /// <summary>The median, which a single disturbance does not change, and the allocated memory.</summary>
    public static string Figure(BenchmarkReport? report)
    {
        if (report?.ResultStatistics is not { } time)
            return "";

        var megabytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) / 1e6;
        return string.Create(CultureInfo.InvariantCulture, $"{Short(time.Median / 1e6)} ms, {Short(megabytes ?? 0)} MB");
    }

    private static string Short(double number) =>
        number.ToString(number < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
